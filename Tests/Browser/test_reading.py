"""Who opens the chat for the first time reads, unseen, and is somebody from the first word on."""

from harness.case import DEMO, PICTURES, BrowserTest
from harness.waiting import until
from selenium.webdriver.common.keys import Keys


class Reading(BrowserTest):
    flags = ("--limits-profile", "open")

    def stranger_on(self, path, name, **how):
        return self.visitor_on(path, name, stranger=True, **how)

    def test_who_opens_the_chat_reads_and_nobody_sees_it(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.say("Before you came.")
        ann.wait_for("Before you came.")
        ben = self.stranger_on(DEMO, "ben")
        ben.widget.open().wait_for("Before you came.")
        until(lambda: ben.widget.crowd() == "1 here, 1 reading", "ben to read how many are here")
        until(lambda: ann.crowd() == "1 here, 1 reading", "ann to be told how many read")
        ann.say("While you read.")
        ben.widget.wait_for("While you read.")
        self.assertIn("You write as ", ben.widget.text("nick"))
        self.assertEqual(len(ann.people()), 1)
        eve = self.stranger_on(DEMO, "eve")
        until(lambda: eve.widget.count() == 1, "the bubble to count those who talk")

    def test_the_first_message_makes_one_somebody_and_no_line_is_lost_or_twice(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        for line in ("One.", "Two."):
            ann.say(line)
            ann.wait_for(line)
        ben = self.stranger_on(DEMO, "ben").widget.open()
        ben.wait_for("Two.")
        nick = ben.run("return root.querySelector('[data-sp=nick] bdi').textContent")
        # Ann talks on while he joins.
        ann.run(
            "const field = root.querySelector('[data-sp=composer]'); window.said = 0;"
            "window.talk = setInterval(() => { field.value = `Line ${++said}.`;"
            " field.dispatchEvent(new Event('input')); root.querySelector('[data-sp=send]').click();"
            " if (said === 30) clearInterval(talk); }, 20)"
        )
        ben.say("May I?")
        ben.say("Thank you.")
        self.assertEqual(ben.wait_for("Thank you.")["author"], nick)
        ann.wait_for("Thank you.")
        for widget in (ann, ben):
            widget.wait_for("Line 30.")
        self.assertEqual(ben.bodies(), ann.bodies())
        self.assertEqual(len(ben.bodies()), 34)
        until(lambda: ann.crowd() == "2 people here", "ann to see him")
        self.assertIn("You are ", ben.text("nick"))

    def test_who_has_spoken_is_in_the_room_after_a_reload_and_on_the_next_page(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.stranger_on(DEMO, "ben")
        ben.widget.open()
        ben.visit(self.server.url(DEMO))
        ben.widget.wait_joined()
        until(lambda: ben.widget.crowd() == "1 here, 1 reading", "ben to read on after a reload")
        ben.widget.say("Now I am here.")
        ann.wait_for("Now I am here.")
        nick = ben.widget.text("nick")
        ben.visit(self.server.url(DEMO))
        until(lambda: ben.widget.crowd() == "2 people here", "ben to be there again")
        self.assertEqual(ben.widget.text("nick"), nick)
        self.assertEqual(ben.widget.bodies(), ["Now I am here."])
        ben.visit(self.server.url(self.other_demo()))
        ben.widget.wait_joined()
        until(lambda: ben.widget.crowd() == "Only you here", "ben to be in the other room")

    def test_choosing_a_name_makes_one_somebody_and_the_draft_stays(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.stranger_on(DEMO, "ben").widget.open()
        ben.wait("composer").send_keys("Half a sen")
        ben.rename("Ben")
        until(lambda: any("Ben" in person for person in ann.people()), "ann to see ben")
        self.assertEqual(ben.wait("composer").get_attribute("value"), "Half a sen")
        ben.wait("composer").send_keys("tence.", Keys.ENTER)
        self.assertEqual(ann.wait_for("Half a sentence.")["author"], "Ben")

    def test_a_name_that_somebody_else_has_is_refused_and_one_reads_on(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.rename("Ann")
        ben = self.stranger_on(DEMO, "ben").widget.open()
        ben.rename("Ann")
        # He gets another one, as ever.
        until(lambda: "Ann 2" in ben.text("nick"), "ben to be Ann 2")
        ann.say("There are two of us.")
        ben.wait_for("There are two of us.")

    def test_a_reader_is_back_after_a_cut_and_reads_what_was_said_meanwhile(self):
        gateway = self.gateway()
        ann, ben = self.visitor("ann"), self.visitor("ben", stranger=True)
        for visitor in (ann, ben):
            visitor.tolerate(r"WebSocket connection to .* failed|ERR_|net::")
            visitor.visit(gateway.url(DEMO))
            visitor.widget.open()
        gateway.cut()
        ann, ben = ann.widget, ben.widget
        ann.say("Are you still there?")
        ben.wait_for("Are you still there?")
        ben.say("I am.")
        ann.wait_for("I am.")
        self.assertEqual(ben.bodies(), ["Are you still there?", "I am."])

    def test_pictures_of_a_reader_are_taken_in_both_themes_on_phone_and_desktop(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.rename("Mara")
        for line in ("The wall is open at high water.", "Thank you, I did not know that."):
            ann.say(line)
            ann.wait_for(line)
        for form, phone in {"desktop": False, "phone": True}.items():
            for theme in ("light", "dark"):
                reader = self.stranger_on(DEMO, f"{theme}-{form}", phone=phone, theme=theme)
                reader.widget.open().wait_for("Thank you, I did not know that.")
                until(lambda widget=reader.widget: "reading" in widget.crowd(), "the number of readers")
                picture = reader.photograph(PICTURES / f"{theme}-{form}-reading.png")
                self.assertGreater(picture.stat().st_size, 10_000)
