"""Pictures to look at, in screenshots/: light and dark, phone and desktop."""

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, PICTURES, BrowserTest
from harness.gateway import CLOSED, NO_UPGRADES, OPEN, SILENT_UPGRADES
from harness.waiting import until

TALK = (
    ("Mara", "They really do hold hands? I thought that was one famous photograph."),
    ("Jonas", "Mostly mothers and pups. Alone, they wrap themselves in kelp."),
    ("Jonas", "We counted nineteen from the harbour wall this morning: https://example.org/otters"),
    ("Mara", "Then I shall walk there before breakfast tomorrow. Thank you!"),
)
QUESTION = "Is the wall open at high water?"
FORMS = {"desktop": False, "phone": True}
WAITS = "return getComputedStyle(root.querySelector('.tail'), '::after').opacity"
FEWEST_BYTES = 10_000


class Pictures(BrowserTest):
    def take(self, visitor, name):
        picture = visitor.photograph(PICTURES / f"{name}.png")
        self.assertGreater(picture.stat().st_size, FEWEST_BYTES, f"{picture.name} shows next to nothing")

    def test_pictures_of_a_conversation_are_taken_in_both_themes_on_phone_and_desktop(self):
        talkers = {}
        for nick in ("Mara", "Jonas"):
            talkers[nick] = self.visitor_on(DEMO, nick.lower()).widget.open()
            talkers[nick].rename(nick)
        for nick, line in TALK:
            talkers[nick].say(line)
            talkers[nick].wait_for(line)
        for form, phone in FORMS.items():
            for theme in ("light", "dark"):
                reader = self.visitor_on(DEMO, f"{theme}-{form}", phone=phone, theme=theme)
                reader.widget.wait("bubble")
                self.take(reader, f"{theme}-{form}-closed")
                reader.widget.open()
                reader.widget.wait_for(TALK[-1][1])
                reader.widget.say(QUESTION)
                reader.widget.wait_for(QUESTION)
                self.take(reader, f"{theme}-{form}-open")
                reader.visit(self.server.url("/"))
                self.take(reader, f"{theme}-{form}-welcome")
                reader.visit(self.server.url(self.other_demo()))
                reader.widget.wait_joined()
                reader.widget.close()
                self.take(reader, f"{theme}-{form}-other-demo")

    def test_pictures_of_bad_networks_are_taken_in_both_themes_on_phone_and_desktop(self):
        for form, phone in FORMS.items():
            for theme in ("light", "dark"):
                name = f"{theme}-{form}"
                gateway = self.gateway(SILENT_UPGRADES)
                reader = self.visitor(name, phone=phone, theme=theme)
                reader.tolerate(r"WebSocket connection to .* failed|ERR_|Failed to load resource|net::")
                reader.visit(gateway.url(DEMO))
                reader.widget.wait("bubble").click()
                until(lambda widget=reader.widget: "Connecting" in widget.trouble(), "the widget to connect")
                self.take(reader, f"{name}-connecting")
                gateway.mode = OPEN
                gateway.cut()
                reader.widget.wait_joined(seconds=20)
                reader.widget.say("Is the wall open at high water?")
                reader.widget.wait_for("Is the wall open at high water?")
                gateway.mode = CLOSED
                gateway.cut()
                until(lambda widget=reader.widget: "Try now" in widget.trouble(), "the widget to tell")
                reader.widget.wait("composer").send_keys("I ask since I stand before it.", Keys.ENTER)
                reader.widget.wait("composer").send_keys("And it rains.", Keys.ENTER)
                until(lambda widget=reader.widget: widget.run(WAITS) == "1", "the log to say that they wait")
                self.take(reader, f"{name}-waiting")
                reader.network(offline=True)
                until(lambda widget=reader.widget: "You are offline" in widget.trouble(), "the widget to tell")
                self.take(reader, f"{name}-offline")
                reader.network()
                gateway.mode = NO_UPGRADES
                reader.widget.wait_for("And it rains.")
                self.take(reader, f"{name}-bosh")
