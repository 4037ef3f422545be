"""The widget as a visitor uses it. It is found by its `data-sp` hooks alone, which are part of its contract."""

import re

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from .waiting import until

MESSAGES = """
const root = document.querySelector('samepage-chat').shadowRoot;
return [...root.querySelectorAll('[data-sp=message]')].map(message => ({
  author: (message.querySelector('[data-sp=author]')?.textContent ?? '').trim(),
  body: (message.querySelector('[data-sp=body]')?.textContent ?? '').trim(),
  state: message.dataset.state ?? 'sent',
}));
"""

VISIBLE = """
const element = document.querySelector('samepage-chat')?.shadowRoot.querySelector(`[data-sp=${arguments[0]}]`);
return element?.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) ? element : null;
"""

CARRIER = """
const asked = performance.getEntriesByType('resource').map(entry => entry.name);
return asked.some(name => name.endsWith('/http-bind')) ? 'bosh' : 'websocket';
"""

FOCUSED = """
let element = document.activeElement;
while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
return element?.dataset?.sp ?? null;
"""


FIELD = """
const label = [...root.querySelectorAll('form label')].find(each => each.textContent.trim() === arguments[0]);
return label && (label.control ?? label.querySelector('input'));
"""


class Widget:
    def __init__(self, visitor):
        self.visitor = visitor

    def find(self, hook):
        """The visible element of this hook, or None."""
        return self.visitor.run(VISIBLE, hook)

    def wait(self, hook):
        return until(lambda: self.find(hook), f"{self.visitor.name} to see [data-sp={hook}]")

    def text(self, hook):
        return self.visitor.run("return arguments[0].textContent.trim()", self.wait(hook))

    def count(self):
        """The number on the bubble, or None while there is none."""
        element = self.find("count")
        digits = re.search(r"\d+", element.text) if element else None
        return int(digits.group()) if digits else None

    def open(self):
        """Clicks the bubble and waits until one can talk, or reads."""
        self.wait("bubble").click()
        self.wait("panel")
        self.wait_joined()
        return self

    def here(self):
        """The number of people in the room, 0 while one is not in it. Alone, one is told so in words."""
        element = self.find("people-toggle")
        digits = re.search(r"\d+", element.text) if element else None
        return int(digits.group()) if digits else 1 if element else 0

    def is_joined(self):
        """Nothing is the matter, and one is told who is here: one talks, or reads."""
        return not self.trouble() and self.find("people-toggle") is not None

    def crowd(self):
        """What is said of how many are here."""
        element = self.find("people-toggle")
        return element.text.strip() if element else ""

    def trouble(self):
        """What the state line says; it says nothing while all is well."""
        return self.run("return root.querySelector('[data-sp=state]').innerText.trim()")

    def wait_joined(self, seconds=15):
        until(self.is_joined, f"{self.visitor.name} to be in the room", seconds)

    def close(self):
        self.wait("close").click()
        until(lambda: not self.find("panel"), "the panel to close")

    def carrier(self):
        """What carried the last stream: websocket or bosh."""
        return self.visitor.run(CARRIER)

    def say(self, text):
        self.wait("composer").send_keys(text, Keys.ENTER)

    def messages(self):
        """[{author, body, state}], oldest first; the state is pending, sent or failed."""
        return self.visitor.run(MESSAGES)

    def bodies(self):
        return [message["body"] for message in self.messages()]

    def wait_for(self, body):
        """Waits for a message with this text and returns it. One of one's own counts once the room has it."""

        def look():
            messages = (message for message in self.messages() if message["body"] == body)
            return next((message for message in messages if message["state"] == "sent"), None)

        return until(look, f"{self.visitor.name} to read '{body}'")

    def people(self):
        """What the list of people says, one text a person. Opens the list and closes it again."""
        self.wait("people-toggle").click()
        self.wait("person")
        people = self.run("return [...root.querySelectorAll('[data-sp=person]')].map(person => person.textContent)")
        self.wait("people-toggle").click()
        until(lambda: not self.find("people"), "the list of people to close")
        return people

    def nick(self):
        return self.text("nick")

    def rename(self, nick):
        """Takes another nick, as one does: click on it, type, Enter."""
        self.wait("nick").click()
        self.wait("nick-input")
        # The old nick is selected, so that typing replaces it.
        self.visitor.press(nick, Keys.ENTER)
        until(lambda: nick in self.text("nick"), f"{self.visitor.name} to be called '{nick}'")

    def row(self, body):
        """The message with this text."""

        def look():
            rows = self.run("return [...root.querySelectorAll('[data-sp=message]')].map(row => "
                            "[row, row.querySelector('[data-sp=body]').textContent.trim()])")
            return next((row for row, text in rows if text == body), None)

        return until(look, f"{self.visitor.name} to see '{body}'")

    def menu(self, body):
        """Opens the menu of a message, as a mouse does, and returns the hooks of what it offers."""

        def hover():
            # What is loaded or moves meanwhile comes under the pointer when it moves again, as a hand does.
            for x in (0, 3):
                ActionChains(self.visitor.driver).move_to_element_with_offset(self.row(body), x, 0).perform()
            return self.find("message-menu")

        self.click(hover, f"the menu of '{body}'")
        return self.offers()

    def click(self, find, what):
        """Clicks on what is found, again if it was drawn anew in the meantime."""

        def attempt():
            element = find()
            if element is None:
                return False
            try:
                element.click()
            except StaleElementReferenceException:
                return False
            return True

        until(attempt, f"{self.visitor.name} to click on {what}")

    def offers(self):
        self.wait("menu")
        return self.run("return [...root.querySelectorAll('[role=menuitem]')].map(item => item.dataset.sp)")

    def person_menu(self, nick):
        """Opens the menu of somebody in the list of people."""
        if not self.find("people"):
            self.wait("people-toggle").click()
        find = "return [...root.querySelectorAll('[data-sp=person-menu]')].find(each => each.value === arguments[0])"
        self.click(lambda: self.run(find, nick), nick)
        return self.offers()

    def fill(self, label, value):
        """Fills the field of a form that has this label."""
        field = until(lambda: self.run(FIELD, label), f"a field '{label}'")
        kind = self.run("const [field] = arguments; return field.type", field)
        if kind == "checkbox":
            if self.run("return arguments[0].checked", field) != value:
                field.click()
        elif kind.startswith("select"):
            self.run("arguments[0].value = arguments[1]", field, value)
        else:
            field.clear()
            field.send_keys(value)

    def lines(self):
        """What stands between the messages."""
        return self.run("return [...root.querySelectorAll('.line')].map(line => line.textContent.trim())")

    def wait_line(self, words):
        return until(lambda: next((line for line in self.lines() if words in line), None),
                     f"{self.visitor.name} to read the line '{words}'")  # fmt: skip

    def focused(self):
        """The hook of the element that has the focus."""
        return self.visitor.run(FOCUSED)

    def run(self, script, *arguments):
        """Runs a function body with `root`, the shadow root, at hand."""
        return self.visitor.run(
            "const root = document.querySelector('samepage-chat').shadowRoot;" + script, *arguments
        )
