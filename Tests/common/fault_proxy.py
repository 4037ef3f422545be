"""A network that fails on purpose: a proxy on loopback, between clients and a server, drawing its faults from a seed.

    with FaultProxy(server.port, seed=7, faults=Faults(life=(0.2, 0.8), lose_answer=0.1)) as proxy:
        connect(proxy.port)
        proxy.cut()                 # every connection breaks, now
        proxy.mode = OFFLINE        # nobody gets through; existing connections break
        proxy.faults = Faults()     # a good network again, for what comes from now on

Works on TCP (any byte may be the last of a connection) and, where what passes is HTTP, on requests and answers. May be
used from any thread. Bounded in connections, memory and time: after `LIFETIME` seconds it closes by itself. The order of
events on sockets is not the seed's to decide, so a run with the same seed is alike, not the same.
"""

import asyncio
import random
import socket
import struct
import threading
import time
from dataclasses import dataclass

OPEN = "open"
# Connections are refused, and those that are there break.
OFFLINE = "offline"
# Connections are accepted, and nothing passes any more; when this is over, it goes on as after a lost packet.
BLACK_HOLE = "black hole"
# HTTP passes, and WebSockets are refused as a proxy of a company does it.
NO_UPGRADE = "no upgrade"

CONNECTIONS = 500
CHUNK = 16_384
BODY = 1_048_576
# Pieces of data that are noted, and bytes of each.
TRACE, HEAD = 10_000, 4_000
LIFETIME = 900
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Faults:
    """Pairs are the ends of a range to draw from; probabilities are from 0 to 1. Nothing is at fault by default."""

    # Seconds that a connection lives, and bytes that pass on it in both directions, before it is cut.
    life: tuple = None
    bytes: tuple = None
    # Seconds between the moments at which the two ends of a connection learn that it is cut.
    lag: tuple = (0, 0)
    # Seconds by which each piece of data is late. Order is kept, as TCP does.
    delay: tuple = (0, 0)

    # For each HTTP request whose path is `path`: it is lost on its way, or its answer is; the connection breaks.
    lose_request: float = 0
    lose_answer: float = 0
    # A copy is sent to the server as well, by another connection; its answer goes nowhere.
    double: float = 0
    # It is kept back for so many seconds, so that others overtake it.
    keep_back: tuple = (0, 0)
    path: str = "/http-bind"

    @property
    def any(self):
        return self != Faults()


class Broken(Exception):
    """This connection is over."""


