"""What the scenarios have in common: people who are gone afterwards, and no crash left unseen."""

import unittest

from common.runner import sentence

from .shared import browser_visitor, until

__all__ = ["InteropTest", "only", "sentence", "until"]

# Names and texts in which everything is that XML, HTML and JIDs care about. Nicks keep to Unicode 3.2, whose characters
# every server takes in a JID (RFC 6122); texts may have anything.
VISITOR_NICK = "Ann <&\"'> ☃"
PERSON_NICK = "Romeo <&\"'> ❤"
TEXT = "<b>&amp;</b> \"double\" 'single' ]]> 🦊 👩‍👩‍👧"


def only(shape):
    """A scenario that makes sense in one shape."""

    def mark(test):
        test.only = shape
        return test

    return mark


class InteropTest(unittest.TestCase):
    """`world` is set by the runner, and is the same for many scenarios; each has a page and people of its own."""

    world = None
    figures = []  # measured, for the report

    def setUp(self):
        self.people = []
        self.browsers = []
        self.bridges = []
        self.world.mend()
        self.server = self.world.server
        self.bridge = self.world.bridge
        self.page = self.world.new_page()
        self.room = self.bridge.room(self.page)

    def visitor(self, name):
        """A visitor of the page who has connected and joined nothing yet."""
        visitor = self.world.visitor(name)
        self.people.append(visitor)
        return visitor

    def visitor_here(self, name, nick=None):
        """A visitor in the page's room."""
        visitor = self.visitor(name)
        visitor.join(self.room, nick or name, self.page)
        return visitor

    def tab(self, visitor, name):
        """Another tab of a visitor's browser, which has joined nothing yet."""
        tab = self.world.visitor(name, visitor.fresh_token())
        self.people.append(tab)
        self.assertEqual(tab.bare, visitor.bare)
        return tab

    def tab_here(self, visitor, name, nick):
        """Another tab, on the same page under the same nick."""
        tab = self.tab(visitor, name)
        tab.join(self.room, nick, self.page)
        return tab

    def person(self, name):
        person = self.world.person(name)
        self.people.append(person)
        return person

    def person_here(self, name, nick=None):
        """An XMPP user in the page's room. Where the server hosts the rooms, a visitor has to have been there first."""
        person = self.person(name)
        person.join(self.room, nick or name.capitalize())
        return person

    def browser(self, name):
        visitor = browser_visitor(name)
        self.browsers.append(visitor)
        return visitor

    def talk(self, *people):
        """Everybody says something, and everybody reads it."""
        for speaker in people:
            text = f"{speaker.name} speaks, {speaker.mark()}"
            speaker.say(self.room, text)
            for listener in people:
                listener.read(text)

    def tell_figure(self, line):
        InteropTest.figures.append(line)

    def assertLinkStayedUp(self, before):
        """That none of the connections of `before`, which is `bridge.links()` of then, has ended."""
        self.assertTrue(before, "there was no link")
        self.assertLessEqual(before, self.bridge.links(), f"the link broke:\n{self.bridge.tail(1500)}")
        self.assertTrue(self.bridge.is_linked(), self.bridge.get("/readyz"))

    def tearDown(self):
        faults = []
        if self._outcome.result.stories:
            faults.append(f"samepage said:\n{self.bridge.tail(2500)}")
        for browser in self.browsers:
            faults += browser.problems()
            browser.leave()
        for visitor in self.people:
            try:
                visitor.disconnect()
            except Exception as error:  # who was cut off on purpose
                faults.append(f"{visitor.name} could not go: {error}")
        for bridge in self.bridges:
            faults += bridge.faults()
            bridge.remove()
        if not self.bridge.is_running and self.bridge.process.returncode not in (0, -9):
            faults.append(f"samepage ended with {self.bridge.process.returncode}")
        if faults:
            self.fail("\n".join(faults))
