"""The way out of the widget, to an XMPP client of one's own."""

import subprocess
import tempfile
from pathlib import Path

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, PICTURES, BrowserTest
from harness.network import Network
from harness.waiting import until

CONTRAST = Path(__file__).resolve().with_name("harness") / "contrast.js"
CONTRAST = CONTRAST.read_text(encoding="utf-8") + "return contrast(arguments[0]);"
ENCODE = """
const done = arguments[1];
import('/samepage/optional/qr.js').then(({ qr }) => done(arguments[0].map(qr)));
"""
# Bytes that fill the versions 1 to 20 at level M.
CAPACITIES = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666)
SETTLED = "return arguments[0].getAnimations({ subtree: true }).length === 0"
TEXTS = ".own-client :is(h3, p, a, button, textarea)"


def drawn(code, quiet=4, scale=4):
    """A code as a picture in the portable graymap format."""
    size = len(code) + 2 * quiet
    margin = [0] * quiet
    rows = [[0] * size] * quiet + [[*margin, *row, *margin] for row in code] + [[0] * size] * quiet
    pixels = b"".join(bytes(255 * (1 - dark) for dark in row for _ in range(scale)) * scale for row in rows)
    return b"P5 %d %d 255\n" % (size * scale, size * scale) + pixels


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
        until(lambda: visitor.run(SETTLED, visitor.widget.wait("own-client")), "the view to be in its place")
        return visitor

    def room(self):
        return self.server.rooms(self.server.url(DEMO))["rooms"][0]

    def decoded(self, visitor):
        """What a phone reads from the screen."""
        return self.read(visitor.photograph(PICTURES / f"own-client-{visitor.name}.png"))

    def read(self, picture):
        answer = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, timeout=30)
        return answer.stdout.decode("utf-8", "replace").removesuffix("\n")

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

    def test_codes_of_every_size_are_read_and_what_is_too_long_makes_none(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.driver.set_script_timeout(20)
        texts = ["x", "Grüße, 水獺 🦦"]
        for full in CAPACITIES:
            texts += ["xmpp:" + ("a%5C2f" * full)[: full - 5], "xmpp:" + ("%40b-" * full)[: full - 4]]
        too_long = texts.pop()
        *codes, none = ann.driver.execute_async_script(ENCODE, [*texts, too_long])
        self.assertIsNone(none)
        self.assertEqual(sorted({len(code) for code in codes}), [17 + 4 * version for version in range(1, 21)])
        with tempfile.TemporaryDirectory() as folder:
            for number, code in enumerate(codes):
                (Path(folder) / f"{number:03}.pgm").write_bytes(drawn(code))
            read = [self.read(picture) for picture in sorted(Path(folder).iterdir())]
        self.assertEqual(read, texts)

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
            ".filter(([, r]) => r.width < 43.5 || r.height < 43.5)"
            ".map(([what, r]) => `${what}: ${r.width} x ${r.height}`)"
        )
        self.assertEqual(small, [])
        for theme in ("light", "dark"):
            ann.use_theme(theme)
            for element in ann.widget.run("return [...root.querySelectorAll(arguments[0])]", TEXTS):
                with self.subTest(theme=theme, text=element.text[:20]):
                    self.assertGreaterEqual(ann.run(CONTRAST, element), 4.5)
