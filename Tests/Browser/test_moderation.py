"""Moderators, in place: what they can do from within the widget, and what those see whom it is done to."""

from harness.case import DEMO, BrowserTest
from harness.network import Network
from harness.strophe import StropheClient
from harness.waiting import until
from selenium.webdriver.common.keys import Keys

READ_ONLY = "return root.querySelector('[data-sp=composer]').readOnly"
PARTS = "return performance.getEntriesByType('resource').map(entry => entry.name.split('/').at(-1))"
FOCUSED_TEXT = "return root.activeElement?.textContent"


class Moderation(BrowserTest):
    def visitors_here(self, *names):
        for name in names:
            widget = self.visitor_on(DEMO, name.lower()).widget.open()
            widget.rename(name)
            yield widget

    def told(self, widget, *words):
        """Waits until the state line says all of this."""
        until(lambda: all(word in widget.trouble() for word in words), f"{widget.visitor.name} to be told {words}")

    def open_staff(self, widget, item):
        widget.wait("staff").click()
        widget.wait("menu")
        widget.wait(item).click()

    def test_a_visitor_has_nothing_of_it_and_does_not_load_it(self):
        ann, ben = self.visitors_here("Ann", "Ben")
        ben.say("Hello.")
        ann.wait_for("Hello.")
        self.assertEqual(ann.menu("Hello."), ["answer", "copy-text", "report", "ignore"])
        ann.visitor.press(Keys.ESCAPE)
        self.assertEqual(ann.person_menu("Ben"), ["ignore"])
        self.assertIsNone(ann.find("staff"))
        self.assertFalse({"staff.js", "queues.js", "command.js"} & set(ann.visitor.run(PARTS)))

    def test_a_message_that_a_moderator_removes_is_gone_for_everybody_who_reads_by_whom_and_why(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        ann, ben = self.visitors_here("Ann", "Ben")
        ben.say("Something vile.")
        mo.wait_for("Something vile.")
        mo.menu("Something vile.")
        mo.wait("remove").click()
        mo.wait("remove-view")
        mo.fill("Why? Everybody here sees it.", "be kind")
        mo.wait("submit").click()
        newcomer = self.visitor_on(DEMO, "newcomer").widget.open()
        gone = "Removed by \u2068Mo\u2069: be kind"
        for widget in (mo, ann, ben, newcomer):
            widget.wait_for(gone)
            self.assertEqual(widget.bodies(), [gone])
        self.assertIsNone(mo.find("remove-view"))

    def test_who_is_muted_is_told_and_may_ask_and_writes_again_when_let(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        (ben,) = self.visitors_here("Ben")
        self.assertEqual(mo.person_menu("Ben"), ["ignore", "mute", "kick", "ban"])
        mo.wait("mute").click()
        self.assertIn("Mo\u2069 has muted you", ben.text("no-voice"))
        self.assertTrue(ben.run(READ_ONLY))
        ben.wait("ask-voice").click()
        until(lambda: "You have asked" in ben.text("no-voice"), "Ben to be told that it was asked")
        mo.wait("people-toggle").click()
        mo.wait_line("Ben asks to be allowed to write.")
        mo.wait("give-voice").click()
        until(lambda: not ben.find("no-voice"), "Ben to have voice")
        self.assertFalse(ben.run(READ_ONLY))
        ben.say("Thank you.")
        mo.wait_for("Thank you.")

    def test_who_is_kicked_is_told_why_and_may_come_back(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        (ben,) = self.visitors_here("Ben")
        ben.say("LOUD")
        mo.wait_for("LOUD")
        self.assertEqual(mo.menu("LOUD"), ["answer", "copy-text", "report", "ignore", "remove", "mute", "kick", "ban"])
        mo.wait("kick").click()
        mo.wait("kick-view")
        mo.fill("Why? Everybody here sees it.", "too loud")
        mo.visitor.press(Keys.ENTER)
        self.told(ben, "A moderator removed you", "too loud")
        mo.wait_line("\u2068Ben\u2069 was kicked.")
        # Who is gone can be kicked no more, but what was said can still be removed.
        self.assertEqual(mo.menu("LOUD"), ["answer", "copy-text", "report", "ignore", "remove"])
        ben.run("root.querySelector('[data-sp=state] button').click()")
        ben.wait_joined()

    def test_a_ban_says_beforehand_how_many_others_it_hits_and_is_told_with_end_and_reason_and_is_lifted(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        ann, ben = self.visitors_here("Ann", "Ben")
        ben.say("spam spam")
        mo.wait_for("spam spam")
        mo.menu("spam spam")
        mo.wait("ban").click()
        mo.wait("ban-view")
        mo.fill("Why", "advertising")
        mo.fill("For how long", "3600")
        mo.fill("Also whoever else comes from the same network, members excepted", True)
        mo.wait("submit").click()
        # All tests come from one address, so Ann is the other one.
        until(lambda: "1 other here would be hit." in mo.text("ban-view"), "the number of others")
        until(lambda: mo.run(FOCUSED_TEXT) == "Ban", "the focus to be on the button that does it")
        mo.run("[...root.querySelectorAll('.ban-view .buttons button')].find(each => each.textContent === 'Back').click()")
        until(lambda: mo.find("ban-view") and "For how long" in mo.text("ban-view"), "the form again")
        self.assertEqual(mo.run("return root.querySelector('.ban-view input.entry').value"), "advertising")
        mo.fill("Also whoever else comes from the same network, members excepted", False)
        mo.wait("submit").click()
        until(lambda: "Nobody else would be hit." in mo.text("ban-view"), "the number of others")
        self.assertEqual(ben.trouble(), "")
        mo.wait("submit").click()
        mo.wait_line("Ben is banned, and 0 others.")
        self.told(ben, "You are banned from this room until", "advertising")
        self.assertEqual(ann.trouble(), "")

        self.open_staff(mo, "bans")
        until(lambda: mo.find("bans-view") and "advertising" in mo.text("bans-view"), "the ban in the list")
        mo.wait("lift").click()
        until(lambda: "Nobody is banned." in mo.text("bans-view"), "the list to be empty")
        ben.run("root.querySelector('[data-sp=state] button').click()")
        ben.wait_joined()

    def test_first_messages_wait_for_a_moderator_who_lets_them_through_or_drops_them(self):
        owner = self.staff_on(DEMO, "owner", "Olga").widget
        self.open_staff(owner, "settings")
        owner.wait("submit")
        owner.fill("Moderators see the first message of newcomers before others do", True)
        owner.wait("submit").click()
        owner.wait_line("The settings are saved.")
        (ann, ben) = self.visitors_here("Ann", "Ben")
        for widget, text in ((ann, "May I come in?"), (ben, "Buy this!")):
            widget.say(text)
            until(lambda widget=widget: widget.messages() and widget.messages()[0]["state"] == "held", "the message to be held")
            until(lambda widget=widget: "A moderator looks at this" in widget.text("log"), "its author to be told")
        until(lambda: owner.run("return root.querySelector('[data-sp=staff]').ariaLabel") == "Moderation, 2 waiting", "the badge")
        owner.wait("review").click()
        until(lambda: len(owner.run("return [...root.querySelectorAll('[data-sp=entry-line]')]")) == 2, "both in the queue")
        owner.wait("release").click()
        ben.wait_for("May I come in?")
        ann.wait_for("May I come in?")
        self.assertEqual(ann.bodies(), ["May I come in?"])
        until(lambda: len(owner.run("return [...root.querySelectorAll('[data-sp=entry-line]')]")) == 1, "one in the queue")
        owner.wait("drop").click()
        until(lambda: "No message waits" in owner.text("held-view"), "the queue to be empty")
        until(lambda: "did not let your message through" in ben.text("log"), "Ben to be told")
        self.assertEqual([each["body"] for each in ann.messages()], ["May I come in?"])
        # The focus is where the next act would be.
        owner.visitor.press(Keys.ESCAPE)
        until(lambda: owner.focused() == "staff", "the focus to return")

    def test_slow_mode_counts_down_and_sends_what_waits_by_itself(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        (ben,) = self.visitors_here("Ben")
        self.open_staff(mo, "slow")
        mo.wait("submit")
        mo.fill("Seconds between two messages of one person, 0 for none", "4")
        mo.wait("submit").click()
        ben.wait_line("Slow mode: one message in 4 s for each.")
        ben.say("One.")
        ben.wait_for("One.")
        ben.say("Two.")
        until(lambda: "Slow mode" in ben.text("slow-mode"), "the countdown")
        first = ben.text("slow-mode")
        self.assertRegex(first, r"\d s$")
        ben.wait("composer").send_keys("Three.", Keys.ENTER)
        self.assertEqual(ben.run("return root.querySelector('[data-sp=composer]').value"), "Three.")
        until(lambda: "kept" in ben.text("hint"), "Ben to be told that it is kept")
        mo.wait_for("Two.")
        until(lambda: not ben.find("slow-mode"), "the countdown to be over")
        ben.wait("composer").send_keys(Keys.ENTER)
        mo.wait_for("Three.")
        self.assertEqual(mo.bodies(), ["One.", "Two.", "Three."])

    def test_the_topic_is_set_and_the_log_tells_it_and_takes_it_back(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        (ann,) = self.visitors_here("Ann")
        for topic in ("Otters", "Otters and seals"):
            self.open_staff(mo, "topic")
            mo.wait("topic-view")
            mo.fill("What this room is about", topic)
            mo.wait("submit").click()
            until(lambda topic=topic: ann.find("subject") and ann.text("subject") == topic, "the topic")
        self.open_staff(mo, "acts")
        until(lambda: mo.find("log-view") and "Otters and seals" in mo.text("log-view"), "the act in the log")
        self.assertIn("Mo\u2069 set the topic", mo.text("log-view"))
        mo.wait("undo").click()
        until(lambda: ann.text("subject") == "Otters", "the old topic")
        until(lambda: "undone" in mo.text("log-view"), "the log to tell")

    def test_what_the_room_does_not_take_in_its_settings_is_said_at_the_field(self):
        owner = self.staff_on(DEMO, "owner", "Olga").widget
        self.open_staff(owner, "settings")
        owner.wait("submit")
        owner.fill("Language that is spoken here", "not a language")
        owner.wait("submit").click()
        complaint = until(lambda: owner.run(
            "const field = root.querySelector('[aria-invalid=true]');"
            "return field && [field.value, root.getElementById(field.getAttribute('aria-describedby')).textContent]"), "a complaint")
        self.assertEqual(complaint[0], "not a language")
        self.assertIn("a language tag", complaint[1])
        self.assertTrue(owner.run("return root.activeElement.ariaInvalid"))
        owner.fill("Language that is spoken here", "en")
        owner.wait("submit").click()
        owner.wait_line("The settings are saved.")

    def test_nobody_acts_on_an_equal_or_a_better(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        self.staff_on(DEMO, "moderator", "Max")
        self.staff_on(DEMO, "owner", "Olga")
        self.assertEqual(mo.person_menu("Max"), ["ignore"])
        mo.visitor.press(Keys.ESCAPE)
        self.assertEqual(mo.person_menu("Olga"), ["ignore"])

    def test_who_loses_the_role_loses_the_menu(self):
        ann = self.visitor("ann")
        network = Network(ann)
        ann.visit(self.server.url(DEMO))
        ann.widget.open().rename("Ann")
        room = self.server.rooms(self.server.url(DEMO))["rooms"][0]["jid"]
        for role, shown in (("moderator", True), ("participant", False)):
            network.hear(
                f"<presence xmlns='jabber:client' from='{room}/Ann'><x xmlns='http://jabber.org/protocol/muc#user'>"
                f"<item role='{role}' affiliation='none'/><status code='110'/></x></presence>")
            until(lambda shown=shown: bool(ann.widget.find("staff")) == shown, f"the menu of a {role}")

    def test_markup_in_names_reasons_topics_and_labels_stays_text_wherever_moderators_read_it(self):
        hostile = "<img src=x onerror=window.pwned=1>"
        owner = self.staff_on(DEMO, "owner", "Olga").widget
        client = StropheClient(self, "mallory").join(self.server.url(DEMO), hostile)
        client.say(hostile)
        owner.wait_for(hostile)
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.wait_for(hostile)
        ann.menu(hostile)
        ann.wait("report").click()
        ann.fill("Anything to add", hostile)
        ann.wait("submit").click()
        owner.wait_line(hostile)
        owner.menu(hostile)
        owner.wait("ban").click()
        owner.fill("Why", hostile)
        owner.wait("submit").click()
        until(lambda: "Nobody else would be hit." in owner.text("ban-view"), "the question")
        owner.wait("submit").click()
        owner.wait_line("is banned, and 0 others.")
        for item, view in (("bans", "bans-view"), ("acts", "log-view")):
            self.open_staff(owner, item)
            until(lambda view=view: owner.find(view) and hostile in owner.text(view), f"it in the {view}")
            owner.visitor.press(Keys.ESCAPE)
        owner.menu(hostile)
        owner.wait("remove").click()
        owner.fill("Why? Everybody here sees it.", hostile)
        owner.wait("submit").click()
        self.open_staff(owner, "topic")
        owner.fill("What this room is about", hostile)
        owner.wait("submit").click()
        until(lambda: ann.find("subject") and ann.text("subject") == hostile, "the topic")
        ann.row(f"Removed by \u2068Olga\u2069: {hostile}")
        for widget in (owner, ann):
            self.assertFalse(widget.run("return [...root.querySelectorAll('img, script, iframe, [onerror]')].length"))
            self.assertFalse(widget.visitor.run("return 'pwned' in window"))
