"""Rooms on somebody else's server: what a visitor is told when it cannot be reached."""

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, BrowserTest
from harness.network import CLIENT, Network
from harness.waiting import until

UNREACHABLE = "The room’s server cannot be reached. Messages can be sent again when it is back."


class LinkState(BrowserTest):
    def setUp(self):
        super().setUp()
        self.ann = self.visitor("ann")
        self.network = Network(self.ann)
        self.ann.visit(self.server.url(DEMO))
        self.widget = self.ann.widget.open()
        self.room = self.server.rooms(self.server.url(DEMO))["rooms"][0]["jid"]

    def composer(self):
        return self.ann.run("return arguments[0].value", self.widget.wait("composer"))

    def wait_for_state(self, body, state):
        def look():
            return next((one for one in self.widget.messages() if one["body"] == body and one["state"] == state), None)

        return until(look, f"'{body}' to be {state}")

    def test_while_the_rooms_server_cannot_be_reached_the_panel_says_so_and_keeps_the_text(self):
        self.network.notice(self.room, "down")
        until(lambda: self.widget.trouble() == UNREACHABLE, "the state line to say it")
        self.widget.wait("composer").send_keys("Still there?", Keys.ENTER)
        self.assertIn("Not sent yet", self.widget.text("hint"))
        self.assertEqual(self.composer(), "Still there?")
        self.assertEqual(self.widget.messages(), [])

        self.network.notice(self.room, "up")
        until(lambda: not self.widget.trouble(), "the state line to be calm")
        self.assertIsNone(self.ann.run("return arguments[0].textContent || null", self.hint()))
        self.assertEqual(self.composer(), "Still there?")
        self.widget.wait("composer").send_keys(Keys.ENTER)
        self.widget.wait_for("Still there?")
        self.assertEqual(self.composer(), "")
        self.assertEqual(self.widget.bodies(), ["Still there?"], "the notices are no messages")

    def hint(self):
        return self.widget.run("return root.querySelector('[data-sp=hint]')")

    def test_a_message_that_bounces_is_marked_as_not_sent_and_can_be_tried_again(self):
        self.network.hold()
        self.widget.say("Into the void.")
        until(self.network.bounced, "the message to be sent")
        self.network.bounce(self.room, self.network.bounced()[0])
        self.wait_for_state("Into the void.", "failed")
        note = self.widget.run("return root.querySelector('[data-sp=message] .note').textContent")
        self.assertIn("Not sent. The room’s server cannot be reached.", note)
        self.network.hold(False)
        self.widget.wait("retry").click()
        self.widget.wait_for("Into the void.")
        self.assertEqual(self.widget.bodies(), ["Into the void."])
        self.assertIsNone(self.widget.find("retry"))

    def test_what_was_on_its_way_when_the_link_broke_is_not_there_twice_when_it_had_arrived(self):
        self.network.hold()
        self.widget.say("Did you get this?")
        until(self.network.bounced, "the message to be sent")
        self.network.notice(self.room, "down")
        self.wait_for_state("Did you get this?", "failed")
        nick = self.ann.run("return localStorage.getItem('samepage:suggested')")
        self.network.notice(self.room, "up")
        self.network.hear(
            f"<message {CLIENT} type='groupchat' from='{self.room}/{nick}' id='{self.network.bounced()[0]}'>"
            f"<body>Did you get this?</body><stanza-id xmlns='urn:xmpp:sid:0' by='{self.room}' id='s1'/>"
            f"<delay xmlns='urn:xmpp:delay' from='{self.room}' stamp='2026-01-01T00:00:00Z'/></message>"
        )
        self.wait_for_state("Did you get this?", "sent")
        self.assertEqual(self.widget.bodies(), ["Did you get this?"])

    def test_only_the_room_itself_can_say_that_its_server_is_gone(self):
        self.network.notice(f"{self.room}/Mallory", "down")
        self.widget.wait_for("The connection is down.")
        self.assertEqual(self.widget.trouble(), "")
