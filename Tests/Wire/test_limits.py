"""The limits table: each with its key, each with what happens past it. Times are the shortest the keys allow."""

import tempfile
import time
from pathlib import Path

from common.waiting import until
from harness.case import MANY, WireTest
from harness.connection import Connection, insecure, make_certificate
from harness.http import ask, read_answer, request
from harness.websocket import CONTINUATION, PING, TEXT, WebSocket, frame, handshake
from harness.xmpp import AUTH, CLIENT, END, OPEN, Client, stanza_error, statuses


class Deadlines(WireTest):
    flags = (
        *MANY,
        "--limits-head-timeout", "1",
        "--limits-body-timeout", "1",
        "--limits-keep-alive-timeout", "2",
        "--limits-authentication-timeout", "1",
        "--limits-ping-interval", "1",
        "--limits-dead-after", "2",
    )  # fmt: skip

    def test_what_comes_byte_by_byte_has_one_deadline_in_all(self):
        post = request("POST", "/x", "Content-Length: 1000")
        beginnings = {
            "a request line": b"GET /",
            "a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nA: ",
            "the second head of a connection": request() + b"GET /",
            "a body": post,
            "a body in chunks": request("POST", "/x", "Transfer-Encoding: chunked", body=b"400\r\n"),
        }
        slow = {name: Connection(self.port) for name in beginnings}
        start = time.monotonic()
        for name, connection in slow.items():
            self.addCleanup(connection.close)
            connection.send(beginnings[name])
            if name.startswith("the second"):
                self.assertEqual(read_answer(connection).status, 200)
        ended = {}
        while len(ended) < len(slow) and time.monotonic() < start + 4:
            for name, connection in slow.items():
                if name in ended:
                    continue
                if connection.is_silent(0.02):
                    connection.send(b"a")
                else:
                    ended[name] = time.monotonic() - start
        for name, connection in slow.items():
            with self.subTest(name):
                self.assertIn(name, ended, "the deadline moves with every byte")
                self.assertGreater(ended[name], 0.7)
                self.assertLess(ended[name], 3)
                self.assertEqual(read_answer(connection).status, 408)
                self.assertEqual(connection.read_to_end(), b"")
                self.assertEqual(connection.ending, "closed")

    def test_a_connection_that_asks_nothing_or_nothing_more_is_closed(self):
        silent, kept = Connection(self.port), Connection(self.port)
        kept.send(request())
        self.assertEqual(read_answer(kept).status, 200)
        for name, connection in {"nothing": silent, "nothing more": kept}.items():
            self.addCleanup(connection.close)
            with self.subTest(name):
                self.assertEqual(connection.read_to_end(seconds=5), b"")
                self.assertEqual(connection.ending, "closed")

    def test_who_does_not_authenticate_is_closed(self):
        start = time.monotonic()
        clients = {}
        for name, steps in {"silence": [], "only open": [OPEN], "no binding": [OPEN, AUTH, OPEN]}.items():
            clients[name] = Client(self.port, until=None)
            self.addCleanup(clients[name].close)
            for step in steps:
                clients[name].send_text(step)
        for name, client in clients.items():
            with self.subTest(name):
                self.assertEqual(client.read_end(), ("connection-timeout", True, 1000, "closed"))
        self.assertLess(time.monotonic() - start, 3)

    def test_pings_and_half_messages_do_not_stretch_the_time_to_authenticate(self):
        with WebSocket(self.port) as websocket:
            start = time.monotonic()
            websocket.send(frame(TEXT, b"<open", final=False))
            while websocket.ending is None and time.monotonic() < start + 5:
                try:
                    websocket.send(frame(PING))
                    websocket.send(frame(CONTINUATION, b" ", final=False))
                except OSError:
                    pass
                time.sleep(0.05)
                if not websocket.is_silent(0):
                    websocket.fill(start + 5)
            self.assertEqual(websocket.ending, "closed")
            self.assertGreater(time.monotonic() - start, 0.7)

    def test_who_answers_no_ping_is_dropped_and_leaves_with_333(self):
        witness = self.client()
        witness.join(self.room, "Witness")
        dead = self.client()
        dead.pongs = False
        dead.join(self.room, "Dead")
        start = time.monotonic()
        gone = witness.find(
            lambda stanza: stanza.get("type") == "unavailable" and stanza.get("from").endswith("/Dead"), "Dead to leave"
        )
        self.assertIn(333, statuses(gone))
        self.assertLess(time.monotonic() - start, 6)
        self.assertTrue(witness.ping(), "who answers stays")


