"""The menus, forms and lists of moderators as they look: on phones and desktops, in light and dark, under a strict policy."""

from pathlib import Path

from harness.case import DEMO, PICTURES, BrowserTest
from harness.waiting import until
from selenium.webdriver.common.keys import Keys

CONTRAST = Path(__file__).resolve().with_name("harness") / "contrast.js"
CONTRAST = CONTRAST.read_text(encoding="utf-8") + "return contrast(arguments[0]);"
SETTLED = "return root.querySelector('[data-sp=panel]').getAnimations({ subtree: true }).length === 0"
SMALL = """
return [...root.querySelectorAll(arguments[0])]
  .filter(e => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
  .map(e => e.type === 'checkbox' ? e.closest('label') : e)
  .map(e => [e.dataset.sp ?? e.className ?? e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([, r]) => r.width < 43.5 || r.height < 43.5)
  .map(([what, r]) => `${what}: ${r.width} x ${r.height}`);
"""
TEXTS = "[role=menuitem], .about, .view :is(h3, p, label, legend, button, input, select, textarea), .quote, .editing, .no-voice, .slow-mode, .note, .edited, .gone .body, .line"
TOUCHED = ".menu button, .view :is(button, input, select, textarea), .quote, .editing button, .no-voice button"
FEWEST_BYTES = 10_000


