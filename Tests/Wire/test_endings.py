"""How the server ends, and why it does not begin."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from common.server import ROOT, Server
from common.waiting import until
from harness.case import MANY
from harness.connection import PATIENCE, Connection
from harness.http import request
from harness.xmpp import Client, statuses


class Endings(unittest.TestCase):
    def start(self, *flags):
        server = Server(*MANY, *flags)
        self.addCleanup(server.kill)
        self.room = server.rooms(server.url("/demo/"))["rooms"][0]["jid"]
        return server

    def assert_is_told(self, client):
        """332 for the room, `system-shutdown` for the stream, `<close/>`, 1000, and an end without a reset."""
        gone = client.find(lambda stanza: stanza.get("type") == "unavailable", "to be told to leave")
        self.assertEqual(statuses(gone), {110, 332})
        self.assertEqual(client.read_end(), ("system-shutdown", True, 1000, "closed"))

    def assert_ends(self, server, within):
        start = time.monotonic()
        server.stop()
        self.assertLess(time.monotonic() - start, within)

    def test_at_sigterm_and_sigint_everybody_is_told_and_the_process_ends_with_0(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(how.name):
                server = self.start()
                clients = [Client(server.port) for _ in range(5)]
                for number, client in enumerate(clients):
                    self.addCleanup(client.close)
                    client.join(self.room, f"Occupant{number}")
                    client.ping()
                for client in clients:
                    client.ping()
                server.process.send_signal(how)
                for client in clients:
                    self.assert_is_told(client)
                    client.close()
                self.assert_ends(server, within=3)

    def test_sessions_that_are_not_yet_bound_are_told_too(self):
        server = self.start()
        clients = {until: Client(server.port, until=until) for until in (None, "open", "auth", "bind")}
        server.process.send_signal(signal.SIGTERM)
        for until, client in clients.items():
            with self.subTest(until or "before open"):
                self.assertEqual(client.read_end(), ("system-shutdown", True, 1000, "closed"))
                client.close()
        self.assert_ends(server, within=3)

    def test_who_does_not_read_does_not_hold_up_the_end(self):
        server = self.start("--limits-profile", "open")
        deaf = Client(server.port, receive_buffer=4_096)
        self.addCleanup(deaf.close)
        deaf.join(self.room, "Deaf")
        talker = Client(server.port)
        self.addCleanup(talker.close)
        talker.join(self.room, "Talker")
        for number in range(60):
            talker.say(self.room, "x" * 50_000, id=f"t-{number}")
            talker.find(lambda stanza: stanza.get("id") == f"t-{number}", "its own message")
        server.process.send_signal(signal.SIGTERM)
        self.assert_is_told(talker)
        self.assert_ends(server, within=10)

    def test_who_keeps_sending_is_told_too(self):
        server = self.start("--limits-profile", "open")
        client = Client(server.port)
        self.addCleanup(client.close)
        client.join(self.room, "Busy")
        for number in range(200):
            client.say(self.room, "under load", id=f"b-{number}")
        server.process.send_signal(signal.SIGTERM)
        for number in range(200):
            try:
                client.say(self.room, "too late")
            except OSError:
                break
        self.assert_is_told(client)
        client.close()
        self.assert_ends(server, within=4)

    def test_idle_http_connections_do_not_hold_up_the_end(self):
        server = self.start()
        connections = [Connection(server.port) for _ in range(10)]
        for number, connection in enumerate(connections):
            self.addCleanup(connection.close)
            connection.send(request()[: number * 3])
        self.assert_ends(server, within=3)

    def test_an_answer_that_is_being_read_arrives_whole(self):
        folder = Path(tempfile.mkdtemp(prefix="samepage-web-"))
        self.addCleanup(shutil.rmtree, folder)
        shutil.copytree(ROOT / "public", folder, dirs_exist_ok=True)
        size = 8 * 1_024 * 1_024  # more than the kernel takes at once
        (folder / "large.png").write_bytes(os.urandom(size))
        server = self.start("--web-root", str(folder))
        connection = Connection(server.port, receive_buffer=4_096)
        self.addCleanup(connection.close)
        connection.send(request("GET", "/large.png"))
        connection.read_through(b"\r\n\r\n")
        server.process.send_signal(signal.SIGTERM)
        until(lambda: "stopping" in server.output(), "the signal to be heard")
        self.assertEqual(len(connection.read(size)), size)
        connection.close()
        self.assert_ends(server, within=4)

    def test_the_second_signal_ends_at_once(self):
        server = self.start("--limits-profile", "open", "--limits-send-queue", "64MiB", "--shutdown-timeout", "60")
        client = Client(server.port, receive_buffer=4_096)
        self.addCleanup(client.close)
        client.join(self.room, "Deaf")
        client.socket.settimeout(0.5)
        # Until what comes back fills every buffer on its way, and the server reads no more.
        with contextlib.suppress(TimeoutError):
            for number in range(300):
                client.say(self.room, "x" * 30_000, id=f"s-{number}")
        server.process.send_signal(signal.SIGTERM)
        until(lambda: "stopping" in server.output(), "the first signal to be heard")
        self.assertIsNone(server.process.poll(), "the client that reads nothing is waited for")
        self.assert_ends(server, within=4)

    def assert_does_not_start(self, command, *words):
        ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, text=True)
        self.assertNotEqual(ended.returncode, 0)
        self.assertTrue(ended.stderr.startswith("error: "), ended.stderr)
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        for word in words:
            self.assertIn(word, ended.stderr)
        self.assertEqual(ended.stdout, "")

    def test_a_second_server_on_the_same_data_does_not_start(self):
        server = self.start()
        command = server.command(port=0)
        self.assert_does_not_start(command, "another samepage", str(server.folder / "data"))
        with Client(server.port) as client:
            client.join(self.room, "Still")
        server.stop()

    def test_a_busy_port_is_told_and_nothing_starts(self):
        server = self.start()
        command = server.command(data=server.folder / "other")
        self.assert_does_not_start(command, str(server.port))
        with Client(server.port) as client:
            client.join(self.room, "Still")
        server.stop()

    def test_after_a_kill_the_port_and_the_data_are_free_again(self):
        server = self.start()
        clients = [Client(server.port) for _ in range(3)]
        for client in clients:
            self.addCleanup(client.close)
            client.join(self.room, "Killed" + client.jid[:5])
        server.kill()
        server.start()
        with Client(server.port) as client:
            client.join(self.room, "Back")
        server.stop()
