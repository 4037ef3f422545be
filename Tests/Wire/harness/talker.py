"""Clients that do not give up: they talk in a room while the network fails, over BOSH or over WebSocket with XEP-0198.

Each notes what it hears, in order. Nothing here repairs what a transport should have done: a message that is lost or
comes twice is in `heard` as it came.
"""

import asyncio
import itertools
import random
import re
import struct
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from .http import request
from .managed import BIND, SASL2, SM, acknowledge, authenticate, is_stanza, resume
from .websocket import CLOSE, PING, PONG, TEXT, frame, handshake
from .xmpp import CLIENT, FRAMING, OPEN, STREAMS

HTTP_BIND = "http://jabber.org/protocol/httpbind"
# What a broken network looks like from here.
BROKEN = (OSError, EOFError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.TimeoutError)
LIMIT = 2_000_000


class SessionLost(Exception):
    """What must not happen: the server has forgotten us."""


class Talker:
    def __init__(self, port, nick, seed):
        self.port = port
        self.nick = nick
        self.random = random.Random(f"{seed} {nick}")
        self.heard = []
        self.jid = None
        self.breaks = 0
        self.ids = itertools.count(1)
        self.has_joined = False
        self.changed = asyncio.Event()
        self.task = None

    def start(self):
        self.task = asyncio.ensure_future(self.run())
        return self

    async def stop(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def join(self, room):
        self.room = room
        self.send(f'<presence xmlns="jabber:client" to={quoteattr(f"{room}/{self.nick}")}>'
                  '<x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>')  # fmt: skip

    def say(self, body):
        self.send(f'<message xmlns="jabber:client" type="groupchat" id="m{next(self.ids)}" to={quoteattr(self.room)}>'
                  f"<body>{body}</body></message>")  # fmt: skip

    def note(self, element):
        """A stanza came."""
        if element.get("type") == "error":
            raise SessionLost(f"{self.nick} was refused: {ElementTree.tostring(element)!r}")
        body = element.findtext(CLIENT + "body")
        if element.tag == CLIENT + "message" and body is not None:
            self.heard.append((element.get("from").rpartition("/")[2], body))
        elif element.tag == CLIENT + "message" and element.find(CLIENT + "subject") is not None:
            self.has_joined = True
        self.changed.set()

    async def until(self, condition, what, seconds):
        """Waits for it, or until the session is lost."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            if self.task.done():
                self.task.result()
                raise SessionLost(f"{self.nick} has stopped")
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise AssertionError(f"{self.nick} waited for {what}; {len(self.heard)} heard, {self.breaks} breaks")
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.5))
            except asyncio.TimeoutError:
                pass

    async def hear(self, count, seconds):
        await self.until(lambda: len(self.heard) >= count, f"{count} messages", seconds)

    async def rest(self):
        """Before another attempt."""
        self.breaks += 1
        await asyncio.sleep(self.random.uniform(0.005, 0.05))


class BOSHTalker(Talker):
    """XEP-0124 as a client should do it: two requests at most, the very same bytes again for what has no answer, answers
    in the order of the rids."""

    wait, window = 20, 2

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.outbox = []
        self.sid = None
        self.answers = {}
        self.requests = {}
        self.wake = asyncio.Event()

    def send(self, stanza):
        self.outbox.append(stanza)
        self.wake.set()

    async def run(self):
        creation = f"to='localhost' wait='{self.wait}' hold='1' ver='1.11' xmpp:version='1.0'"
        # A request that makes a session is not repeated: each makes one of its own.
        while self.sid is None:
            self.rid = self.random.randrange(1, 1 << 50)
            try:
                answer = await self.post(self.body(creation, authenticate("<bind xmlns='urn:xmpp:bind:0'/>")))
            except BROKEN:
                await self.rest()
                continue
            self.jid = answer.findtext(f"{SASL2}success/{SASL2}authorization-identifier")
            self.sid = answer.get("sid")
        self.rid += 1
        self.next_answer = self.rid
        try:
            while True:
                self.wake.clear()
                self.ask()
                for task in self.requests.values():
                    if task.done():
                        task.result()
                await self.wake.wait()
        finally:
            for task in self.requests.values():
                task.cancel()
            await asyncio.gather(*self.requests.values(), return_exceptions=True)

    def ask(self):
        """There is always a request for the server to answer, and one more for what is to be said."""
        while self.rid - self.next_answer < (self.window if self.outbox else 1):
            data = self.body(payload="".join(self.outbox[:20]))
            del self.outbox[:20]
            self.requests[self.rid] = asyncio.ensure_future(self.insist(self.rid, data))
            self.rid += 1

    async def insist(self, rid, data):
        try:
            while True:
                try:
                    answer = await self.post(data)
                except BROKEN:
                    await self.rest()
                    continue
                if answer.get("type") == "terminate":
                    raise SessionLost(f"{self.nick}, {rid}: {answer.get('condition')}")
                # XEP-0124 §17.3.
                if answer.get("type") != "error":
                    return self.take(rid, answer)
        finally:
            self.wake.set()

    def take(self, rid, answer):
        self.answers[rid] = answer
        while (answer := self.answers.pop(self.next_answer, None)) is not None:
            self.requests.pop(self.next_answer, None)
            self.next_answer += 1
            for element in answer:
                self.note(element)

    def body(self, attributes="", payload=""):
        sid = f" sid='{self.sid}'" if self.sid else ""
        rid = self.rid
        return (f"<body xmlns='{HTTP_BIND}' xmlns:xmpp='urn:xmpp:xbosh' rid='{rid}'{sid} {attributes}>{payload}</body>").encode()

    async def post(self, data):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=LIMIT)
        try:
            writer.write(request("POST", "/http-bind", f"Content-Length: {len(data)}", body=data))
            return await asyncio.wait_for(self.read_answer(reader), self.wait + 10)
        finally:
            writer.close()

    @staticmethod
    async def read_answer(reader):
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        return ElementTree.fromstring(await reader.readexactly(length))


class SocketTalker(Talker):
    """RFC 7395 with XEP-0198: comes back with `<resume/>`, and sends again what the server has not counted."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.id = None
        self.token = None
        self.handled = 0
        self.acknowledged = 0
        # What the server has not said it has handled.
        self.unacknowledged = []
        self.writer = None
        self.resumptions = 0

    def send(self, stanza):
        self.unacknowledged.append(stanza)
        if self.writer is not None:
            self.write(stanza)
            if len(self.unacknowledged) % 10 == 0:
                self.write('<r xmlns="urn:xmpp:sm:3"/>')

    def write(self, text):
        # What is not written now is sent again by whoever resumes.
        if not self.writer.is_closing():
            self.writer.write(frame(TEXT, text.encode()))

    async def run(self):
        while True:
            try:
                await self.connect()
            except BROKEN:
                pass
            finally:
                self.writer = None
            await self.rest()

    async def connect(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=LIMIT)
        try:
            writer.write(handshake())
            inline = [BIND] if self.id is None else [resume(self.id, self.handled)]
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            assert head.startswith(b"HTTP/1.1 101 "), head
            # Both in one segment: nothing is waited for.
            hello = authenticate(*inline, token=self.token)
            writer.write(frame(TEXT, OPEN.encode()) + frame(TEXT, hello.encode()))
            while True:
                # The server pings every 30 s.
                opcode, payload = await asyncio.wait_for(read_frame(reader), 45)
                if opcode == CLOSE:
                    raise EOFError
                if opcode == PING:
                    writer.write(frame(PONG, payload))
                if opcode == TEXT:
                    self.take(ElementTree.fromstring(payload), writer)
        finally:
            writer.close()

    def take(self, element, writer):
        if is_stanza(element):
            self.handled += 1
            self.note(element)
        elif element.tag == SM + "r":
            self.write(acknowledge(self.handled))
        elif element.tag == SM + "a":
            self.confirm(int(element.get("h")))
        elif element.tag == SASL2 + "success":
            self.begin(element, writer)
        elif element.tag == STREAMS + "error":
            # Of a session that goes on elsewhere: a connection that was replaced before it was seen to be lost.
            if element[0].tag.endswith("}conflict"):
                raise EOFError
            raise SessionLost(f"{self.nick}: {ElementTree.tostring(element)!r}")
        elif element.tag not in (FRAMING + "open", STREAMS + "features", FRAMING + "close"):
            raise SessionLost(f"{self.nick}: {ElementTree.tostring(element)!r}")

    def begin(self, success, writer):
        self.token = success.findtext("{urn:samepage:visitor:0}token") or self.token
        resumed = success.find(SM + "resumed")
        if self.id is None:
            self.jid = success.findtext(SASL2 + "authorization-identifier")
            self.id = success.find(f"{{urn:xmpp:bind:0}}bound/{SM}enabled").get("id")
        elif resumed is None:
            raise SessionLost(f"{self.nick} was not resumed: {ElementTree.tostring(success)!r}")
        else:
            self.resumptions += 1
            self.confirm(int(resumed.get("h")))
        self.writer = writer
        for stanza in self.unacknowledged:
            self.write(stanza)

    def confirm(self, h):
        """RFC-like arithmetic is not needed: no test sends 2^32 stanzas."""
        assert self.acknowledged <= h <= self.acknowledged + len(self.unacknowledged), f"{h} is not what was sent"
        del self.unacknowledged[: h - self.acknowledged]
        self.acknowledged = h


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack(">H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack(">Q", await reader.readexactly(8))
    return first & 0x0F, await reader.readexactly(size)
