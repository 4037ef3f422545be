"""TLS: the listener, and the same hostile bytes inside of it."""

import signal
import socket
import ssl
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import test_framing
import test_http
import test_websocket
from common.server import Server
from common.waiting import until
from harness.case import MANY, WireTest
from harness.connection import PATIENCE, Connection, insecure, make_certificate
from harness.http import request
from harness.websocket import WebSocket
from harness.xmpp import Client


class TLS(WireTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = Path(cls.folder.name)
        certificate, key = make_certificate(folder)
        cls.flags = (
            *MANY, "--tls-certificate", certificate, "--tls-key", key,
            "--limits-head-timeout", "1", "--limits-keep-alive-timeout", "2",
        )  # fmt: skip
        cls.tls = insecure()
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()

    def test_sessions_talk_over_tls_1_2_and_1_3(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version.name):
                context = insecure()
                context.minimum_version = context.maximum_version = version
                with Client(self.port, tls=context) as client:
                    client.join(self.room, "Secret")
                    client.say(self.room, "over TLS")
                    client.hear("over TLS")

    def test_tls_1_1_and_1_0_are_refused(self):
        for version in (ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1):
            with self.subTest(version.name), warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context = insecure()
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = context.maximum_version = version
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    Connection(self.port, tls=context)

    def test_hostile_http_is_refused_the_same_way(self):
        for name, (data, status) in test_http.REFUSED.items():
            with self.subTest(name):
                answers, ending = self.ask(data)
                self.assertIn(answers[0].status, status if isinstance(status, tuple) else (status,))
                self.assertEqual((len(answers), ending), (1, "closed"))

    def test_broken_frames_end_with_the_same_close_codes(self):
        for name, (data, code) in test_websocket.BROKEN.items():
            with self.subTest(name), WebSocket(self.port, tls=self.tls) as websocket:
                websocket.send(data)
                self.assertEqual(websocket.read_close(), code)
                websocket.read_to_end()
                self.assertEqual(websocket.ending, "closed")

    def test_forbidden_stanzas_end_the_session_with_the_same_conditions(self):
        for name, (text, condition) in test_framing.BOUND.items():
            with self.subTest(name), self.client() as client:
                client.send_text(text)
                self.assertEqual(client.read_end(), (condition, True, 1000, "closed"))

    def test_plain_bytes_on_the_tls_port_are_harmless(self):
        rubbish = {
            "HTTP": request(),
            "a byte": b"\x16",
            "half a hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 50,
            "a hello of nonsense": b"\x16\x03\x01\x00\x05hello",
            "zeros": b"\0" * 1_000,
        }
        connections = {name: Connection(self.port) for name in rubbish}
        for name, connection in connections.items():
            self.addCleanup(connection.close)
            connection.send(rubbish[name])
        for name, connection in connections.items():
            with self.subTest(name):
                self.assertNotIn(b"ok\n", connection.read_to_end())
        self.assert_is_idle()

    def test_a_handshake_that_does_not_come_is_given_up(self):
        with Connection(self.port) as connection:
            start = time.monotonic()
            connection.read_to_end()
            self.assertLess(time.monotonic() - start, 8)

    def test_who_never_ends_its_own_side_is_given_up(self):
        descriptors = self.descriptors()
        connections = [Connection(self.port, tls=self.tls) for _ in range(20)]
        for connection in connections:
            self.addCleanup(connection.close)
            connection.send(request("GET", "/healthz", "Connection: close"))
            connection.read_to_end()
        until(lambda: self.descriptors() <= descriptors, "the connections to be given up", seconds=5)

    def test_who_vanishes_without_a_goodbye_costs_nothing(self):
        for _ in range(50):
            connection = Connection(self.port, tls=self.tls)
            connection.send(request()[:10])
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
        self.assert_is_idle()

    def test_at_sigterm_everybody_is_told_over_tls_too(self):
        server = Server(*self.flags, tls=self.tls)
        self.addCleanup(server.kill)
        clients = [Client(server.port, tls=self.tls) for _ in range(3)]
        server.process.send_signal(signal.SIGTERM)
        for client in clients:
            self.assertEqual(client.read_end(), ("system-shutdown", True, 1000, "closed"))
            client.close()
        server.stop()

    def test_a_wrong_key_is_told_at_the_start(self):
        folder = Path(self.folder.name)
        (folder / "empty.pem").write_text("")
        command = self.server.command(port=0, data=folder / "data")
        command[command.index("--tls-key") + 1] = str(folder / "empty.pem")
        ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, text=True)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("error: ", ended.stderr)
