"""Just enough XMPP over WebSocket (RFC 7395) to join a room."""

import itertools
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from .connection import Ended
from .websocket import CLOSE, PING, PONG, TEXT, WebSocket, frame

CLIENT = "{jabber:client}"
FRAMING = "{urn:ietf:params:xml:ns:xmpp-framing}"
STREAMS = "{http://etherx.jabber.org/streams}"
STREAM_ERRORS = "{urn:ietf:params:xml:ns:xmpp-streams}"
STANZA_ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
SASL = "{urn:ietf:params:xml:ns:xmpp-sasl}"
BIND = "{urn:ietf:params:xml:ns:xmpp-bind}"
MUC_USER = "{http://jabber.org/protocol/muc#user}"

OPEN = '<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>'
END = '<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>'
AUTH = '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>'
BIND_REQUEST = (
    '<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>'
)
PING_REQUEST = '<iq xmlns="jabber:client" type="get" id="{id}"><ping xmlns="urn:xmpp:ping"/></iq>'


def condition(element, namespace):
    """The name of the first child in this namespace."""
    return next((child.tag.removeprefix(namespace) for child in element if child.tag.startswith(namespace)), None)


def stream_error(element):
    return condition(element, STREAM_ERRORS) if element.tag == STREAMS + "error" else None


def stanza_error(stanza):
    """Type and condition of a stanza of type error, else None."""
    error = stanza.find(CLIENT + "error")
    return (error.get("type"), condition(error, STANZA_ERRORS)) if error is not None else None


def statuses(presence):
    return {int(status.get("code")) for status in presence.iter(MUC_USER + "status")}


class Client(WebSocket):
    """Answers pings unless `pongs` is off. `until` is how far the session is taken: open, auth, bind."""

    def __init__(self, port, *fields, until="bind", **how):
        super().__init__(port, *fields, **how)
        self.ids = itertools.count(1)
        self.pongs = True
        self.jid = None
        if until in ("open", "auth", "bind"):
            self.open()
        if until in ("auth", "bind"):
            self.send_text(AUTH)
            self.expect(SASL + "success")
            self.open()
        if until == "bind":
            self.send_text(BIND_REQUEST)
            self.jid = self.expect(CLIENT + "iq").find(f"{BIND}bind/{BIND}jid").text

    def open(self):
        self.send_text(OPEN)
        self.expect(FRAMING + "open")
        return self.expect(STREAMS + "features")

    def next(self):
        """The next element; an int is the code of a close frame."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == TEXT:
                return ElementTree.fromstring(payload)
            if opcode == PING and self.pongs:
                self.send(frame(PONG, payload))
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    def expect(self, tag):
        element = self.next()
        assert not isinstance(element, int), f"close {element} instead of {tag}"
        assert element.tag == tag, f"instead of {tag}: {ElementTree.tostring(element)!r}"
        return element

    def find(self, matches, what):
        """The next element that matches; those before it are dropped."""
        while True:
            element = self.next()
            assert not isinstance(element, int), f"close {element} while waiting for {what}"
            if matches(element):
                return element

    def read_end(self):
        """How the session ends: the condition of its stream error, whether `<close/>` came, the close frame's code, and
        how the connection went."""
        error, has_closed = None, False
        while True:
            try:
                element = self.next()
            except Ended:
                return error, has_closed, None, self.ending
            if isinstance(element, int):
                rest = self.read_to_end()
                assert not rest, f"after the close frame: {rest!r}"
                return error, has_closed, element, self.ending
            error = stream_error(element) or error
            has_closed = has_closed or element.tag == FRAMING + "close"

    def ping(self):
        """A round trip through the server; everything that came before its answer is dropped."""
        id = f"ping-{next(self.ids)}"
        self.send_text(PING_REQUEST.format(id=id))
        return self.find(lambda element: element.get("id") == id, "the answer to a ping").get("type") == "result"

    def join(self, room, nick):
        """Joins and returns everything up to the subject, which comes last."""
        to = quoteattr(f"{room}/{nick}")
        self.send_text(f'<presence xmlns="jabber:client" to={to}><x xmlns="http://jabber.org/protocol/muc"/></presence>')
        seen = []
        while not seen or seen[-1].find(CLIENT + "subject") is None:
            seen.append(self.find(lambda _: True, "the subject"))
            assert seen[-1].get("type") != "error", stanza_error(seen[-1])
        return seen

    def say(self, room, body, id=None):
        id = id or f"m{next(self.ids)}"
        to = quoteattr(room)
        self.send_text(
            f'<message xmlns="jabber:client" type="groupchat" id="{id}" to={to}><body>{body}</body></message>'
        )
        return id

    def hear(self, body):
        return self.find(lambda element: element.findtext(CLIENT + "body") == body, f"the message {body!r}")
