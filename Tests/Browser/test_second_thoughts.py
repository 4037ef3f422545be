"""What can be done with a message after it was sent: corrected, taken back, reported, not seen any more."""

from harness.case import DEMO, BrowserTest
from harness.gateway import CLOSED, OPEN
from harness.strophe import StropheClient
from harness.waiting import until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

TAKEN_BACK = "This message was taken back."
RETRACT = """
client.connection.send($msg({ to: client.room, type: 'groupchat', id: 'r1' })
  .c('retract', { xmlns: 'urn:xmpp:message-retract:1', id: arguments[0] }))
"""
CORRECT = """
client.say(arguments[0], message => message.c('replace', { xmlns: 'urn:xmpp:message-correct:0', id: arguments[1] }).up())
"""


class SecondThoughts(BrowserTest):
    def test_arrow_up_corrects_the_last_message_and_everybody_sees_that_it_was_edited(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        for text in ("The first one.", "Thursday."):
            ann.say(text)
            ben.wait_for(text)
        ann.wait_for("Thursday.")
        ann.wait("composer").send_keys(Keys.ARROW_UP)
        ann.wait("editing")
        self.assertEqual(ann.run("return root.querySelector('[data-sp=composer]').value"), "Thursday.")
        ann.visitor.press(Keys.BACKSPACE, ", or Friday.", Keys.ENTER)
        newcomer = self.visitor_on(DEMO, "newcomer").widget.open()
        for widget in (ann, ben, newcomer):
            widget.wait_for("Thursday, or Friday.")
            self.assertEqual(widget.bodies(), ["The first one.", "Thursday, or Friday."])
            self.assertEqual(widget.text("edited"), "edited")
        self.assertIsNone(ann.find("editing"))
        self.assertEqual(ann.run("return root.querySelector('[data-sp=composer]').value"), "")
        # Another correction is of the same message.
        ann.wait("composer").send_keys(Keys.ARROW_UP)
        ann.visitor.press(" No, Sunday.", Keys.ENTER)
        ben.wait_for("Thursday, or Friday. No, Sunday.")
        self.assertEqual(len(ben.bodies()), 2)

    def test_escape_leaves_a_correction_and_gives_the_draft_back(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.say("Said.")
        ann.wait_for("Said.")
        ann.wait("composer").send_keys("A draft")
        self.assertIn("edit", ann.menu("Said."))
        ann.wait("edit").click()
        ann.wait("editing")
        ann.visitor.press(" And more.", Keys.ESCAPE)
        until(lambda: not ann.find("editing"), "the correction to end")
        self.assertEqual(ann.run("return root.querySelector('[data-sp=composer]').value"), "A draft")
        self.assertEqual(ann.bodies(), ["Said."])

    def test_who_takes_a_message_back_takes_it_from_everybody_with_all_its_corrections(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann.say("My secret.")
        ann.wait_for("My secret.")
        ann.wait("composer").send_keys(Keys.ARROW_UP)
        ann.visitor.press(" Psst.", Keys.ENTER)
        ben.wait_for("My secret. Psst.")
        ann.wait_for("My secret. Psst.")
        ann.menu("My secret. Psst.")
        ann.wait("retract").click()
        for widget in (ann, ben):
            widget.wait_for(TAKEN_BACK)
            self.assertEqual(widget.bodies(), [TAKEN_BACK])
        newcomer = self.visitor_on(DEMO, "newcomer").widget.open()
        newcomer.wait_for(TAKEN_BACK)
        newcomer.say("What was it?")
        newcomer.wait_for("What was it?")
        self.assertFalse([body for body in newcomer.bodies() if "secret" in body])

    def test_who_missed_a_retraction_learns_of_it_with_the_history(self):
        gateway = self.gateway()
        ben = self.visitor("ben")
        ben.tolerate(r"WebSocket connection to .* failed|ERR_|net::")
        ben.visit(gateway.url(DEMO))
        ben.widget.open()
        client = StropheClient(self, "ann").join(gateway.url(DEMO), "Ann")
        client.say("My secret.")
        ben.widget.wait_for("My secret.")
        gateway.mode = CLOSED
        gateway.cut()
        client.visitor.run(RETRACT, client.wait_for("My secret.")["stanzaId"])
        client.say("Forget it.")
        client.wait_for("Forget it.")
        gateway.mode = OPEN
        ben.widget.wait_for("Forget it.")
        ben.widget.wait_for(TAKEN_BACK)
        self.assertEqual(ben.widget.bodies(), [TAKEN_BACK, "Forget it."])

    def test_a_history_that_comes_again_shows_nothing_twice_and_no_correction_undone(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        ben = self.visitor_on(DEMO, "ben")
        ben.widget.open().rename("Ben")
        client = StropheClient(self, "ann").join(self.server.url(DEMO), "Ann")
        client.say("One.")
        ben.widget.wait_for("One.")
        heard = client.wait_for("One.")["id"]
        for body in ("One or two.", "One or three."):
            client.visitor.run(CORRECT, body, heard)
        client.visitor.run(CORRECT, "Of something older.", "of-long-ago")
        client.visitor.run("client.say('With a form.', message => message.c('x', { xmlns: 'jabber:x:data', type: 'form' }).up())")
        said = ["One or three.", "Of something older.", "With a form."]
        until(lambda: ben.widget.bodies() == said, "all of it")
        mo.person_menu("Ben")
        mo.wait("kick").click()
        mo.wait("kick-view")
        mo.wait("submit").click()
        until(lambda: "removed you" in ben.widget.trouble(), "Ben to be out")
        client.say("Meanwhile.")
        client.wait_for("Meanwhile.")
        ben.widget.run("root.querySelector('[data-sp=state] button').click()")
        ben.widget.wait_for("Meanwhile.")
        client.say("After.")
        ben.widget.wait_for("After.")
        self.assertEqual(ben.widget.bodies(), [*said, "Meanwhile.", "After."])

    def test_a_correction_that_is_refused_comes_back_to_be_sent_again(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        ann = self.visitor_on(DEMO, "ann").widget.open()
        mo.wait("staff").click()
        mo.wait("slow").click()
        mo.wait("submit")
        mo.fill("Seconds between two messages of one person, 0 for none", "60")
        mo.wait("submit").click()
        ann.wait_line("Slow mode")
        ann.say("Thursday.")
        ann.wait_for("Thursday.")
        ann.wait("composer").send_keys(Keys.ARROW_UP)
        ann.visitor.press(" Or Friday.", Keys.ENTER)
        ann.wait_line("you may speak again in")
        ann.wait("editing")
        self.assertEqual(ann.run("return root.querySelector('[data-sp=composer]').value"), "Thursday. Or Friday.")
        self.assertEqual(ann.bodies(), ["Thursday."])

    def test_nobody_corrects_or_takes_back_what_another_has_said(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        client = StropheClient(self, "mallory").join(self.server.url(DEMO), "Mallory")
        ann.say("I said this.")
        ann.wait_for("I said this.")
        heard = client.wait_for("I said this.")
        client.visitor.run(
            "client.say('I never said this.', message => message"
            ".c('replace', { xmlns: 'urn:xmpp:message-correct:0', id: arguments[0] }).up())", heard["id"])
        ann.wait_for("I never said this.")
        client.visitor.run(
            "client.say('gone', message => message"
            ".c('retract', { xmlns: 'urn:xmpp:message-retract:1', id: arguments[0] }).up())", heard["stanzaId"])
        client.say("after it")
        ann.wait_for("after it")
        self.assertEqual(ann.bodies()[0], "I said this.")
        self.assertEqual(ann.messages()[1]["author"], "Mallory")

    def test_somebody_ignored_is_not_seen_after_a_reload_either_until_one_wants_to(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ben.rename("Ben")
        ben.say("Before.")
        ann.widget.wait_for("Before.")
        ann.widget.menu("Before.")
        ann.widget.wait("ignore").click()
        shown = "return [...root.querySelectorAll('[data-sp=message]')].filter(row => row.checkVisibility()).length"
        until(lambda: ann.widget.run(shown) == 0, "the message to be hidden")
        ben.say("Meanwhile.")
        ann.widget.row("Meanwhile.")
        self.assertEqual(ann.widget.run(shown), 0)
        ann.visit(self.server.url(DEMO))
        ann.widget.wait_joined()
        ann.widget.row("Meanwhile.")
        until(lambda: ann.widget.run(shown) == 0, "both to be hidden")
        self.assertEqual(ann.widget.person_menu("Ben"), ["heed"])
        ann.widget.wait("heed").click()
        until(lambda: ann.widget.run(shown) == 2, "both to be shown")

    def test_an_answer_shows_what_it_is_to_and_leads_there_and_other_clients_read_the_quote(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.rename("Ann")
        ben = self.visitor_on(DEMO, "ben").widget.open()
        client = StropheClient(self, "carl").join(self.server.url(DEMO), "Carl")
        ann.say("Do otters *really* hold hands?")
        ben.wait_for("Do otters *really* hold hands?")
        self.assertIn("answer", ben.menu("Do otters *really* hold hands?"))
        ben.wait("answer").click()
        self.assertIn("You answer \u2068Ann\u2069.", ben.text("editing"))
        ben.visitor.press("They do.", Keys.ENTER)
        newcomer = self.visitor_on(DEMO, "newcomer").widget.open()
        for widget in (ann, ben, newcomer):
            widget.wait_for("They do.")
            self.assertEqual(widget.bodies(), ["Do otters *really* hold hands?", "They do."])
            self.assertEqual(widget.text("quote"), "Ann Do otters *really* hold hands?")
        client.wait_for("> Ann:\n> Do otters *really* hold hands?\nThey do.")
        self.assertIsNone(ben.find("editing"))
        ann.wait("quote").click()
        self.assertEqual(ann.run("return root.activeElement.ariaLabel"), "Ann: Do otters *really* hold hands?")
        # A correction is of what was said, not of the quote.
        ben.wait("composer").send_keys(Keys.ARROW_UP)
        self.assertEqual(ben.run("return root.querySelector('[data-sp=composer]').value"), "They do.")
        ben.visitor.press(" Always.", Keys.ENTER)
        ann.wait_for("They do. Always.")
        self.assertTrue(ann.text("quote").startswith("Ann"))
        # What is taken back is not to be read in a quote of it.
        ann.menu("Do otters *really* hold hands?")
        ann.wait("retract").click()
        for widget in (ann, ben, newcomer):
            until(lambda widget=widget: widget.text("quote") == f"Ann {TAKEN_BACK}", "the quote to be gone")

    def test_who_has_only_read_becomes_somebody_by_an_answer_and_by_a_report(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        mo.say("Who is there?")
        mo.wait_for("Who is there?")
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.wait_for("Who is there?")
        ann.menu("Who is there?")
        ann.wait("answer").click()
        ann.visitor.press("Me.", Keys.ENTER)
        mo.wait_for("Me.")
        self.assertEqual(mo.text("quote"), "Mo Who is there?")
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ben.wait_for("Me.")
        ben.menu("Me.")
        ben.wait("report").click()
        ben.wait("submit").click()
        ben.wait_line("The moderators have your report")
        mo.wait_line("reports abuse by")

    def test_an_answer_with_a_false_quote_is_shown_as_it_was_sent(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        client = StropheClient(self, "mallory").join(self.server.url(DEMO), "Mallory")
        ann.say("Said.")
        ann.wait_for("Said.")
        heard = client.wait_for("Said.")["stanzaId"]
        for start, end in (("0", "900"), ("-4", "4"), ("3", "1"), ("", ""), ("0", "NaN"), ("0", "6")):
            text = f"answer {start}/{end}"
            client.visitor.run(
                "const [text, id, start, end] = arguments; client.say(text, message => message"
                ".c('reply', { xmlns: 'urn:xmpp:reply:0', id }).up()"
                ".c('fallback', { xmlns: 'urn:xmpp:fallback:0', for: 'urn:xmpp:reply:0' }).c('body', { start, end }).up().up())",
                text, heard, start, end)
            ann.wait_for(text[7:] if end == "6" else text)

    def test_a_report_reaches_the_moderators_with_its_words(self):
        mo = self.staff_on(DEMO, "moderator", "Mo")
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ben.rename("Ben")
        ben.say("Buy this!")
        ann.wait_for("Buy this!")
        self.assertIn("report", ann.menu("Buy this!"))
        ann.wait("report").click()
        ann.wait("report-view")
        ann.fill("What is it?", "spam")
        ann.fill("Anything to add", "third time")
        ann.wait("submit").click()
        ann.wait_line("The moderators have your report")
        self.assertIsNone(ann.find("report-view"))
        line = mo.widget.wait_line("spam by Ben (third time): Buy this!")
        self.assertTrue(line.endswith("Show the message"))
        mo.widget.wait("show-reported").click()
        self.assertEqual(mo.widget.focused(), "message")

    def test_the_keyboard_goes_from_message_to_message_and_back_to_where_it_was(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        for text in ("One.", "Two."):
            ann.widget.say(text)
            ann.widget.wait_for(text)
        for _ in range(8):
            if ann.widget.focused() == "log":
                break
            ActionChains(ann.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        self.assertEqual(ann.widget.focused(), "log")
        label = "return root.activeElement.ariaLabel"
        ann.press(Keys.ARROW_UP)
        self.assertTrue(ann.widget.run(label).endswith("Two."))
        ann.press(Keys.ARROW_UP)
        self.assertTrue(ann.widget.run(label).endswith("One."))
        ann.press(Keys.ENTER)
        self.assertEqual(ann.widget.offers(), ["answer", "copy-text", "edit", "retract"])
        self.assertEqual(ann.widget.focused(), "answer")
        ann.press(Keys.ARROW_UP)
        self.assertEqual(ann.widget.focused(), "retract")
        ann.press(Keys.ESCAPE)
        self.assertIsNone(ann.widget.find("menu"))
        self.assertTrue(ann.widget.run(label).endswith("One."))
        ann.press(Keys.ENTER)
        for _ in range(3):
            ann.press(Keys.ARROW_DOWN)
        ann.press(Keys.ENTER)
        ann.widget.wait_for(TAKEN_BACK)
        ann.press(Keys.ESCAPE)
        until(lambda: ann.widget.focused() in ("log", "message"), "the focus to stay among the messages")
        ann.widget.wait("panel")