class FaultProxy:
    def __init__(self, target, seed, faults=None, host="127.0.0.1"):
        self.target = target
        self.host = host
        self.seed = seed
        self.faults = faults or Faults()
        # Connections that were broken; requests or answers that were lost with theirs; requests that were doubled.
        self.cuts = 0
        self.lost = 0
        self.doubled = 0
        self.connections = 0
        # (time, connection, "up" or "down", how it begins): what passed, for those who count round trips.
        self.trace = []
        # The connections that have become WebSockets.
        self.websockets = []
        self.random = random.Random(seed)
        self._mode = OPEN
        self._tasks = set()
        self._open = {}
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server((host, 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="fault proxy", daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self._thread.is_alive():
            self._call(self._stopped.set)
            self._thread.join(10)

    @property
    def mode(self):
        return self._mode

    @mode.setter
    def mode(self, mode):
        def change():
            self._mode = mode
            if mode == BLACK_HOLE:
                self._passable.clear()
            else:
                self._passable.set()

        self._call(change)
        if mode == OFFLINE:
            self.cut()

    def cut(self):
        """Breaks every connection; returns how many there were."""
        return self._call(self._cut)

    # MARK: the loop

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    def _call(self, function):
        """Runs a function on the loop and waits for it."""
        done = threading.Event()
        result = []

        def run():
            result.append(function())
            done.set()

        while not hasattr(self, "_stopped"):
            time.sleep(0.001)
        self._loop.call_soon_threadsafe(run)
        assert done.wait(10), "the proxy does not answer"
        return result[0]

    async def _serve(self):
        self._passable = asyncio.Event()
        self._passable.set()
        self._stopped = asyncio.Event()
        server = await asyncio.start_server(self._accept, sock=self._listener, limit=BODY)
        try:
            await asyncio.wait_for(self._stopped.wait(), LIFETIME)
        except asyncio.TimeoutError:
            pass
        server.close()
        while self._tasks:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.wait(self._tasks, timeout=1)

    def _cut(self):
        for connection in list(self._open):
            connection.cut()
        return len(self._open)

    async def _accept(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        self.connections += 1
        connection = Connection(self, self.connections, reader, writer)
        self._open[connection] = task
        try:
            if self._mode != OFFLINE and len(self._open) <= CONNECTIONS:
                await connection.serve()
        except (Broken, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self._open.pop(connection, None)
            await connection.end()
            self._tasks.discard(task)

    # MARK: what the connections use

    def draw(self, bounds):
        return self.random.uniform(*bounds)

    def happens(self, probability):
        return probability > 0 and self.random.random() < probability

    async def wait_until_passable(self):
        await self._passable.wait()

    def note(self, connection, direction, data):
        if len(self.trace) < TRACE:
            self.trace.append((time.monotonic(), connection, direction, bytes(data[:HEAD])))


class Connection:
    """A client, and the connections to the server made for it."""

    def __init__(self, proxy, number, reader, writer):
        self.proxy = proxy
        self.number = number
        self.reader = reader
        self.writer = writer
        self.upstream = None
        self.task = asyncio.current_task()
        faults = proxy.faults
        self.left = int(proxy.draw(faults.bytes)) if faults.bytes else None
        self.timer = None
        if faults.life:
            self.timer = asyncio.get_running_loop().call_later(proxy.draw(faults.life), self.cut)

    def cut(self):
        self.proxy.cuts += 1
        self.task.cancel()

    async def end(self):
        """Both ends learn of it, the one or the other first; as a rule by a reset, as from a network that is gone."""
        if self.timer:
            self.timer.cancel()
        ends = [end for end in (self.writer, self.upstream and self.upstream[1]) if end]
        self.proxy.random.shuffle(ends)
        reset = self.proxy.happens(0.7)
        for index, writer in enumerate(ends):
            if index:
                lag = self.proxy.draw(self.proxy.faults.lag)
                try:
                    await asyncio.sleep(lag)
                except asyncio.CancelledError:
                    pass
            close(writer, reset)

    async def connect(self):
        await self.proxy.wait_until_passable()
        return await asyncio.open_connection(self.proxy.host, self.proxy.target, limit=BODY)

    async def serve(self):
        try:
            while True:
                await self.serve_request()
        except asyncio.CancelledError:
            raise Broken from None

    # MARK: HTTP

    async def serve_request(self):
        proxy = self.proxy
        message = await self.read_message(self.reader, "up")
        await proxy.wait_until_passable()
        if message.upgrades:
            if proxy.mode == NO_UPGRADE:
                self.writer.write(REFUSAL)
                await self.writer.drain()
                close(self.writer, reset=False)
                raise Broken
            return await self.tunnel(message)
        faults = proxy.faults
        if message.path != faults.path:
            faults = Faults()
        await asyncio.sleep(proxy.draw(faults.keep_back))
        if proxy.happens(faults.lose_request):
            proxy.lost += 1
            raise Broken
        if proxy.happens(faults.double):
            proxy.doubled += 1
            proxy._tasks.add(copy := asyncio.ensure_future(self.send_copy(message)))
            copy.add_done_callback(proxy._tasks.discard)
        answer = await self.exchange(message)
        if proxy.happens(faults.lose_answer):
            proxy.lost += 1
            raise Broken
        await self.write(self.writer, answer.data)
        if answer.closes:
            raise Broken

    async def exchange(self, message):
        """Sends a request and reads its answer, unless the client goes away meanwhile."""
        if self.upstream is None or self.upstream[0].at_eof():
            self.upstream = await self.connect()
        reader, writer = self.upstream
        await self.write(writer, message.data)
        answer = asyncio.ensure_future(self.read_message(reader, "down", to=message.method))
        gone = asyncio.ensure_future(self.wait_for_end())
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise Broken
            return answer.result()
        finally:
            for task in (answer, gone):
                task.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)

    async def wait_for_end(self):
        """Returns when the client has closed. What it says while its request is held waits in the reader."""
        while not self.reader.at_eof() and self.reader.exception() is None:
            await asyncio.sleep(0.02)

    async def send_copy(self, message):
        try:
            await asyncio.sleep(self.proxy.draw((0, 0.2)))
            reader, writer = await self.connect()
            try:
                writer.write(message.data)
                await asyncio.wait_for(self.read_message(reader, None), 60)
            finally:
                close(writer, reset=False)
        except (OSError, Broken, asyncio.IncompleteReadError, asyncio.TimeoutError):
            pass

    async def read_message(self, reader, direction, to=None):
        head = await reader.readuntil(b"\r\n\r\n")
        message = Message(head)
        if to != "HEAD" and message.length:
            if message.length > BODY:
                raise Broken
            message.data += await reader.readexactly(message.length)
        if direction:
            self.proxy.note(self.number, direction, message.data)
        return message

    # MARK: TCP

    async def tunnel(self, message):
        """From here on, bytes: a WebSocket."""
        self.proxy.websockets.append(self.number)
        self.upstream = await self.connect()
        reader, writer = self.upstream
        await self.write(writer, message.data)
        ways = [
            asyncio.ensure_future(self.carry(self.reader, writer, "up")),
            asyncio.ensure_future(self.carry(reader, self.writer, "down")),
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if all(way.exception() is None for way in done):
                # One side has said its last word; the other may still have one.
                await asyncio.wait(ways, timeout=2)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        raise Broken

    async def carry(self, reader, writer, direction):
        while data := await reader.read(CHUNK):
            self.proxy.note(self.number, direction, data)
            await self.write(writer, data)
        if writer.can_write_eof():
            writer.write_eof()

    async def write(self, writer, data):
        proxy = self.proxy
        delay = proxy.draw(proxy.faults.delay)
        if delay:
            await asyncio.sleep(delay)
        await proxy.wait_until_passable()
        if writer.is_closing():
            raise Broken
        if self.left is not None and len(data) > self.left:
            # In the middle of something.
            writer.write(data[: self.left])
            self.left = 0
            await writer.drain()
            proxy.cuts += 1
            raise Broken
        if self.left is not None:
            self.left -= len(data)
        writer.write(data)
        await writer.drain()


class Message:
    """The head of an HTTP request or answer, and what is to be known of it. Chunks are not understood: nobody here
    sends any."""

    def __init__(self, head):
        self.data = head
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(":", 1) for line in lines if ":" in line)
        words = first.split(" ")
        self.method = words[0]
        self.path = words[1].partition("?")[0] if len(words) > 1 else ""
        self.length = int(fields.get("content-length", "0").strip() or 0)
        self.upgrades = "upgrade" in fields and not first.startswith("HTTP/")
        self.closes = "close" in fields.get("connection", "")


def close(writer, reset):
    if reset:
        raw = writer.get_extra_info("socket")
        if raw is not None:
            try:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
    writer.close()
