"""The main job: people on one page talk, and nobody else hears them."""

from harness.case import DEMO, BrowserTest
from harness.waiting import until


class Conversation(BrowserTest):
    def test_two_visitors_on_one_page_talk_and_a_third_on_another_page_sees_nothing(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        eve = self.visitor_on(self.other_demo(), "eve").widget.open()

        ann.say("Is anybody here?")
        self.assertIn(ben.wait_for("Is anybody here?")["author"], ann.nick())
        ben.say("Yes, I am.")
        self.assertIn(ann.wait_for("Yes, I am.")["author"], ben.nick())

        eve.say("Only an echo.")
        eve.wait_for("Only an echo.")
        ann.say("Good.")
        ben.wait_for("Good.")
        self.assertEqual(ann.bodies(), ["Is anybody here?", "Yes, I am.", "Good."])
        self.assertEqual(ben.bodies(), ["Is anybody here?", "Yes, I am.", "Good."])
        self.assertEqual(eve.bodies(), ["Only an echo."])
        self.assertEqual(ann.here(), 2)
        self.assertEqual(eve.here(), 1)

    def test_the_bubble_counts_the_people_before_any_chat_code_loads(self):
        self.visitor_on(DEMO, "ann").widget.open()
        self.visitor_on(DEMO, "ben").widget.open()
        passer_by = self.visitor_on(DEMO, "passer-by")
        until(lambda: passer_by.widget.count() == 2, "the bubble to say 2")
        loaded = passer_by.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
        self.assertFalse([name for name in loaded if "/samepage/" in name], "chat code loaded before the click")

    def test_who_comes_later_reads_what_was_said_before_in_order(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        said = [f"Line {number}" for number in range(1, 4)]
        for line in said:
            ann.say(line)
            ann.wait_for(line)
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ben.wait_for(said[-1])
        self.assertEqual(ben.bodies(), said)

    def test_a_new_nick_is_seen_by_the_others_and_kept_over_a_reload(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann.widget.rename("Ann of Green Gables")
        until(lambda: any("Ann of Green Gables" in nick for nick in ben.people()), "ben to see the new nick")
        ann.widget.say("It is me.")
        self.assertEqual(ben.wait_for("It is me.")["author"], "Ann of Green Gables")
        ann.visit(self.server.url(DEMO))
        until(lambda: "Ann of Green Gables" in ann.widget.nick(), "the nick to be remembered")

    def test_who_closes_the_tab_is_gone_from_the_list(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben")
        ben.widget.open()
        until(lambda: ann.here() == 2, "two to be here")
        ben.visit("about:blank")
        # The server waits a little, since it may have been a reload (limits.resume-after-close).
        until(lambda: ann.here() == 1, "one to be here", seconds=30)

    def test_many_lines_and_emoji_and_both_directions_of_writing_arrive_as_they_were_written(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        samples = {
            "several words": "  two  spaces & <tags> \"quotes\"",
            "Arabic": "مرحبا بالعالم",
            "accents": "Zoë naïve Grüße ǅ",
            "an entity": "&lt;b&gt; &#0; ]]>",
        }
        for name, sample in samples.items():
            with self.subTest(text=name):
                ann.say(sample)
                ben.wait_for(sample.strip())
        # chromedriver types no characters beyond the basic plane: those are pasted.
        ann.run(
            "const box = root.querySelector('[data-sp=composer]'); box.value = arguments[0];"
            "box.dispatchEvent(new Event('input', { bubbles: true }));",
            "👩‍👩‍👧 first\nsecond",
        )
        ann.say("")
        ben.wait_for("👩‍👩‍👧 first\nsecond")
