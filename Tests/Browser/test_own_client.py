"""The way out of the widget, to an XMPP client of one's own."""

import subprocess
from pathlib import Path

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, PICTURES, BrowserTest
from harness.network import Network
from harness.waiting import until

CONTRAST = (Path(__file__).resolve().parent / "harness/contrast.js").read_text(encoding="utf-8") + "return contrast(arguments[0]);"
TEXTS = ".own-client :is(h3, p, a, button, textarea)"


class OwnClient(BrowserTest):
    def reader(self, name, federated=True, **how):
        """A visitor of the demo page who looks at the list of people."""
        visitor = self.visitor(name, **how)
        Network(visitor, **({"federated": True} if federated else {}))
        visitor.visit(self.server.url(DEMO))
        visitor.widget.open()
        visitor.widget.wait("people-toggle").click()
        visitor.widget.wait("person")
        return visitor

    def leaver(self, name, **how):
        """One who has asked for the way out."""
        visitor = self.reader(name, **how)
        visitor.widget.wait("elsewhere").click()
        visitor.widget.wait("own-client")
        return visitor

    def room(self):
        return self.server.rooms(self.server.url(DEMO))["rooms"][0]

    def decoded(self, visitor):
        """What a phone reads from the screen."""
        picture = visitor.photograph(PICTURES / f"own-client-{visitor.name}.png")
        answer = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, timeout=30)
        return answer.stdout.strip()

    def test_rooms_that_nobody_can_reach_from_outside_offer_no_way_out(self):
        ann = self.reader("ann", federated=False)
        self.assertIsNone(ann.widget.find("elsewhere"))
        self.assertFalse(ann.widget.run("return root.querySelector('a[href^=\"xmpp:\"]')"))

    def test_the_code_on_the_screen_is_the_link_to_the_room_in_both_themes_on_phone_and_desktop(self):
        for form, phone in (("desktop", False), ("phone", True)):
            for theme in ("light", "dark"):
                with self.subTest(form=form, theme=theme):
                    visitor = self.leaver(f"{theme}-{form}", phone=phone, theme=theme)
                    self.assertEqual(self.decoded(visitor), self.room()["uri"])

    def test_the_link_opens_and_the_copy_button_copies_the_room(self):
        ann = self.leaver("ann")
        link = ann.widget.wait("open-app")
        self.assertEqual(ann.run("return arguments[0].getAttribute('href')", link), self.room()["uri"])
        address = ann.widget.wait("address")
        self.assertEqual(ann.run("return arguments[0].value", address), self.room()["jid"])
        ann.widget.wait("copy").click()
        until(lambda: "Copied" in ann.widget.text("own-client"), "the widget to say that it is copied")
        self.assertEqual(ann.widget.focused(), "copy")
        ann.widget.wait("composer").send_keys(Keys.CONTROL + "v" + Keys.NULL)
        self.assertEqual(ann.run("return arguments[0].value", ann.widget.wait("composer")), self.room()["jid"])

    def test_where_the_clipboard_is_closed_the_address_is_copied_the_old_way_or_selected(self):
        ann = self.leaver("ann")
        ann.run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        ann.widget.wait("copy").click()
        until(lambda: "Copied" in ann.widget.text("own-client"), "the address to be copied the old way")
        ann.run("document.execCommand = () => false")
        ann.widget.wait("copy").click()
        until(lambda: "selected" in ann.widget.text("own-client"), "the widget to say what to do")
        self.assertEqual(
            ann.run("const { selectionStart, selectionEnd } = arguments[0]; return [selectionStart, selectionEnd]",
                    ann.widget.wait("address")),
            [0, len(self.room()["jid"])],
        )  # fmt: skip

    def test_the_keyboard_finds_the_way_out_and_back(self):
        ann = self.reader("ann")
        for _ in range(20):
            if ann.widget.focused() == "elsewhere":
                break
            ann.press(Keys.TAB)
        ann.press(Keys.ENTER)
        ann.widget.wait("own-client")
        until(lambda: ann.widget.run("return root.activeElement.matches('.own-client button')"), "the focus to follow")
        ann.press(Keys.ESCAPE)
        ann.widget.wait("people")
        self.assertEqual(ann.widget.focused(), "elsewhere")
        ann.press(Keys.ESCAPE)
        until(lambda: not ann.widget.find("people"), "the list of people to close")
        self.assertEqual(ann.widget.focused(), "people-toggle")
        ann.widget.wait("panel")

    def test_it_is_large_enough_for_fingers_and_readable_in_light_and_dark(self):
        ann = self.leaver("ann", phone=True)
        small = ann.widget.run(
            "return [...root.querySelectorAll('.own-client :is(button, a, textarea)')]"
            ".map(e => [e.dataset.sp ?? e.className, e.getBoundingClientRect()])"
            ".filter(([, r]) => r.width < 43.5 || r.height < 43.5).map(([what, r]) => `${what}: ${r.width} x ${r.height}`)"
        )
        self.assertEqual(small, [])
        for theme in ("light", "dark"):
            ann.use_theme(theme)
            for element in ann.widget.run("return [...root.querySelectorAll(arguments[0])]", TEXTS):
                with self.subTest(theme=theme, text=element.text[:20]):
                    self.assertGreaterEqual(ann.run(CONTRAST, element), 4.5)
