"""What the tests of stream management have in common."""

import random

from .case import MANY, WireTest
from .managed import ManagedClient
from .xmpp import CLIENT, statuses

# Many messages in a short time, and everything else as ever.
TALKATIVE = ("--limits-message-rate", "unlimited", "--limits-stanza-rate", "unlimited",
             "--moderation-flood-messages", "1000000")  # fmt: skip
FAST = (*MANY, *TALKATIVE)


def is_about(nick):
    """Presence of this occupant."""
    return lambda element: element.tag == CLIENT + "presence" and element.get("from", "").endswith("/" + nick)


class ManagementTest(WireTest):
    def managed(self, *inline, **how):
        client = ManagedClient(self.port, *inline, tls=self.tls, **how)
        self.addCleanup(client.quit)
        return client

    def joined(self, nick, **how):
        client = self.managed(**how)
        client.join(self.room, nick)
        return client

    def watcher(self, nick):
        """An occupant whose own stream is not managed."""
        client = self.client()
        client.join(self.room, nick)
        return client

    def back(self, former, **how):
        """The client again, with its session."""
        client = self.managed(former=former, **how)
        self.assertIsNotNone(client.resumed, "the session cannot be resumed")
        self.assertEqual(client.jid, former.jid)
        client.sent = former.sent
        return client

    def assert_gone(self, observer, nick, *codes, heard=()):
        """The next that is heard of an occupant, if not `heard` already, is that it has left, for these reasons."""
        gone = next((element for element in heard if is_about(nick)(element)), None)
        if gone is None:
            gone = observer.find(is_about(nick), f"presence of {nick}")
        self.assertEqual((gone.get("type"), statuses(gone)), ("unavailable", set(codes)))

    def assert_heard_nothing_of(self, nick, observer, room=None):
        """Of all that the observer has been sent so far, nothing is about that occupant's coming and going."""
        id = f"mark-{random.random()}"
        observer.say(room or self.room, id)
        while True:
            element = observer.next()
            self.assertFalse(is_about(nick)(element), f"{nick} {element.get('type', 'came')}")
            if element.findtext(CLIENT + "body") == id:
                return