class Counts(WireTest):
    """The defaults for visitors."""

    flags = ()

    def setUp(self):
        # Every test comes from an address of its own: sessions are counted by address.
        Counts.number = getattr(Counts, "number", 1) + 1
        self.source = f"127.0.1.{Counts.number}"

    def client(self, **how):
        return super().client(source=self.source, **how)

    def test_messages_past_the_rate_are_refused_and_then_the_session_ends(self):
        witness = self.client()
        witness.join(self.room, "Witness")
        client = self.client()
        client.join(self.room, "Fast")
        for number in range(60):
            try:
                client.say(self.room, f"message {number}")
            except OSError:
                break
        reflected, refused, end = 0, 0, None
        while end is None:
            element = client.next()
            if isinstance(element, int):
                end = element
            elif stanza_error(element):
                self.assertEqual(stanza_error(element), ("wait", "policy-violation"))
                refused += 1
            elif element.findtext(CLIENT + "body"):
                reflected += 1
        # Messages are reflected when they are stored, and who is thrown out before does not hear the last ones.
        self.assertLessEqual(reflected, 11)
        self.assertIn(refused, (10, 11))
        heard = 0
        while True:
            stanza = witness.next()
            heard += stanza.findtext(CLIENT + "body") is not None
            if stanza.get("type") == "unavailable":
                break
        self.assertIn(heard, (10, 11))
        self.assertEqual(end, 1000)

    def test_a_flood_of_other_stanzas_ends_the_session(self):
        client = self.client()
        for _ in range(200):
            try:
                client.send_text('<iq xmlns="jabber:client" type="get" id="p"><ping xmlns="urn:xmpp:ping"/></iq>')
            except OSError:
                break
        self.assertEqual(client.read_end(), ("policy-violation", True, 1000, "closed"))

    def test_nicks_change_no_faster_than_allowed(self):
        client = self.client()
        client.join(self.room, "Slow")
        for nick in ("Slower", "Slowest"):
            client.send_text(f'<presence xmlns="jabber:client" to="{self.room}/{nick}"/>')
        refused = client.find(stanza_error, "the second change to be refused")
        self.assertEqual(stanza_error(refused)[1], "policy-violation")

    def test_a_session_is_in_ten_rooms_at_most(self):
        client = self.client()
        for number in range(10):
            client.join(f"host{number}.example@rooms.localhost", "Many")
        client.send_text(
            '<presence xmlns="jabber:client" to="host11.example@rooms.localhost/Many">'
            '<x xmlns="http://jabber.org/protocol/muc"/></presence>'
        )
        refused = client.find(stanza_error, "the eleventh room to be refused")
        self.assertEqual(stanza_error(refused)[1], "resource-constraint")

    def test_new_sessions_of_one_address_past_the_rate_get_429(self):
        answers = [ask(self.port, handshake(), source=self.source)[0][0] for _ in range(31)]
        self.assertEqual([answer.status for answer in answers], [101] * 30 + [429])
        self.assertGreater(int(answers[30].get("Retry-After")), 0)
        self.assertEqual(ask(self.port, handshake(), source="127.0.2.1")[0][0].status, 101, "another address may")

    def test_a_nick_that_is_too_long_or_cannot_be_seen_is_refused(self):
        client = self.client()
        for name, (nick, expected) in {
            "65 bytes": ("n" * 65, "not-acceptable"),
            "a direction override": ("a\u202eb", "not-acceptable"),
            "a zero width space": ("a\u200bb", "not-acceptable"),
            "only a no-break space": ("\u00a0", ("not-acceptable", "jid-malformed")),
            "a line end": ("a&#10;b", ("not-acceptable", "jid-malformed")),
        }.items():
            with self.subTest(name):
                client.send_text(
                    f'<presence xmlns="jabber:client" to="{self.room}/{nick}">'
                    '<x xmlns="http://jabber.org/protocol/muc"/></presence>'
                )
                self.assertIn(stanza_error(client.expect(CLIENT + "presence"))[1], expected)


