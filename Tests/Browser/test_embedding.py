"""On somebody else's page: another origin, a strict policy, style sheets that spare nothing."""

import urllib.request

from harness.case import DEMO, BrowserTest
from harness.waiting import until

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A page of another site</title>
<link rel="stylesheet" href="/style.css">
<script async src="{server}/embed.js"{options}></script>
{more}
</head>
<body><h1>A page of another site</h1><p>Its text.</p></body>
</html>
"""

HOSTILE = """
* { all: unset !important }
html, body, div, button, textarea, samepage-chat { font: 40px fantasy !important; color: lime !important }
samepage-chat { position: static !important; transform: rotate(45deg) !important; zoom: 3 !important }
"""

# Enough to compare what a visitor sees, without what depends on the text.
LOOK = """
const looks = hook => {
  const style = getComputedStyle(root.querySelector(`[data-sp=${hook}]`));
  return ['fontFamily', 'fontSize', 'color', 'backgroundColor', 'position', 'borderRadius', 'padding']
    .map(property => `${hook} ${property}: ${style[property]}`);
};
return arguments[0].flatMap(looks);
"""
WITHIN = """
const { left, top, right, bottom } = arguments[0].getBoundingClientRect();
return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
"""


class Embedding(BrowserTest):
    def strict_policy(self):
        """What docs/embedding.md asks of a host page, and nothing more."""
        server = self.server.origin
        return "; ".join(
            (
                "default-src 'none'",
                "style-src 'self'",
                f"script-src {server}",
                f"connect-src {server} {server.replace('http', 'ws', 1)}",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            )
        )

    def host(self, options="", style="", policy=None, more=""):
        page = PAGE.format(server=self.server.origin, options=options, more=more)
        return self.site({"/article": page, "/other": page, "/style.css": style, "/favicon.ico": b""}, policy)

    def test_visitors_of_another_site_talk_under_a_strict_policy_and_a_hostile_style_sheet(self):
        site = self.host(style=HOSTILE, policy=self.strict_policy())
        widgets = []
        for name in ("ann", "ben"):
            visitor = self.visitor(name)
            visitor.visit(site.url("/article"))
            widgets.append(visitor.widget)
        for widget in widgets:
            self.assertTrue(widget.visitor.run(WITHIN, widget.wait("bubble")), "the bubble is not on the screen")
            widget.open()
            self.assertTrue(widget.visitor.run(WITHIN, widget.find("panel")), "the panel is not on the screen")
        ann, ben = widgets
        ann.say("Between two strangers' pages.")
        ben.wait_for("Between two strangers' pages.")

    def test_a_hostile_style_sheet_changes_nothing_of_the_look(self):
        hooks = ["bubble", "panel", "log", "composer", "send", "nick"]
        looks = []
        for name, style in (("plain", ""), ("hostile", HOSTILE)):
            visitor = self.visitor(name)
            visitor.visit(self.host(style=style).url("/article"))
            visitor.widget.open()
            looks.append(visitor.widget.run(LOOK, hooks))
        self.assertEqual(looks[0], looks[1])

    def test_nothing_of_the_host_page_is_changed(self):
        ann = self.visitor("ann")
        ann.visit(self.host(style="p { color: green }").url("/article"))
        before = ann.run("return [getComputedStyle(document.querySelector('p')).cssText, document.title]")
        ann.widget.open()
        after = ann.run("return [getComputedStyle(document.querySelector('p')).cssText, document.title]")
        self.assertEqual(before, after)
        styles = ann.run("return [document.styleSheets.length, document.adoptedStyleSheets.length]")
        self.assertEqual(styles, [1, 0])
        added = ann.run("return [...document.body.children].map(element => element.localName)")
        self.assertEqual(added, ["h1", "p", "samepage-chat"])

    def test_only_the_server_is_asked_for_anything(self):
        ann = self.visitor("ann")
        site = self.host()
        ann.visit(site.url("/article"))
        ann.widget.open()
        asked = ann.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
        strangers = [name for name in asked if not name.startswith((self.server.origin, site.origin, "data:", "blob:"))]
        self.assertEqual(strangers, [])
        self.assertEqual(ann.run("return document.cookie"), "")

    def test_our_own_pages_are_served_under_a_strict_policy(self):
        for path in ("/", DEMO, self.other_demo()):
            with self.subTest(path=path):
                with urllib.request.urlopen(f"http://127.0.0.1:{self.server.port}{path}", timeout=5) as answer:
                    policy = answer.headers["Content-Security-Policy"] or ""
                for directive in ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"):
                    self.assertIn(directive, policy)
                self.assertNotIn("unsafe", policy)

    def test_two_tags_make_one_widget(self):
        ann = self.visitor("ann")
        tag = f'<script async src="{self.server.origin}/embed.js"></script>'
        ann.visit(self.host(more=tag).url("/article"))
        ann.widget.open()
        self.assertEqual(ann.run("return document.querySelectorAll('samepage-chat').length"), 1)

    def test_a_named_room_is_shared_by_the_pages_of_a_site(self):
        site = self.host(options=' data-room="support"')
        ann, ben, eve = (self.visitor(name) for name in ("ann", "ben", "eve"))
        ann.visit(site.url("/article"))
        ben.visit(site.url("/other"))
        eve.visit(self.host().url("/article"))
        for visitor in (ann, ben, eve):
            visitor.widget.open()
        ann.widget.say("Can you help me?")
        ben.widget.wait_for("Can you help me?")
        eve.widget.say("Alone.")
        eve.widget.wait_for("Alone.")
        self.assertEqual(eve.widget.bodies(), ["Alone."])

    def test_the_tag_opens_the_panel_at_the_left_under_its_own_title_when_asked_to(self):
        ann = self.visitor("ann")
        ann.visit(self.host(options=' data-open data-position="left" data-title="The kitchen"').url("/article"))
        panel = ann.widget.wait("panel")
        self.assertLess(ann.run("return arguments[0].getBoundingClientRect().left", panel), 200)
        self.assertIn("The kitchen", ann.run("return arguments[0].textContent", panel))

    def test_a_page_whose_chat_server_is_gone_works_all_the_same(self):
        ann = self.visitor("ann")
        ann.tolerate(r"ERR_CONNECTION_REFUSED|Failed to load resource|did not load")
        site = self.host()
        self.server.kill()
        ann.visit(site.url("/article"))
        self.assertEqual(ann.run("return document.querySelector('h1').textContent"), "A page of another site")
        self.server.start()

    def test_a_part_that_cannot_be_loaded_says_so_and_comes_when_it_can(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.tolerate(r"ERR_|Failed to load|failed|cannot be loaded|did not load")
        ann.widget.open()
        self.server.kill()
        until(ann.widget.trouble, "ann to be told of the lost connection")
        ann.widget.wait("people-toggle").click()
        until(lambda: "This cannot be loaded." in ann.widget.text("log"), "the widget to say so")
        self.assertIsNone(ann.widget.find("people"))
        self.server.start()
        ann.widget.wait_joined(seconds=40)
        self.assertEqual(len(ann.widget.people()), 1)

    def test_create_and_destroy_leave_nothing_behind(self):
        ann = self.visitor_on(DEMO, "ann")
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann.widget.open()
        until(lambda: ben.here() == 2, "both to be here")
        ann.run("samepage.destroy()")
        until(lambda: ann.run("return !document.querySelector('samepage-chat')"), "the widget to be gone")
        until(lambda: ben.here() == 1, "ann to be gone from the room")
        ann.run("samepage.create()")
        ann.widget.open()
        until(lambda: ben.here() == 2, "ann to be back")
