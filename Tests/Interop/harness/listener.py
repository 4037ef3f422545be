"""What somebody got from the network, and waiting for more of it."""

import threading
import time
from xml.etree import ElementTree

from . import names


class Listener:
    """The stanzas that reached one person, in order, each with the moment of its arrival.

    `hear` is called from the thread that reads; everything else from the test.
    """

    def __init__(self, name):
        self.name = name
        self.stanzas = []
        self.moments = []
        self.arrival = threading.Condition()

    def hear(self, stanza):
        with self.arrival:
            self.stanzas.append(stanza)
            self.moments.append(time.monotonic())
            self.arrival.notify_all()

    def all(self, kind=None):
        with self.arrival:
            return [stanza for stanza in self.stanzas if kind is None or names.local(stanza) == kind]

    def expect(self, what, find, seconds=10):
        """Waits until `find(self)` is true and returns it."""
        deadline = time.monotonic() + seconds
        with self.arrival:
            while True:
                found = find(self)
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or not self.arrival.wait(left):
                    found = find(self)
                    if found:
                        return found
                    raise AssertionError(f"{self.name} waited {seconds} s for {what}; got last:\n{self.last()}")

    def last(self, count=6):
        return "\n".join(ElementTree.tostring(stanza, "unicode")[:600] for stanza in self.stanzas[-count:])

    # What a person looks for.

    def messages(self, text, kind="groupchat"):
        return [
            stanza
            for stanza in self.all("message")
            if names.body(stanza) == text and stanza.get("type", "normal") == kind
        ]

    def read(self, text, kind="groupchat", seconds=10):
        """Waits for a message with this text and returns it."""
        found = self.expect(f"the {kind} message '{text[:60]}'", lambda _: self.messages(text, kind), seconds)
        return found[0]

    def arrived(self, stanza):
        with self.arrival:
            return self.moments[next(index for index, each in enumerate(self.stanzas) if each is stanza)]

    def bodies(self, room):
        """The texts that occupants of the room said, in the order of their arrival; notices of the room itself are not
        among them."""
        return [
            names.body(stanza)
            for stanza in self.all("message")
            if stanza.get("type") == "groupchat"
            and (stanza.get("from") or "").startswith(room + "/")
            and names.body(stanza)
        ]

    def occupants(self, room):
        """Who is in the room by the presences that came: nick to its last presence."""
        here = {}
        for presence in self.all("presence"):
            nick = names.resource(presence.get("from"))
            # ejabberd also sends a presence of the room itself, for its vCard.
            if names.bare(presence.get("from")) != room or presence.get("type") == "error" or not nick:
                continue
            if presence.get("type") == "unavailable":
                here.pop(nick, None)
            else:
                here[nick] = presence
        return here

    def sees(self, room, nick, seconds=10):
        """Waits until somebody of this nick is in the room and returns the presence."""
        self.expect(f"{nick} to be in the room", lambda _: nick in self.occupants(room), seconds)
        return self.occupants(room)[nick]

    def comes_in(self, room, nick, since, seconds):
        """Waits until one's own join is answered and returns the presence."""

        def look(_):
            return [
                presence
                for presence in self.stanzas[since:]
                if names.local(presence) == "presence"
                and presence.get("from") == f"{room}/{nick}"
                and presence.get("type") in (None, "error")
            ]

        presence = self.expect(f"coming in as {nick}", look, seconds)[0]
        if presence.get("type") == "error":
            raise AssertionError(f"{self.name} may not come in as {nick}: {names.condition(presence)}")
        return presence

    def sees_leave(self, room, nick, since=0, seconds=10):
        """Waits until whoever has this nick leaves and returns the presence. `since`: only what came after `mark()`."""

        def look(_):
            return [
                presence
                for presence in self.stanzas[since:]
                if names.local(presence) == "presence"
                and presence.get("type") == "unavailable"
                and presence.get("from") == f"{room}/{nick}"
            ]

        return self.expect(f"{nick} to leave", look, seconds)[-1]

    def mark(self):
        with self.arrival:
            return len(self.stanzas)

    def error(self, identifier, seconds=10):
        """Waits for the error that answers the stanza with this id: `wait/remote-server-timeout`."""

        def look(_):
            return [each for each in self.stanzas if each.get("type") == "error" and each.get("id") == identifier]

        return names.condition(self.expect(f"an error for {identifier}", look, seconds)[0])

    def answer(self, identifier, seconds=10):
        """Waits for the result or error of an IQ."""

        def look(_):
            answers = [each for each in self.stanzas if each.get("type") in ("result", "error")]
            return [each for each in answers if names.local(each) == "iq" and each.get("id") == identifier]

        return self.expect(f"an answer to {identifier}", look, seconds)[0]

    def subject(self, room):
        """The room's subject as last told, None before any."""
        told = [
            stanza.findtext(f"{names.CLIENT}subject")
            for stanza in self.all("message")
            if names.bare(stanza.get("from")) == room
            and stanza.find(f"{names.CLIENT}subject") is not None
            and names.body(stanza) is None
        ]
        return told[-1] or "" if told else None
