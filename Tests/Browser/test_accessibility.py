"""With the keyboard alone, with a screen reader, and with eyes that need contrast."""

from pathlib import Path

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, BrowserTest
from harness.waiting import until

CONTRAST = (Path(__file__).resolve().parent / "harness/contrast.js").read_text(encoding="utf-8") + "return contrast(arguments[0]);"
NEEDS_A_NAME = {"button", "textbox", "dialog", "log", "link", "checkbox", "searchbox", "menuitem", "complementary"}
WIDGET_TEXTS = ("[data-sp=author]", "[data-sp=body]", "[data-sp=body] a", "[data-sp=composer]", "[data-sp=nick]", "time")
SHOWN = "return [...root.querySelectorAll(arguments[0])].filter(e => e.checkVisibility({ checkOpacity: true }))"


class Accessibility(BrowserTest):
    def press_until(self, visitor, key, hook, limit=60):
        for _ in range(limit):
            if visitor.widget.focused() == hook:
                return
            visitor.press(key)
        self.fail(f"the focus did not reach {hook} in {limit} steps; it is on {visitor.widget.focused()}")

    def test_tab_enter_typing_and_escape_are_enough_to_chat(self):
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.wait("bubble")
        self.press_until(ann, Keys.TAB, "bubble")
        ann.press(Keys.ENTER)
        ann.widget.wait_joined()
        until(lambda: ann.widget.focused() == "composer", "the composer to have the focus")
        ann.press("No mouse here.")
        ann.press(Keys.ENTER)
        ben.wait_for("No mouse here.")
        self.assertEqual(ann.widget.focused(), "composer")
        ann.press(Keys.ESCAPE)
        until(lambda: not ann.widget.find("panel"), "the panel to close")
        until(lambda: ann.widget.focused() == "bubble", "the focus to be back on the bubble")

    def test_shift_enter_makes_a_new_line_and_enter_sends(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        ann.widget.wait("composer").send_keys("one", Keys.SHIFT + Keys.ENTER + Keys.NULL, "two")
        self.assertEqual(ann.widget.bodies(), [])
        ann.press(Keys.ENTER)
        ann.widget.wait_for("one\ntwo")

    def test_the_focus_is_visible_on_everything_that_can_have_it(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        seen = set()
        for _ in range(40):
            ann.press(Keys.TAB)
            hook = ann.widget.focused()
            if hook is None or hook in seen:
                continue
            seen.add(hook)
            ring = ann.run(
                "let element = document.activeElement;"
                "while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;"
                "let rings = [];"
                "for (let node = element; node && rings.length < 3; node = node.parentElement) {"
                "  const style = getComputedStyle(node);"
                "  rings.push([style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,"
                "    style.boxShadow !== 'none', parseFloat(style.borderWidth) >= 1]);"
                "}"
                "return rings.flat().some(Boolean);"
            )
            self.assertTrue(ring, f"no focus ring on {hook}")
        self.assertTrue({"composer", "nick"} <= seen, f"Tab reached only {seen}")

    def test_a_screen_reader_finds_names_a_dialog_and_a_polite_log(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        ann.widget.say("Hello.")
        ann.widget.wait_for("Hello.")
        nodes = ann.tell("Accessibility.getFullAXTree")["nodes"]
        shown = [node for node in nodes if not node.get("ignored")]
        roles = {node["role"]["value"] for node in shown}
        self.assertTrue({"button", "textbox", "log", "dialog"} <= roles, f"roles: {sorted(roles)}")
        for node in shown:
            role = node["role"]["value"]
            if role in NEEDS_A_NAME:
                self.assertTrue(node.get("name", {}).get("value", "").strip(), f"a {role} has no name: {node}")
        log = ann.widget.run(
            "const log = root.querySelector('[role=log]');"
            "return [log.getAttribute('aria-live'), log.contains(root.querySelector('[data-sp=message]'))]"
        )
        self.assertIn(log[0], ("polite", None, "off"))
        live = ann.widget.run("return root.querySelectorAll('[aria-live=polite], [role=log], [role=status]').length")
        self.assertGreater(live, 0)

    def test_texts_have_a_contrast_of_at_least_four_and_a_half_in_light_and_dark(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ben.say("A message of somebody else, with a link to https://example.org/ in it.")
        ann.widget.wait_for("A message of somebody else, with a link to https://example.org/ in it.")
        ann.widget.say("One of my own.")
        ann.widget.wait_for("One of my own.")
        for theme in ("light", "dark"):
            ann.use_theme(theme)
            for part in WIDGET_TEXTS:
                elements = ann.widget.run(SHOWN, part)
                self.assertTrue(elements, f"{part} is nowhere")
                for element in elements:
                    with self.subTest(theme=theme, part=part):
                        self.assertGreaterEqual(ann.run(CONTRAST, element), 4.5)

    def test_what_is_written_on_an_accent_colour_of_the_site_stays_readable(self):
        ann = self.visitor("ann")
        for colour in ("#ffe066", "#123456", "rebeccapurple", "#0a7d55", "tomato", "oklch(70% 0.2 150)"):
            with self.subTest(colour=colour):
                page = f'<!doctype html><link rel="icon" href="data:,"><title>A page</title>' \
                    f'<body><script src="{self.server.origin}/embed.js" data-color="{colour}"></script>'
                ann.visit(self.site({"/": page}).url("/"))
                self.assertGreaterEqual(ann.run(CONTRAST, ann.widget.wait("bubble")), 4.5)

    def test_texts_of_the_pages_have_contrast_too(self):
        ann = self.visitor_on(DEMO, "ann")
        for path in ("/", DEMO):
            ann.visit(self.server.url(path))
            for theme in ("light", "dark"):
                ann.use_theme(theme)
                for part in ("h1", "h2", "p", "a", "code", "li", "small", "figcaption", "nav a", "footer"):
                    for element in ann.run("return [...document.querySelectorAll(arguments[0])].slice(0, 6)", part):
                        with self.subTest(path=path, theme=theme, part=part):
                            self.assertGreaterEqual(ann.run(CONTRAST, element), 4.5)
