"""On a phone's screen, 390 points wide."""

from harness.case import DEMO, BrowserTest

RECTANGLE = "const { left, top, right, bottom, width, height } = arguments[0].getBoundingClientRect();" \
    "return { left, top, right, bottom, width, height }"


class Phone(BrowserTest):
    def rectangle(self, visitor, hook):
        return visitor.run(RECTANGLE, visitor.widget.wait(hook))

    def test_the_panel_fills_the_screen_and_the_composer_is_in_reach(self):
        ann = self.visitor_on(DEMO, "ann", phone=True)
        ann.widget.open()
        width, height = ann.run("return [innerWidth, innerHeight]")
        panel = self.rectangle(ann, "panel")
        self.assertAlmostEqual(panel["left"], 0, delta=1)
        self.assertAlmostEqual(panel["width"], width, delta=1)
        self.assertGreaterEqual(panel["height"], 0.85 * height)
        self.assertAlmostEqual(panel["bottom"], height, delta=1)
        composer = self.rectangle(ann, "composer")
        self.assertGreaterEqual(composer["left"], 0)
        self.assertLessEqual(composer["right"], width)
        self.assertLessEqual(composer["bottom"], height)
        # Below 16 px iOS zooms into the field.
        size = ann.run("return parseFloat(getComputedStyle(arguments[0]).fontSize)", ann.widget.find("composer"))
        self.assertGreaterEqual(size, 16)

    def test_everything_to_touch_is_large_enough_for_a_finger(self):
        ann = self.visitor_on(DEMO, "ann", phone=True)
        for opened in (False, True):
            if opened:
                ann.widget.open()
            small = ann.widget.run(
                "return [...root.querySelectorAll('button, textarea, input, summary')]"
                ".filter(e => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))"
                ".map(e => [e.dataset.sp ?? e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
                ".filter(([, r]) => r.width > 0 && (r.width < 43.5 || r.height < 43.5))"
                ".map(([what, r]) => `${what}: ${r.width} x ${r.height}`)"
            )
            self.assertEqual(small, [])

    def test_no_page_scrolls_sideways(self):
        ann = self.visitor("ann", phone=True)
        for path in ("/", DEMO, self.other_demo()):
            with self.subTest(path=path):
                ann.visit(self.server.url(path))
                ann.widget.wait("bubble") if path != "/" else None
                self.assertLessEqual(*ann.run("return [document.documentElement.scrollWidth, innerWidth]"))

    def test_a_long_word_without_spaces_does_not_widen_the_panel(self):
        ann = self.visitor_on(DEMO, "ann", phone=True)
        ann.widget.open()
        word = "w" * 400
        ann.widget.say(word)
        ann.widget.wait_for(word)
        self.assertLessEqual(*ann.run("return [document.documentElement.scrollWidth, innerWidth]"))
        self.assertLessEqual(
            *ann.widget.run("const log = root.querySelector('[data-sp=log]'); return [log.scrollWidth, log.clientWidth]")
        )
