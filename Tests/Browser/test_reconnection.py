"""Connections break; the widget mends them by itself."""

from harness.case import DEMO, BrowserTest
from harness.waiting import until


class Reconnection(BrowserTest):
    def test_after_the_server_was_killed_and_started_again_the_widgets_come_back_and_talk(self):
        visitors = [self.visitor_on(DEMO, name) for name in ("ann", "ben")]
        for visitor in visitors:
            visitor.tolerate(r"ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_CONNECTION_CLOSED|ERR_EMPTY_RESPONSE")
            visitor.tolerate(r"WebSocket connection to .* failed")
        ann, ben = (visitor.widget.open() for visitor in visitors)
        ann.say("Before.")
        ben.wait_for("Before.")

        self.server.kill()
        for widget in (ann, ben):
            until(widget.trouble, f"{widget.visitor.name} to be told")
        self.server.start()
        for widget in (ann, ben):
            widget.wait_joined(seconds=40)
        until(lambda: ann.here() == 2, "both to be back")

        ben.say("After.")
        ann.wait_for("After.")
        ann.say("Indeed.")
        ben.wait_for("Indeed.")
        for widget in (ann, ben):
            bodies = widget.bodies()
            self.assertEqual(len(bodies), len(set(bodies)), f"a message is there twice: {bodies}")
            self.assertIn("Before.", bodies)