class Rooms(WireTest):
    flags = (*MANY, "--limits-occupants-per-room", "2", "--limits-rooms", "3", "--limits-nick-length", "8")

    def refusal(self, client, room, nick):
        client.send_text(
            f'<presence xmlns="jabber:client" to="{room}/{nick}"><x xmlns="http://jabber.org/protocol/muc"/></presence>'
        )
        return stanza_error(client.find(stanza_error, "the join to be refused"))[1]

    def test_a_full_room_a_service_full_of_rooms_and_a_long_nick_are_refused(self):
        clients = [self.client() for _ in range(3)]
        clients[0].join(self.room, "First")
        clients[1].join(self.room, "Second")
        self.assertEqual(self.refusal(clients[2], self.room, "Third"), "service-unavailable")
        self.assertEqual(self.refusal(clients[2], "a.example@rooms.localhost", "n" * 9), "not-acceptable")
        clients[2].join("a.example@rooms.localhost", "n" * 8)
        clients[2].join("b.example@rooms.localhost", "Third")
        self.assertEqual(self.refusal(clients[2], "c.example@rooms.localhost", "Third"), "resource-constraint")
        for client in clients:
            client.send_text(END)
            client.read_end()


class Bytes(WireTest):
    flags = ("--limits-profile", "open", "--limits-byte-rate", "100KiB", "--limits-byte-burst", "50KiB")

    def test_who_sends_faster_than_the_byte_rate_is_read_more_slowly_and_loses_nothing(self):
        client = self.client()
        client.join(self.room, "Wide")
        start = time.monotonic()
        for number in range(6):
            client.say(self.room, "x" * 50_000, id=f"wide-{number}")
        for number in range(6):
            client.find(lambda stanza: stanza.get("id") == f"wide-{number}", "every message in order")
        self.assertGreater(time.monotonic() - start, 1.5)
        self.assertTrue(client.ping())


class BytesOverTLS(Bytes):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        certificate, key = make_certificate(Path(cls.folder.name))
        cls.flags = (*Bytes.flags, "--tls-certificate", certificate, "--tls-key", key)
        cls.tls = insecure()
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.folder.cleanup()


class Addresses(WireTest):
    flags = ("--limits-sessions-per-address", "3", "--limits-new-sessions-per-address", "100000")

    def test_sessions_of_one_address_past_the_limit_get_429_until_one_ends(self):
        source = "127.0.3.1"
        clients = [Client(self.port, source=source) for _ in range(3)]
        self.assertEqual(self.ask(handshake(), source=source)[0][0].status, 429)
        clients[0].close()
        until(lambda: self.ask(handshake(), source=source)[0][0].status == 101, "room for another session")
        for client in clients:
            client.close()

    def test_x_forwarded_for_of_a_stranger_does_not_make_another_address(self):
        source = "127.0.3.2"
        for number in range(3):
            client = Client(self.port, f"X-Forwarded-For: 192.0.2.{number}", source=source)
            self.addCleanup(client.close)
        answer = self.ask(handshake("X-Forwarded-For: 192.0.2.9"), source=source)[0][0]
        self.assertEqual(answer.status, 429)
        self.assertEqual(self.server.output().count("trusted-proxies"), 1, "one warning that names the setting")


