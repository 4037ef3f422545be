"""The moderators' page: who has a token sees what there is to do, and does it; nothing that others wrote becomes markup."""

import json
import subprocess
import urllib.request
from pathlib import Path
from xml.sax.saxutils import escape

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from common.server import EXECUTABLE
from harness import wire
from harness.case import DEMO, PICTURES, BrowserTest
from harness.waiting import until

CONTRAST = Path(__file__).resolve().with_name("harness") / "contrast.js"
CONTRAST = CONTRAST.read_text(encoding="utf-8") + "return contrast(arguments[0]);"
HOSTILE = "<img src=x onerror=alert(1)> & <script>alert(2)</script>"
TEXTS = "body :is(p, h1, h2, h3, button, time, bdi, code)"
FORMS = {"desktop": False, "phone": True}


class AdminPage(BrowserTest):
    def setUp(self):
        super().setUp()
        self.room = self.server.rooms(self.server.url(DEMO))["rooms"][0]["jid"]
        self.made = self.mint("owner", "Ann")

    def mint(self, role, name, *flags):
        command = [str(EXECUTABLE), "token", "--role", role, "--name", name, *flags, "--data", str(self.server.folder / "data")]
        said = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
        return dict(line.split(maxsplit=1) for line in said.splitlines())

    def guest(self, nick):
        guest = wire.xmpp.Client(self.server.port)
        self.addCleanup(guest.close)
        guest.join(self.room, nick)
        return guest

    def said(self, guest, text):
        guest.say(self.room, escape(text))
        return guest.hear(text).find("{urn:xmpp:sid:0}stanza-id").get("id")

    def report(self, guest, id, why=""):
        guest.send_text(
            f"<iq xmlns='jabber:client' type='set' id='r' to='{self.room}'>"
            "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:abuse'>"
            f"<stanza-id xmlns='urn:xmpp:sid:0' by='{self.room}' id='{id}'/><text>{escape(why)}</text></report></iq>")
        self.assertEqual(guest.find(lambda each: each.get("id") == "r", "an answer").get("type"), "result")

    def api(self, path, **content):
        ask = urllib.request.Request(
            self.server.url(f"/admin/api/{path}"), json.dumps(content).encode() if content else None,
            {"Authorization": f"Bearer {self.made['token']}", "Content-Type": "application/json"})
        with urllib.request.urlopen(ask, timeout=5) as answer:
            return json.load(answer)

    def moderator(self, name="ann", **how):
        moderator = self.visitor(name, **how)
        moderator.visit(self.server.url(f"/admin/#samepage={self.made['token']}"))
        self.sees(moderator, "Ann, owner")
        return moderator

    def text(self, visitor):
        return visitor.run("return document.body.innerText")

    def sees(self, visitor, *texts):
        for text in texts:
            until(lambda text=text: text in self.text(visitor), f"the page to say {text!r}")

    def press(self, visitor, label, inside="main"):
        def find():
            for button in visitor.driver.find_elements(By.CSS_SELECTOR, f"{inside} button"):
                if button.is_displayed() and button.text.startswith(label):
                    return button
            return None

        until(find, f"a button {label!r}").click()

    def go(self, visitor, place):
        self.press(visitor, place, "#places")
        until(lambda: visitor.run("return document.querySelector('#places [aria-current]').innerText").startswith(place),
              f"the place {place}")  # fmt: skip
        self.settles(visitor)

    def settles(self, visitor):
        until(lambda: not visitor.run("return document.querySelector('main[aria-busy]')"), "the page to have loaded")

    def test_by_link_one_is_in_and_the_token_is_nowhere_in_sight(self):
        ann = self.moderator()
        self.sees(ann, "No open reports")
        self.assertEqual(ann.run("return location.href"), self.server.url("/admin/"))
        asked = ann.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
        self.assertFalse([request for request in asked if "sp1." in request or not request.startswith(self.server.origin)])
        self.assertNotIn("sp1.", ann.run("return document.documentElement.outerHTML"))
        self.assertIsNone(ann.run("return localStorage.getItem('samepage:moderator')"))
        ann.driver.refresh()
        self.sees(ann, "Ann, owner")
        self.press(ann, "Sign out", ".top")
        self.sees(ann, "Your token, please")
        ann.driver.refresh()
        self.sees(ann, "Your token, please")

    def test_a_token_that_is_none_is_refused_and_one_that_was_pasted_taken(self):
        ann = self.visitor("ann")
        ann.tolerate(r"401 \(Unauthorized\)")
        ann.visit(self.server.url("/admin/"))
        self.sees(ann, "Your token, please")
        ann.driver.find_element(By.CSS_SELECTOR, "input").send_keys("sp1.nonsense", Keys.ENTER)
        self.sees(ann, "visitor token")
        ann.driver.find_element(By.CSS_SELECTOR, "input").send_keys(self.made["token"], Keys.ENTER)
        self.sees(ann, "Ann, owner")

    def test_a_revoked_token_ends_the_visit(self):
        ann = self.moderator()
        ann.tolerate(r"401 \(Unauthorized\)")
        subprocess.run([str(EXECUTABLE), "token", "revoke", self.made["id"], "--data", str(self.server.folder / "data")],
                       check=True, capture_output=True)  # fmt: skip
        self.press(ann, "Bans", "#places")
        self.sees(ann, "Your token, please", "revoked")

    def test_a_reported_message_is_shown_as_text_and_taken_back_and_the_report_settled(self):
        troll, guest = self.guest("<b>Troll</b>"), self.guest("Guest")
        id = self.said(troll, HOSTILE)
        self.report(guest, id, why=HOSTILE)
        ann = self.moderator()
        self.sees(ann, HOSTILE, "<b>Troll</b>", f"“{HOSTILE}”")
        self.assertEqual(ann.run("return document.querySelectorAll('main img, main script, main b').length"), 0)
        until(lambda: ann.run("return document.title").startswith("(1)"), "the title to count")
        self.press(ann, "Take back")
        guest.find(lambda each: each.find("{urn:xmpp:message-retract:1}retract") is not None, "the retraction")
        self.sees(ann, "This message was taken back.")
        self.press(ann, "Done")
        self.sees(ann, "No open reports")
        self.go(ann, "Log")
        self.sees(ann, "settled a report about", "took back a message")

    def test_a_ban_says_first_how_many_others_it_hits_and_is_lifted(self):
        troll = self.guest("Troll")
        self.guest("Neighbour")
        self.said(troll, "buy this")
        ann = self.moderator()
        self.go(ann, "Rooms")
        self.press(ann, "An otter") if "An otter" in self.text(ann) else ann.run("document.querySelector('.card h2 button').click()")
        self.sees(ann, "Here now: 2", "buy this")
        self.press(ann, "Ban…")
        ann.driver.find_element(By.CSS_SELECTOR, "dialog input[type=checkbox]").click()
        self.press(ann, "Go on", "dialog")
        self.sees(ann, "1 other here would be hit.", "Ban, and 1 with them")
        self.press(ann, "Ban, and 1", "dialog")
        self.sees(ann, "Here now: 0")
        self.go(ann, "Bans")
        self.sees(ann, "with 1 networks")
        self.press(ann, "Lift")
        self.sees(ann, "Nobody is banned")

    def test_all_of_it_works_by_keyboard(self):
        troll = self.guest("Troll")
        self.report(troll, self.said(troll, "buy this"))
        ann = self.moderator()
        self.sees(ann, "buy this")
        ann.run("document.querySelector('#places button').focus()")
        for _ in range(12):
            ann.press(Keys.TAB)
            if ann.run("return document.activeElement.innerText") == "Nothing is wrong":
                break
        ann.press(Keys.ENTER)
        self.sees(ann, "No open reports")

    def test_pictures_of_it_are_taken_and_everything_can_be_read(self):
        troll, guest = self.guest("Troll"), self.guest("Mara")
        self.said(guest, "They really do hold hands? I thought that was one famous photograph.")
        id = self.said(troll, "Cheap otters, today only, at https://otters.example/buy")
        self.report(guest, id, why="He does that on every page")
        self.api("slow-mode", room=self.room, seconds=15)
        self.api("bans", who="somebody@example.net", room=self.room, seconds=86400, reason="spam")
        for form, phone in FORMS.items():
            for theme in ("light", "dark"):
                ann = self.moderator(f"{theme}-{form}", phone=phone, theme=theme)
                self.sees(ann, "Cheap otters")
                for place in ("Reports", "Rooms", "Bans", "Log"):
                    self.go(ann, place)
                    self.assertLessEqual(
                        ann.run("return document.documentElement.scrollWidth - innerWidth"), 0, f"{place} is too wide")
                    low = {each.text for each in ann.driver.find_elements(By.CSS_SELECTOR, TEXTS)
                           if each.is_displayed() and each.text and ann.run(CONTRAST, each) < 4.5}  # fmt: skip
                    self.assertFalse(low, place)
                    ann.photograph(PICTURES / f"{theme}-{form}-admin-{place.lower()}.png")
                self.go(ann, "Rooms")
                until(lambda: ann.run("const b = document.querySelector('.card h2 button'); b?.click(); return !!b"), "a room")
                self.sees(ann, "Here now")
                self.settles(ann)
                ann.photograph(PICTURES / f"{theme}-{form}-admin-room.png")
                self.press(ann, "Ban…")
                ann.photograph(PICTURES / f"{theme}-{form}-admin-ban.png")
