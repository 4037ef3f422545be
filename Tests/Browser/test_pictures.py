"""Pictures to look at, in screenshots/: light and dark, phone and desktop."""

from harness.case import DEMO, PICTURES, BrowserTest

TALK = (
    ("Mara", "They really do hold hands? I thought that was one famous photograph."),
    ("Jonas", "Mostly mothers and pups. Alone, they wrap themselves in kelp."),
    ("Jonas", "We counted nineteen from the harbour wall this morning: https://example.org/otters"),
    ("Mara", "Then I shall walk there before breakfast tomorrow. Thank you!"),
)
QUESTION = "Is the wall open at high water?"
FORMS = {"desktop": False, "phone": True}
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
                reader.widget.wait("bubble")
                self.take(reader, f"{theme}-{form}-other-demo")
