"""The widget in a real Chromium, and an XMPP user in the same room."""

from harness import names
from harness.case import TEXT, InteropTest, until


class Widget(InteropTest):
    def setUp(self):
        super().setUp()
        self.page = f"{self.bridge.origin}/demo/"
        self.room = self.bridge.room(self.page)

    def test_the_widget_and_an_xmpp_user_talk_and_both_outlive_a_restart_of_the_server(self):
        browser = self.browser("ann")
        browser.visit(self.page)
        widget = browser.widget.open()
        romeo = self.person_here("romeo")
        until(lambda: any("Romeo" in person for person in widget.people()), "the widget to show Romeo")
        others = set(romeo.occupants(self.room)) - {"Romeo", "samepage"}
        self.assertEqual(len(others), 1, others)
        nick = others.pop()
        self.assertIn(nick, widget.nick())
        widget.say("Is anybody out there?")
        self.assertEqual(romeo.read("Is anybody out there?").get("from"), f"{self.room}/{nick}")
        romeo.say(self.room, TEXT)
        self.assertEqual(widget.wait_for(TEXT)["author"], "Romeo")

        self.server.kill()
        romeo.disconnect()
        until(lambda: not self.bridge.is_linked(), "samepage to notice")
        self.server.start()
        self.world.wait_linked()
        romeo = self.person_here("romeo")
        romeo.sees(self.room, nick, seconds=30)
        romeo.say(self.room, "Here I am again.")
        widget.wait_for("Here I am again.")
        widget.say("So am I.")
        romeo.read("So am I.")
        bodies = widget.bodies()
        self.assertEqual(len(bodies), len(set(bodies)), f"a message is there twice: {bodies}")

        browser.visit("about:blank")
        # It might have been a reload (limits.resume-after-close).
        romeo.sees_leave(self.room, nick, seconds=40)

    def test_a_reload_of_the_page_goes_unnoticed_and_brings_people_and_history_back(self):
        # A room of its own: who closes a tab is in it for a while (limits.resume-after-close).
        self.page = f"{self.bridge.origin}/demo/tides"
        self.room = self.bridge.room(self.page)
        browser = self.browser("ann")
        browser.visit(self.page)
        widget = browser.widget.open()
        romeo = self.person_here("romeo")
        until(lambda: any("Romeo" in person for person in widget.people()), "the widget to show Romeo")
        (nick,) = set(romeo.occupants(self.room)) - {"Romeo", "samepage"}
        widget.say("Before.")
        romeo.read("Before.")
        mark = romeo.mark()

        browser.driver.refresh()
        widget.wait("panel")
        widget.wait_joined()
        self.assertEqual(widget.wait_for("Before.")["author"], nick)
        self.assertTrue(any("Romeo" in person for person in widget.people()))
        widget.say("After.")
        romeo.read("After.")
        address = f"{self.room}/{nick}"
        told = [each for each in romeo.all()[mark:] if names.local(each) == "presence" and each.get("from") == address]
        self.assertNotIn("unavailable", [each.get("type") for each in told])
        self.assertEqual(widget.bodies(), ["Before.", "After."])
