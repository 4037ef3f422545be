"""Styled text (XEP-0393) and one's own name in what others write: shown, and the text is what it was."""

from harness.case import DEMO, BrowserTest
from harness.waiting import until

STYLED = """
const body = [...root.querySelectorAll('[data-sp=body]')].at(-1);
return [...body.querySelectorAll('strong, em, s, code, a')].map(node => [node.localName, node.textContent]);
"""


class RichText(BrowserTest):
    def test_styled_words_are_shown_so_and_the_text_stays_what_was_written(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        for text, styled in (
            ("*bold* and _slanted_ and ~gone~", [["strong", "*bold*"], ["em", "_slanted_"], ["s", "~gone~"]]),
            ("`a *b* <i>`", [["code", "`a *b* <i>`"]]),
            ("*see https://example.org/a_b_c*", [["strong", "*see https://example.org/a_b_c*"], ["a", "https://example.org/a_b_c"]]),
            ("2*3*4 and snake_case_name and __init__", []),
            ("* no *", []),
        ):
            with self.subTest(text=text):
                ann.say(text)
                ben.wait_for(text)
                until(lambda styled=styled: ben.run(STYLED) == styled, f"{styled} in {text}")

    def test_several_lines_keep_their_quotes_and_code(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        text = "> is *that* so\nyes\n```\nlet *a* = 1\n```\n*done*"
        ann.run(
            "const box = root.querySelector('[data-sp=composer]'); box.value = arguments[0];"
            "box.dispatchEvent(new Event('input', { bubbles: true }));", text)
        ann.say("")
        ben.wait_for(text)
        until(lambda: ben.run(STYLED) == [["strong", "*that*"], ["code", "```\nlet *a* = 1\n```"], ["strong", "*done*"]], "the styles")

    def test_ones_own_name_in_what_others_write_stands_out(self):
        ann = self.visitor_on(DEMO, "ann").widget.open()
        ann.rename("Ann")
        ben = self.visitor_on(DEMO, "ben").widget.open()
        for text, shown in (("Hello ann!", True), ("Annual report", False), ("Is Ann, by chance, here?", True)):
            ben.say(text)
            row = ann.row(text)
            with self.subTest(text=text):
                until(lambda row=row, shown=shown: ann.visitor.run("return arguments[0].matches('.mention')", row) == shown, "it")
        ann.say("I am Ann.")
        ann.wait_for("I am Ann.")
        self.assertFalse(ann.visitor.run("return arguments[0].matches('.mention')", ann.row("I am Ann.")))