class ModerationLooks(BrowserTest):
    flags = ("--moderation-words", "casino", "--moderation-filter-action", "hold")

    def look(self, widget, name):
        """Takes a picture, and looks at contrast and sizes."""
        until(lambda: widget.run(SETTLED), "all to be in its place")
        picture = widget.visitor.photograph(PICTURES / f"moderation-{name}-{widget.visitor.name}.png")
        self.assertGreater(picture.stat().st_size, FEWEST_BYTES)
        for element in widget.run("return [...root.querySelectorAll(arguments[0])].filter(e => e.checkVisibility())", TEXTS):
            with self.subTest(picture=name, visitor=widget.visitor.name, text=element.text[:30]):
                self.assertGreaterEqual(widget.visitor.run(CONTRAST, element), 4.5)
        if "phone" in widget.visitor.name:
            with self.subTest(picture=name, visitor=widget.visitor.name):
                self.assertEqual(widget.run(SMALL, TOUCHED), [])

    def open_menu(self, widget, body):
        if "phone" in widget.visitor.name:
            widget.visitor.long_press(widget.row(body))
            return widget.offers()
        return widget.menu(body)

    def open_staff(self, widget, item):
        widget.wait("staff").click()
        widget.wait("menu")
        widget.wait(item).click()

    def back(self, widget):
        widget.run("[...root.querySelectorAll('.view .bar button')].at(-1).click()")

    def test_all_of_it_is_readable_and_large_enough_on_phone_and_desktop_in_light_and_dark(self):
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ben.rename("Ben")
        for form, phone in (("desktop", False), ("phone", True)):
            for theme in ("light", "dark"):
                self.play(ben, f"{theme}-{form}", phone, theme)

    def play(self, ben, name, phone, theme):
        owner = self.visitor(name, phone=phone, theme=theme)
        token = self.mint("owner", f"Olga {name}")["token"]
        owner.visit(f"{self.server.url(DEMO)}#samepage={token}")
        owner = owner.widget
        owner.wait_joined()
        said = f"Cheap watches, only today, {name}."
        ben.say(said)
        owner.wait_for(said)
        ben.say(f"Come to the casino, {name}!")
        owner.wait("review")
        self.open_menu(owner, said)
        self.look(owner, "message-menu")
        owner.wait("ban").click()
        until(lambda: owner.find("ban-view") and owner.find("submit"), "the form of the ban")
        self.look(owner, "ban")
        owner.wait("submit").click()
        until(lambda: "would be hit" in owner.text("ban-view"), "the question")
        self.look(owner, "ban-question")
        self.back(owner)
        self.open_menu(owner, said)
        owner.wait("report").click()
        owner.wait("submit")
        self.look(owner, "report")
        self.back(owner)
        owner.person_menu("Ben")
        self.look(owner, "person-menu")
        owner.visitor.press(Keys.ESCAPE)
        owner.wait("people-toggle").click()
        owner.wait("staff").click()
        self.look(owner, "staff-menu")
        owner.visitor.press(Keys.ESCAPE)
        for item in ("settings", "held", "slow", "topic", "bans", "acts"):
            self.open_staff(owner, item)
            until(lambda: owner.run("return !root.querySelector('.view [role=status]')?.textContent.includes('moment')"), "it to be there")
            self.look(owner, item)
            if item == "held":
                owner.wait("drop").click()
                until(lambda: not owner.find("entry-line"), "the queue to be empty")
            self.back(owner)
        self.open_menu(owner, said)
        owner.wait("answer").click()
        owner.wait("editing")
        owner.visitor.press("Watches of *what*?", Keys.ENTER)
        owner.wait("quote")
        ben.say(f"Of gold, {owner.text('nick').partition('You are ')[2]}!")
        until(lambda: owner.run("return root.querySelector('.mention')"), "one's own name to stand out")
        self.look(owner, "answer")
        self.open_menu(owner, said)
        owner.wait("remove").click()
        owner.wait("submit").click()
        until(lambda: any("Removed by" in body for body in owner.bodies()), "the message to be removed")
        owner.say("Thursday it is.")
        owner.wait_for("Thursday it is.")
        owner.wait("composer").send_keys(Keys.ARROW_UP)
        owner.wait("editing")
        self.look(owner, "editing")
        owner.visitor.press(" Or Friday.", Keys.ENTER)
        owner.wait_for("Thursday it is. Or Friday.")
        owner.say("Bye")
        self.look(owner, "removed-and-edited")
        owner.visitor.visit("about:blank")

    def test_what_befalls_a_visitor_is_readable_on_phone_and_desktop_in_light_and_dark(self):
        mo = self.staff_on(DEMO, "moderator", "Mo").widget
        for form, phone in (("desktop", False), ("phone", True)):
            for theme in ("light", "dark"):
                nick = f"{theme}-{form}"
                widget = self.visitor_on(DEMO, nick, phone=phone, theme=theme).widget.open()
                widget.rename(nick)
                widget.say("Nothing at all.")
                mo.wait_for("Nothing at all.")
                widget.say(f"The casino of {nick} is the best.")
                until(lambda widget=widget: "A moderator looks at this" in widget.text("log"), "it to be held")
                self.look(widget, "held-own")
                mo.person_menu(nick)
                mo.wait("mute").click()
                widget.wait("no-voice")
                self.look(widget, "muted")
                mo.person_menu(nick)
                mo.wait("voice").click()
                until(lambda widget=widget: not widget.find("no-voice"), "voice")
                mo.person_menu(nick)
                mo.wait("kick").click()
                mo.wait("kick-view")
                mo.fill("Why? Everybody here sees it.", "go and eat something")
                mo.wait("submit").click()
                until(lambda widget=widget: "removed you" in widget.trouble(), "it to be told")
                self.look(widget, "kicked")
                mo.wait("people-toggle").click()

    def test_it_runs_under_a_strict_policy_with_trusted_types(self):
        policy = (
            f"default-src 'none'; script-src {self.server.origin}; connect-src {self.server.origin} "
            f"{self.server.origin.replace('http', 'ws', 1)}; form-action 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        page = f'<!doctype html><title>A page</title><script async src="{self.server.origin}/embed.js"></script>'
        site = self.site({"/": page}, policy)
        owner = self.visitor("olga")
        owner.tolerate(r"favicon")
        owner.visit(f"{site.url('/')}#samepage={self.mint('owner', 'Olga')['token']}")
        owner.widget.wait_joined()
        owner.widget.say("Policy?")
        owner.widget.wait_for("Policy?")
        owner.widget.menu("Policy?")
        owner.press(Keys.ESCAPE)
        for item in ("settings", "slow", "acts"):
            self.open_staff(owner.widget, item)
            until(lambda: owner.widget.run("return root.querySelector('.view form, .view .entries')"), "it to be there")
            if item == "slow":
                owner.widget.fill("Seconds between two messages of one person, 0 for none", "1")
                owner.widget.wait("submit").click()
                until(lambda: not owner.widget.find("slow-view"), "it to be taken")
            else:
                self.back(owner.widget)
