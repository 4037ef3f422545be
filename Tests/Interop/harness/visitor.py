"""A visitor of a page without a browser: XMPP over WebSocket (RFC 7395), written down plainly."""

import base64
import contextlib
import itertools
import os
import socket
import struct
import threading
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from . import names
from .listener import Listener

FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"
ADMIN = "http://jabber.org/protocol/muc#admin"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def frame(payload, opcode=TEXT):
    """One masked frame. The mask is of zeros: nobody is between us."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + bytes(4) + payload


class Visitor(Listener):
    """Speaks like the widget. `origin` is the site on whose page it is, `token` what it comes back with."""

    counter = itertools.count(1)

    def __init__(self, name, port, domain, origin="https://example.org", token=None):
        super().__init__(name)
        self.domain = domain
        self.token = token
        self.closed = threading.Event()
        self.stream_errors = []
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.shake_hands(port, origin)
        self.socket.settimeout(None)
        self.reader = threading.Thread(target=self.read_all, daemon=True)
        self.reader.start()
        self.open()

    # The way in.

    def shake_hands(self, port, origin):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (
                f"GET /xmpp-websocket HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Protocol: xmpp\r\n\r\n"
            ).encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self.receive()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head.decode()

    def open(self):
        self.send_open()
        self.expect_element("features")
        trace = base64.b64encode(self.token.encode()).decode() if self.token else "="
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>{trace}</auth>")
        self.expect_element("success")
        start = self.mark()
        self.send_open()
        self.expect_element("features", start)
        answer = self.query("set", None, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
        self.jid = answer.findtext(".//{urn:ietf:params:xml:ns:xmpp-bind}jid")
        self.bare = names.bare(self.jid)

    def send_open(self):
        self.send(f"<open xmlns='{FRAMING}' to='{self.domain}' version='1.0'/>")

    def expect_element(self, name, since=0):
        return self.expect(f"<{name}/>", lambda _: [e for e in self.stanzas[since:] if names.local(e) == name])

    # Bytes.

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed")
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.receive()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read_all(self):
        try:
            while True:
                first, second = self.take(2)
                size = second & 0x7F
                if size == 126:
                    (size,) = struct.unpack("!H", self.take(2))
                elif size == 127:
                    (size,) = struct.unpack("!Q", self.take(8))
                self.handle(first & 0x0F, self.take(size))
        except (OSError, ConnectionError):
            pass
        finally:
            self.closed.set()
            with self.arrival:
                self.arrival.notify_all()

    def handle(self, opcode, payload):
        if opcode == TEXT:
            element = ElementTree.fromstring(payload)
            if element.tag == "{http://etherx.jabber.org/streams}error":
                self.stream_errors.append(names.local(element[0]))
            self.hear(element)
            if element.tag == f"{{{FRAMING}}}close":
                self.send(f"<close xmlns='{FRAMING}'/>")
        elif opcode == PING:
            self.socket.sendall(frame(payload, PONG))
        elif opcode == CLOSE:
            raise ConnectionError("closed by the server")

    def send(self, xml):
        self.socket.sendall(frame(xml.encode()))

    def close_tab(self):
        """Goes as a closed tab goes: without a word of XMPP."""
        with contextlib.suppress(OSError):  # the server was faster
            self.socket.shutdown(socket.SHUT_RDWR)
        self.closed.wait(5)
        self.socket.close()

    def disconnect(self):
        """The end of a scenario; the tab may be closed already."""
        self.close_tab()

    # What a visitor does.

    def fresh_token(self):
        """What brings this visitor back, in another tab or on the next page."""
        answer = self.query("get", self.domain, "<token xmlns='urn:samepage:visitor:0'/>")
        return answer.findtext("{urn:samepage:visitor:0}token")

    def identifier(self):
        return f"{self.name}-{next(self.counter)}"

    def query(self, kind, to, payload, seconds=10):
        """Sends an IQ and waits for its answer."""
        identifier = self.identifier()
        address = f" to={quoteattr(to)}" if to else ""
        self.send(f"<iq xmlns='jabber:client' type='{kind}' id='{identifier}'{address}>{payload}</iq>")
        return self.answer(identifier, seconds)

    def presence(self, to, payload="", kind=None):
        type_of = f" type='{kind}'" if kind else ""
        self.send(f"<presence xmlns='jabber:client' to={quoteattr(to)}{type_of}>{payload}</presence>")

    def ask_in(self, room, nick, page=None):
        """Asks to join as the widget does, naming the page."""
        claim = f"<page xmlns='urn:samepage:page:0' url={quoteattr(page)} title='A page'/>" if page else ""
        self.presence(f"{room}/{nick}", f"<x xmlns='http://jabber.org/protocol/muc'/>{claim}")

    def join(self, room, nick, page=None, seconds=15):
        """Joins, waits for the own presence and returns it."""
        since = self.mark()
        self.ask_in(room, nick, page)
        return self.comes_in(room, nick, since, seconds)

    def message(self, to, payload, kind="groupchat", sender=None):
        """Sends a message and returns its id."""
        identifier = self.identifier()
        forged = f" from={quoteattr(sender)}" if sender else ""
        head = f"<message xmlns='jabber:client' type='{kind}' id='{identifier}' to={quoteattr(to)}{forged}>"
        self.send(f"{head}{payload}</message>")
        return identifier

    def say(self, room, text):
        return self.message(room, f"<body>{escape(text)}</body>")

    def whisper(self, room, nick, text):
        """A private message to an occupant (XEP-0045 §7.5)."""
        payload = f"<body>{escape(text)}</body><x xmlns='http://jabber.org/protocol/muc#user'/>"
        return self.message(f"{room}/{nick}", payload, kind="chat")

    def set_subject(self, room, text):
        return self.message(room, f"<subject>{escape(text)}</subject>")

    def rename(self, room, nick):
        self.presence(f"{room}/{nick}")

    def leave(self, room, nick):
        self.presence(f"{room}/{nick}", kind="unavailable")

    def kick(self, room, nick, reason):
        return self.administer(room, f"nick={quoteattr(nick)} role='none'", reason)

    def ban(self, room, jid, reason):
        return self.administer(room, f"jid={quoteattr(jid)} affiliation='outcast'", reason)

    def administer(self, room, attributes, reason):
        entry = f"<item {attributes}><reason>{escape(reason)}</reason></item>"
        answer = self.query("set", room, f"<query xmlns='{ADMIN}'>{entry}</query>")
        assert answer.get("type") == "result", names.condition(answer)
