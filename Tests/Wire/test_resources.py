"""What hostile clients cost: memory, CPU, descriptors, and never the others."""

import contextlib
import random
import shutil
import tempfile
import time
from pathlib import Path

import test_http
import test_websocket
import test_xml
from common.server import ROOT
from common.waiting import until
from harness.case import MANY, WireTest
from harness.connection import Connection
from harness.http import read_answer, request
from harness.websocket import WebSocket
from harness.xmpp import Client, statuses

MIB = 1 << 20


class Costs(WireTest):
    def be_hostile(self, count, seed):
        """So many connections that each break some rule of some table, and leave in some way."""
        generator = random.Random(seed)
        http = [data for data, _ in test_http.REFUSED.values()]
        frames = [data for data, _ in test_websocket.BROKEN.values()]
        texts = [text for text, _ in test_xml.REFUSED.values()]
        for number in range(count):
            match number % 4:
                case 0:
                    connection = Connection(self.port)
                    connection.send(generator.choice(http))
                case 1:
                    connection = WebSocket(self.port)
                    connection.send(generator.choice(frames))
                case 2:
                    connection = Client(self.port)
                    connection.join(self.room, f"Hostile{number}")
                    connection.send_text(generator.choice(texts))
                case _:
                    connection = Connection(self.port)
                    connection.send(generator.randbytes(generator.randrange(1, 2_000)))
            with connection:
                if generator.random() < 0.7 and number % 4 != 3:
                    connection.read_to_end()

    def test_five_hundred_hostile_connections_leave_memory_and_descriptors_where_they_were(self):
        self.be_hostile(200, seed=1)
        descriptors = self.descriptors()
        memory = self.memory()
        self.be_hostile(500, seed=2)
        until(lambda: self.descriptors() <= descriptors + 1, "all connections to be gone")
        self.assertLess(self.memory() - memory, 8 * MIB)
        self.assert_serves()
        self.assert_is_idle(seconds=2, ticks=5)

    def test_an_answer_reaches_a_client_that_is_still_sending(self):
        cases = {
            "413": (request("POST", "/x", "Content-Length: 100000000"), 413),
            "431": (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: ", 431),
            "414": (b"GET /", 414),
            "400": (b"GET / HTTP/1.1\r\nHost: localhost\r\n bad: \r\n", 400),
        }
        for name, (head, status) in cases.items():
            with self.subTest(name), Connection(self.port) as connection:
                connection.send(head)
                for _ in range(50):
                    connection.send(b"a" * 65_536)
                self.assertEqual(read_answer(connection).status, status)
                self.assertEqual(connection.read_to_end(), b"")
                for _ in range(50):
                    connection.send(b"a" * 65_536)
                self.assertEqual(connection.ending, "closed")

    def test_who_never_ends_its_own_side_is_given_up(self):
        descriptors = self.descriptors()
        connections = [Connection(self.port) for _ in range(20)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.send(request("GET", "/healthz", "Connection: close"))
            connection.read_to_end()
        until(lambda: self.descriptors() <= descriptors, "the connections to be given up", seconds=5)

    def test_who_never_reads_and_sends_without_end_is_cut_off(self):
        connection = Connection(self.port, receive_buffer=4_096)
        self.addCleanup(connection.close)
        memory = self.memory()
        connection.socket.settimeout(1)
        sent = 0
        try:
            while sent < 64 * MIB:
                sent += connection.socket.send(request(path="/embed.js") * 100)
        except OSError:
            pass
        self.assertLess(sent, 64 * MIB, "the server reads requests whose answers nobody reads")
        self.assertLess(self.memory() - memory, 8 * MIB)
        self.assert_is_idle()


class NeverReads(WireTest):
    flags = ("--limits-profile", "open")

    def test_only_who_never_reads_is_closed_and_the_others_see_it_leave_with_333(self):
        flooder = self.client()
        flooder.join(self.room, "Flooder")
        witness = self.client()
        witness.join(self.room, "Witness")
        deaf = self.client(receive_buffer=4_096)
        deaf.join(self.room, "Deaf")
        memory = self.memory()
        text = "x" * 50_000
        gone = None
        for number in range(400):
            flooder.say(self.room, text, id=f"flood-{number}")
            flooder.find(lambda stanza: stanza.get("id") == f"flood-{number}", "the flooder's own message")
            while True:
                stanza = witness.next()
                if stanza.get("type") == "unavailable":
                    gone = stanza
                if stanza.get("id") == f"flood-{number}":
                    break
            if gone is not None:
                break
        self.assertIsNotNone(gone, "who never reads was never closed")
        self.assertEqual(gone.get("from"), f"{self.room}/Deaf")
        self.assertIn(333, statuses(gone))
        self.assertLess(self.memory() - memory, 8 * MIB)
        self.assertTrue(witness.ping())
        self.assertTrue(flooder.ping())
        self.assert_is_idle()


class Descriptors(WireTest):
    launcher = ("prlimit", "--nofile=256:256")

    def test_at_the_descriptor_limit_accepting_pauses_without_a_spin_and_comes_back(self):
        connections = [Connection(self.port) for _ in range(260)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.send(request())
        served = [connection for connection in connections if not connection.is_silent(0.01)]
        self.assertGreater(len(served), 100)
        self.assertLess(len(served), 256)
        self.assert_is_idle(seconds=2, ticks=5)
        for connection in served:
            connection.close()
        waiting = [connection for connection in connections if connection not in served]
        for connection in waiting:
            self.assertEqual(read_answer(connection).status, 200, "those that waited are served")
        self.assertEqual(self.server.process.poll(), None)


class Connections(WireTest):
    flags = (*MANY, "--limits-connections", "20")

    def test_past_limits_connections_accepting_pauses_and_comes_back(self):
        connections = [Connection(self.port) for _ in range(40)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.send(request())
        served = [connection for connection in connections if not connection.is_silent(0.02)]
        self.assertEqual(len(served), 20)
        self.assert_is_idle()
        for connection in served:
            connection.close()
        for connection in connections:
            if connection not in served:
                self.assertEqual(read_answer(connection).status, 200)
                connection.close()


class Deaf(WireTest):
    flags = ("--limits-profile", "open", "--limits-send-queue", "64MiB")

    def test_who_sends_and_never_reads_makes_nobody_spin(self):
        for attempt in range(3):
            with self.subTest(attempt), Client(self.port, receive_buffer=4_096) as client:
                client.join(self.room, "Deaf")
                client.socket.settimeout(0.3)
                # Until the server reads no more, or has all of it. A frame may be cut in its middle: nobody goes on.
                with contextlib.suppress(TimeoutError):
                    for _ in range(400):
                        client.say(self.room, "x" * 30_000)
                until(self.is_calm, "the server to be idle")

    def is_calm(self):
        before = self.cpu()
        time.sleep(1)
        return self.cpu() - before < 5


class LargeFiles(WireTest):
    """A web root with a file larger than the send queue."""

    size = 6 * MIB

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        root = Path(cls.folder.name) / "public"
        shutil.copytree(ROOT / "public", root)
        cls.large = random.Random(3).randbytes(cls.size)
        (root / "large.bin").write_bytes(cls.large)
        (root / ".hidden.html").write_text("hidden")
        (root / "demo/.hidden").mkdir()
        (root / "demo/.hidden/page.html").write_text("hidden")
        (root / "passwords.txt").symlink_to("/etc/passwd")
        (root / "linked.html").symlink_to("index.html")
        (root / "elsewhere").symlink_to("/etc")
        cls.flags = (*MANY, "--web-root", str(root))
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()

    def read_slowly(self, connection):
        head = connection.read_through(b"\r\n\r\n")
        self.assertIn(f"Content-Length: {self.size}\r\n".encode(), head)
        body = bytearray()
        while len(body) < self.size:
            self.assertFalse(connection.is_silent(5), f"stuck after {len(body)} bytes")
            body += connection.read(min(200_000, self.size - len(body)))
        return bytes(body)

    def test_a_large_response_to_a_slow_reader_is_delivered_completely(self):
        for name, field in {"kept open": "A: b", "closed behind it": "Connection: close"}.items():
            with self.subTest(name), Connection(self.port, receive_buffer=4_096) as connection:
                connection.send(request("GET", "/large.bin", field))
                self.assertEqual(self.read_slowly(connection), self.large)

    def test_pipelined_large_responses_are_delivered_completely_and_in_order(self):
        with Connection(self.port, receive_buffer=4_096) as connection:
            connection.send((request(path="/large.bin") + request(path="/embed.js")) * 4)
            for _ in range(4):
                self.assertEqual(self.read_slowly(connection), self.large)
                self.assertEqual(read_answer(connection).get("Content-Type"), "text/javascript; charset=utf-8")

    def test_a_byte_that_comes_while_an_answer_is_pending_changes_nothing(self):
        with Connection(self.port, receive_buffer=4_096) as connection:
            connection.send(request(path="/large.bin"))
            connection.send(b"G")
            self.assert_is_idle(seconds=2, ticks=5)
            self.assertEqual(self.read_slowly(connection), self.large)
            connection.send(request()[1:])
            self.assertEqual(read_answer(connection).body, b"ok\n")

    def test_symbolic_links_and_hidden_files_are_not_there(self):
        for path in ("/passwords.txt", "/linked.html", "/linked", "/elsewhere/passwd", "/.hidden.html", "/.hidden",
                     "/demo/.hidden/page.html"):  # fmt: skip
            with self.subTest(path):
                self.assertEqual(self.ask(request(path=path))[0][0].status, 404)

    def test_who_leaves_in_the_middle_of_a_large_response_costs_nothing(self):
        memory = self.memory()
        for _ in range(20):
            with Connection(self.port, receive_buffer=4_096) as connection:
                connection.send(request(path="/large.bin"))
                connection.read(1_000)
        self.assert_serves()
        self.assertLess(self.memory() - memory, 2 * self.size + 8 * MIB)
        self.assert_is_idle()
