"""The widget in a real Chromium, and an XMPP user in the same room."""

from harness import names
from harness.case import TEXT, InteropTest, only, until


REASON = "Too <loud> & \"rude\" ☃"
RETRACT = "urn:xmpp:message-retract:1"


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

    def widget_with_people(self):
        """The widget, and romeo and juliet, who owns the room: (widget, its nick, romeo, juliet)."""
        self.page = f"{self.bridge.origin}/demo/lantern"
        self.room = self.bridge.room(self.page)
        browser = self.browser("ann")
        browser.visit(self.page)
        widget = browser.widget.open()
        romeo, juliet = self.person_here("romeo"), self.person_here("juliet")
        nick = widget.run("return root.querySelector('[data-sp=nick] .name').textContent")
        juliet.sees(self.room, nick)
        return widget, nick, romeo, juliet

    @only("hosted")
    def test_a_moderator_in_the_widget_removes_kicks_and_bans_an_xmpp_user_who_sees_why(self):
        widget, nick, romeo, juliet = self.widget_with_people()
        juliet.set_role(self.room, nick, "moderator")
        widget.wait("staff")
        romeo.say(self.room, "Wherefore?")
        widget.wait_for("Wherefore?")
        stored = romeo.read("Wherefore?").find("{urn:xmpp:sid:0}stanza-id").get("id")
        widget.menu("Wherefore?")
        widget.wait("remove").click()
        widget.fill("Why? Everybody here sees it.", REASON)
        widget.wait("submit").click()
        retract = f"{{{RETRACT}}}retract"

        def removed(it):
            return [each for each in it.stanzas if each.find(retract) is not None and each.find(retract).get("id") == stored]

        (notice,) = romeo.expect("the retraction", removed)
        self.assertEqual(notice.get("from"), self.room)
        self.assertEqual(notice.find(retract).findtext(f"{{{RETRACT}}}reason"), REASON)
        widget.row(f"Removed by \u2068{nick}\u2069: {REASON}")

        widget.person_menu("Romeo")
        widget.wait("kick").click()
        widget.fill("Why? Everybody here sees it.", REASON)
        widget.wait("submit").click()
        for witness in (romeo, juliet):
            left = witness.sees_leave(self.room, "Romeo")
            self.assertIn("307", names.codes(left))
            self.assertEqual(names.reason(left), REASON)
        romeo.join(self.room, "Romeo")

        widget.person_menu("Romeo")
        widget.wait("ban").click()
        widget.fill("Why", REASON)
        widget.wait("submit").click()
        until(lambda: "Nobody else would be hit." in widget.text("ban-view"), "the widget to ask")
        since = romeo.mark()
        widget.wait("submit").click()
        widget.wait_line("Romeo is banned, and 0 others.")
        self.assertIn("301", names.codes(romeo.sees_leave(self.room, "Romeo")))
        romeo.send(f"<presence to='{self.room}/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        refused = romeo.expect(
            "a refusal", lambda it: [each for each in it.stanzas[since:] if each.get("type") == "error"])[0]
        self.assertEqual(names.condition(refused), "auth/forbidden")
        # Lifted by the ordinary door, the ban is no more.
        juliet.set_affiliation(self.room, romeo.bare, "none")
        romeo.join(self.room, "Romeo")

    @only("hosted")
    def test_what_an_xmpp_user_does_as_a_moderator_is_told_in_the_widget(self):
        widget, nick, romeo, juliet = self.widget_with_people()
        widget.say("My own words.")
        stored = juliet.read("My own words.").find("{urn:xmpp:sid:0}stanza-id").get("id")
        juliet.moderate(self.room, stored, REASON)
        widget.row(f"Removed by \u2068Juliet\u2069: {REASON}")

        juliet.set_role(self.room, nick, "visitor", REASON)
        until(lambda: REASON in widget.text("no-voice"), "the widget to tell that one is muted, and why")
        self.assertIn("Juliet", widget.text("no-voice"))
        widget.wait("ask-voice").click()

        def asked(it):
            return [each for each in it.stanzas if "muc#request_allow" in (f.get("var") for f in each.iter("{jabber:x:data}field"))]

        juliet.expect("the request", asked)
        juliet.set_role(self.room, nick, "participant")
        until(lambda: not widget.find("no-voice"), "the widget to tell that one may write")
        widget.say("Thank you.")
        romeo.read("Thank you.")

        address = names.bare(names.item(juliet.occupants(self.room)[nick]).get("jid"))
        juliet.kick(self.room, nick, REASON)
        until(lambda: "removed you" in widget.trouble() and REASON in widget.trouble(), "the widget to tell of the kick")
        widget.run("root.querySelector('[data-sp=state] button').click()")
        widget.wait_joined()
        juliet.ban(self.room, address, REASON)
        until(lambda: "You are banned from this room." in widget.trouble() and REASON in widget.trouble(), "the widget to tell of the ban")

    @only("remote")
    def test_in_rooms_of_another_server_the_widget_moderates_with_what_that_server_has(self):
        widget, nick, romeo, juliet = self.widget_with_people()
        self.assertIsNone(widget.find("staff"))
        address = names.bare(names.item(juliet.occupants(self.room)[nick]).get("jid"))
        juliet.set_affiliation(self.room, address, "admin")
        widget.wait("staff").click()
        # None of our commands, and the settings are for owners.
        self.assertEqual(widget.offers(), ["topic"])
        widget.wait("topic").click()
        widget.fill("What this room is about", REASON)
        widget.wait("submit").click()
        until(lambda: widget.find("subject") and widget.text("subject") == REASON, "the topic")
        widget.person_menu("Romeo")
        widget.wait("kick").click()
        widget.fill("Why? Everybody here sees it.", REASON)
        widget.wait("submit").click()
        left = romeo.sees_leave(self.room, "Romeo")
        self.assertIn("307", names.codes(left))
        self.assertEqual(names.reason(left), REASON)
        since = romeo.mark()
        romeo.join(self.room, "Romeo")
        widget.person_menu("Romeo")
        widget.wait("ban").click()
        widget.fill("Why? Everybody here sees it.", REASON)
        widget.wait("submit").click()
        left = romeo.expect("the ban", lambda it: [each for each in it.stanzas[since:] if "301" in names.codes(each)])[0]
        self.assertEqual(names.reason(left), REASON)
