"""A page's room is an ordinary XMPP room: a client that knows nothing of the widget talks with it."""

from harness.case import DEMO, BrowserTest
from harness.strophe import StropheClient
from harness.waiting import until


class OtherClients(BrowserTest):
    def test_strophe_joins_the_room_of_the_demo_over_websocket_and_talks_with_the_widget(self):
        self.strophe_talks_with_the_widget(over="websocket")

    def test_strophe_joins_the_room_of_the_demo_over_bosh_and_talks_with_the_widget(self):
        self.strophe_talks_with_the_widget(over="bosh")

    def strophe_talks_with_the_widget(self, over):
        widget = self.visitor_on(DEMO, "ann").widget.open()
        widget.say("Said before.")
        widget.wait_for("Said before.")

        client = StropheClient(self, "strophe").join(self.server.url(DEMO), "Strophe", over)
        until(lambda: any("Strophe" in text for text in widget.people()), "the widget to list Strophe")
        heard = client.wait_for("Said before.")
        self.assertEqual(heard["type"], "groupchat")
        self.assertIn(heard["nick"], widget.nick())

        client.say("Hello from an ordinary client.")
        self.assertEqual(widget.wait_for("Hello from an ordinary client.")["author"], "Strophe")
        widget.say("Hello back.")
        client.wait_for("Hello back.")
        self.assertEqual(len([m for m in client.get("heard") if m["body"] == "Hello back."]), 1)

        client.visitor.run("client.disconnect()")
        until(lambda: not any("Strophe" in text for text in widget.people()), "the widget to see Strophe leave")
        until(lambda: client.get("status") == "DISCONNECTED", "Strophe to be disconnected")