class Proxies(WireTest):
    flags = (*Addresses.flags, "--trusted-proxies", "127.0.4.0/24")

    def test_x_forwarded_for_of_a_trusted_proxy_counts(self):
        proxy = "127.0.4.1"
        for visitor in ("192.0.2.1", "192.0.2.2"):
            for _ in range(3):
                client = Client(self.port, f"X-Forwarded-For: {visitor}", source=proxy)
                self.addCleanup(client.close)
        for name, (field, status) in {
            "the same visitor": ("X-Forwarded-For: 192.0.2.1", 429),
            "the same visitor, behind a forged one": ("X-Forwarded-For: 198.51.100.1, 192.0.2.1", 429),
            "another visitor": ("X-Forwarded-For: 192.0.2.3", 101),
            "a visitor of IPv6": ("X-Forwarded-For: 2001:db8::1", 101),
        }.items():
            with self.subTest(name):
                self.assertEqual(self.ask(handshake(field), source=proxy)[0][0].status, status)

    def test_rubbish_in_x_forwarded_for_is_survived(self):
        for field in ("", ",", ", , ,", "unknown", "1.2.3.4.5", "[::1", "%00", "1" * 3_000, "a," * 1_500):
            with self.subTest(field[:20]):
                answers, _ = self.ask(handshake(f"X-Forwarded-For: {field}"), source="127.0.4.9")
                self.assertIn(answers[0].status, (101, 429))


class Sites(WireTest):
    """Origins, with a site list and a public address."""

    page = "https://example.org/"

    @classmethod
    def setUpClass(cls):
        cls.file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        cls.file.write('public-url: https://chat.example.org\nsites:\n  - hosts: [example.org, "*.example.net"]\n')
        cls.file.flush()
        cls.flags = (*MANY, "--config", cls.file.name)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.file.close()

    ORIGINS = {
        "https://example.org": True,
        "http://example.org:8080": True,
        "https://a.example.net": True,
        "https://chat.example.org": True,
        "https://example.net": False,
        "https://aexample.net": False,
        "https://example.org.evil.example": False,
        "https://evil.example": False,
        "https://example.org@evil.example": False,
        "http://rebound.example": False,
        "null": False,
        "file://": False,
        "https://example.org/": False,
        "https://example.org, https://evil.example": False,
        "javascript:alert(1)": False,
        "*": False,
    }

    def test_only_the_sites_pages_may_open_a_websocket(self):
        for origin, is_allowed in self.ORIGINS.items():
            with self.subTest(origin):
                # DNS rebinding: the Host is whatever the page's name is.
                data = handshake(origin=origin).replace(b"Host: localhost", b"Host: rebound.example")
                self.assertEqual(self.ask(data)[0][0].status, 101 if is_allowed else 403)

    def test_only_the_sites_pages_may_read_answers(self):
        for origin, is_allowed in self.ORIGINS.items():
            for method in ("GET", "OPTIONS"):
                with self.subTest(origin, method=method):
                    data = request(method, "/rooms?url=https://example.org/", f"Origin: {origin}", host="rebound.example")
                    answer = self.ask(data)[0][0]
                    self.assertEqual(answer.get("Access-Control-Allow-Origin"), origin if is_allowed else None)
                    self.assertIn("Origin", ", ".join(answer.all("Vary")))
                    self.assertIsNone(answer.get("Access-Control-Allow-Credentials"))

    def test_a_client_without_an_origin_is_no_browser_and_may_connect(self):
        self.assertEqual(self.ask(handshake())[0][0].status, 101)

    def test_pages_of_other_sites_have_no_room(self):
        client = self.client()
        for room in ("evil.example", "x", "example.net"):
            with self.subTest(room):
                client.send_text(
                    f'<presence xmlns="jabber:client" to="{room}@rooms.localhost/A">'
                    '<x xmlns="http://jabber.org/protocol/muc"/></presence>'
                )
                self.assertEqual(stanza_error(client.expect(CLIENT + "presence")), ("cancel", "not-allowed"))
