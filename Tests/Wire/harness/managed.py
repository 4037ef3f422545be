"""A client that comes up in one round trip (SASL2, Bind 2) and keeps its session over cuts (XEP-0198)."""

import base64
import contextlib
import socket
import struct
from xml.sax.saxutils import quoteattr

from .connection import Ended
from .websocket import CLOSE, frame
from .xmpp import CLIENT, END, FRAMING, OPEN, STREAMS, Client

SASL2 = "{urn:xmpp:sasl:2}"
BIND2 = "{urn:xmpp:bind:0}"
SM = "{urn:xmpp:sm:3}"
TOKEN = "{urn:samepage:visitor:0}token"

ENABLE = '<enable xmlns="urn:xmpp:sm:3" resume="true"/>'
REQUEST = '<r xmlns="urn:xmpp:sm:3"/>'
BIND = f'<bind xmlns="urn:xmpp:bind:0"><tag>samepage</tag>{ENABLE}</bind>'


def resume(id, h):
    return f'<resume xmlns="urn:xmpp:sm:3" previd={quoteattr(str(id))} h={quoteattr(str(h))}/>'


def acknowledge(h):
    return f'<a xmlns="urn:xmpp:sm:3" h="{h}"/>'


def authenticate(*inline, token=None):
    response = base64.b64encode(token.encode()).decode() if token else "="
    return (
        '<authenticate xmlns="urn:xmpp:sasl:2" mechanism="ANONYMOUS">'
        f"<initial-response>{response}</initial-response>"
        '<user-agent id="d4565fa7-4d72-4749-b3d3-740edbf87770"><software>wire</software></user-agent>'
        f'{"".join(inline)}</authenticate>'
    )


def authenticate_classically(token):
    """SASL of RFC 6120 with a token."""
    encoded = base64.b64encode(token.encode()).decode()
    return f'<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS">{encoded}</auth>'


def is_stanza(element):
    return element.tag in (CLIENT + "message", CLIENT + "presence", CLIENT + "iq")


class ManagedClient(Client):
    """Counts stanzas and answers `<r/>`, unless `answers` is off. `former` is the client whose session is wanted back."""

    def __init__(self, port, *inline, former=None, token=None, bind=True, h=None, **how):
        super().__init__(port, until=None, **how)
        self.handled = former.handled if former else 0
        self.sent = 0
        self.answers = True
        self.id = None
        self.acknowledged = None
        token = token or (former.token if former else None)
        requests = list(inline)
        if former:
            requests.append(resume(former.id, former.handled if h is None else h))
        if bind:
            requests.append(BIND)
        # Everything in one segment: nothing is waited for.
        self.send(frame(1, OPEN.encode()) + frame(1, authenticate(*requests, token=token).encode()))
        self.expect(FRAMING + "open")
        self.first_features = self.expect(STREAMS + "features")
        self.success = self.next()
        if isinstance(self.success, int) or self.success.tag != SASL2 + "success":
            return
        self.jid = self.success.findtext(SASL2 + "authorization-identifier")
        self.token = self.success.findtext(TOKEN) or token
        self.resumed = self.success.find(SM + "resumed")
        self.failed = self.success.find(SM + "failed")
        self.bound = self.success.find(BIND2 + "bound")
        if self.resumed is not None:
            self.id = former.id
            return
        self.handled = 0
        self.features = self.expect(STREAMS + "features")
        enabled = self.bound.find(SM + "enabled") if self.bound is not None else None
        if enabled is not None:
            self.enabled = enabled
            self.id = enabled.get("id")

    def next(self):
        while True:
            element = super().next()
            if isinstance(element, int):
                return element
            if is_stanza(element):
                self.handled += 1
            elif element.tag == SM + "r":
                if self.answers:
                    self.send_text(acknowledge(self.handled))
                continue
            return element

    def send_text(self, text):
        if text.startswith(("<message", "<presence", "<iq")):
            self.sent += 1
        super().send_text(text)

    def ask(self):
        """How many of our stanzas the server has handled; everything before its answer is dropped."""
        self.send_text(REQUEST)
        return int(self.find(lambda element: element.tag == SM + "a", "the answer to <r/>").get("h"))

    def cut(self):
        """The connection dies without a word of WebSocket."""
        # No lingering: the peer sees a reset, as from a network that is gone.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def leave_page(self, code=1001):
        """What a browser does with the WebSocket of a page that is left."""
        self.send(frame(CLOSE, struct.pack(">H", code)))
        try:
            self.read_close()
        except Ended:
            pass
        self.close()

    def quit(self):
        """Ends the session, if this is still its connection, so that it does not linger."""
        with contextlib.suppress(OSError, Ended, AssertionError):
            self.send_text(END)
            self.read_end()
        self.close()

    def bodies(self, until):
        """The bodies of messages up to and with `until`."""
        seen = []
        while not seen or seen[-1] != until:
            body = self.find(lambda element: element.findtext(CLIENT + "body") is not None, f"the message {until!r}")
            seen.append(body.findtext(CLIENT + "body"))
        return seen
