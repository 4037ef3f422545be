"""HTTP/1.1: strict, or refused."""

from harness.case import WireTest
from harness.connection import Connection
from harness.http import read_answer, request

GET = b"GET /healthz HTTP/1.1\r\n"
HOST = b"Host: localhost\r\n"
POST = b"POST /rooms HTTP/1.1\r\n" + HOST

REFUSED = {
    "two Hosts": (GET + HOST + HOST + b"\r\n", 400),
    "no Host": (GET + b"\r\n", 400),
    "an empty Host": (GET + b"Host:\r\n\r\n", 400),
    "a Host with a path": (GET + b"Host: localhost/x\r\n\r\n", 400),
    "a Host with a user": (GET + b"Host: a@localhost\r\n\r\n", 400),
    "bare LF after the request line": (b"GET /healthz HTTP/1.1\n" + HOST + b"\r\n", 400),
    "bare LF after a field": (GET + b"Host: localhost\n\r\n", 400),
    "bare LF as the end of the head": (GET + HOST + b"\n", 400),
    "bare CR in a field": (GET + HOST + b"A: b\rc\r\n\r\n", 400),
    "a space before the colon": (GET + HOST + b"A : b\r\n\r\n", 400),
    "a space before the name": (GET + b" " + HOST + b"\r\n", 400),
    "obs-fold": (GET + HOST + b"A: b\r\n c\r\n\r\n", 400),
    "NUL in a field": (GET + HOST + b"A: b\0c\r\n\r\n", 400),
    "NUL in the target": (b"GET /\0 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a field without a colon": (GET + HOST + b"nonsense\r\n\r\n", 400),
    "a field without a name": (GET + HOST + b": b\r\n\r\n", 400),
    "two spaces in the request line": (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a tab in the request line": (b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "no version": (b"GET /\r\n" + HOST + b"\r\n", 400),
    "a version in lower case": (b"GET / http/1.1\r\n" + HOST + b"\r\n", 400),
    "HTTP/2's preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "a target without a slash": (b"GET x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a target of another host than Host": (b"GET http://other/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "a fragment in the target": (b"GET /#x HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "empty lines without end": (b"\r\n" * 100, 400),
    "a TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 500, 400),
    "binary rubbish": (bytes(range(256)) * 4, 400),
    "an XMPP stream": (b"<stream:stream to='localhost' xmlns='jabber:client'>\r\n", 400),
    "Content-Length with a sign": (POST + b"Content-Length: +5\r\n\r\nhello", 400),
    "Content-Length below zero": (POST + b"Content-Length: -5\r\n\r\nhello", 400),
    "Content-Length in hex": (POST + b"Content-Length: 0x5\r\n\r\nhello", 400),
    "Content-Length with a fraction": (POST + b"Content-Length: 5.0\r\n\r\nhello", 400),
    "Content-Length that is a list": (POST + b"Content-Length: 5, 5\r\n\r\nhello", 400),
    "Content-Length that is empty": (POST + b"Content-Length:\r\n\r\nhello", 400),
    "Content-Length twice": (POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
    "Content-Length over 64 bits": (POST + b"Content-Length: 99999999999999999999999\r\n\r\n", (400, 413)),
    "Content-Length with chunks": (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "a transfer coding nobody knows": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", (400, 501)),
    "chunked twice": (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", (400, 501)),
    "chunked that is not last": (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", (400, 501)),
    "chunked in HTTP/1.0": (
        b"POST / HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a chunk size that is no number": (POST + b"Transfer-Encoding: chunked\r\n\r\nx\r\n", 400),
    "a chunk size over 64 bits": (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n", 400),
    "a chunk size of 64 bits": (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 16 + b"\r\n", 413),
    "a chunk longer than its size": (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400),
    "a chunk line that ends with LF": (POST + b"Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", 400),
    "chunk extensions without end": (POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 9_000, 400),
    "a trailer that frames the body": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
        400,
    ),
    "an expectation nobody knows": (POST + b"Expect: miracles\r\nContent-Length: 5\r\n\r\nhello", 417),
    "a head over 8 KiB in one field": (GET + HOST + b"A: " + b"a" * 9_000 + b"\r\n\r\n", 431),
    "a head over 8 KiB that does not end": (GET + HOST + b"A: " + b"a" * 100_000, 431),
    "too many fields": (GET + HOST + b"A:b\r\n" * 500 + b"\r\n", 431),
    "a target over 4 KiB": (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "a target that does not end": (b"GET /" + b"a" * 100_000, 414),
    "a body over the limit, announced": (POST + b"Content-Length: 69633\r\n\r\n", 413),
    "a body over the limit in chunks": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"4000\r\n" + b"a" * 16_384 + b"\r\n") * 5,
        413,
    ),
}

# What is no fault, or not one of framing: status, and whether the connection stays.
SERVED = {
    "an unknown method": (request("BREW"), 501, "open"),
    "a method in lower case": (request("get"), 501, "open"),
    "TRACE": (request("TRACE"), 405, "open"),
    "CONNECT": (request("CONNECT", "localhost:1"), 405, "closed"),
    "DELETE": (request("DELETE"), 405, "open"),
    "PUT with a body": (request("PUT", "/x", "Content-Length: 5", body=b"hello"), 405, "open"),
    "HTTP/1.0": (request(version="HTTP/1.0"), 200, "closed"),
    "HTTP/1.0 without Host": (b"GET /healthz HTTP/1.0\r\n\r\n", 200, "closed"),
    "HTTP/1.9": (request(version="HTTP/1.9"), 200, "open"),
    "Connection: close": (request("GET", "/healthz", "Connection: close"), 200, "closed"),
    "one empty line before": (b"\r\n" + request(), 200, "open"),
    "an absolute target": (request(path="http://localhost/healthz"), 200, "open"),
    "Upgrade: h2c": (request("GET", "/healthz", "Connection: Upgrade", "Upgrade: h2c"), 200, "open"),
    "Upgrade: h2c at the WebSocket": (
        request("GET", "/xmpp-websocket", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
        426,
        "open",
    ),
    "a GET with a body": (request("GET", "/healthz", "Content-Length: 5", body=b"hello"), 200, "open"),
    "chunks with extensions and trailers": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
        405,
        "open",
    ),
}

OUTSIDE = {
    "dots": "/../etc/passwd",
    "dots below": "/samepage/../../etc/passwd",
    "dots that stay inside": "/demo/../embed.js",
    "a single dot": "/./embed.js",
    "encoded dots": "/%2e%2e/etc/passwd",
    "dots encoded in capitals": "/%2E%2E/etc/passwd",
    "half encoded dots": "/.%2e/etc/passwd",
    "dots encoded twice": "/%252e%252e/etc/passwd",
    "an encoded slash": "/..%2fetc/passwd",
    "a slash encoded twice": "/..%252fetc/passwd",
    "Microsoft's encoding": "/%u002e%u002e/etc/passwd",
    "overlong dots": "/%c0%ae%c0%ae/etc/passwd",
    "a backslash": "/..\\..\\etc\\passwd",
    "an encoded backslash": "/..%5c..%5cetc%5cpasswd",
    "an encoded NUL": "/embed.js%00.html",
    "an encoded line end": "/embed.js%0d%0aX:%20y",
    "a broken escape": "/%zz",
    "half an escape": "/embed.js%2",
    "two slashes": "//etc/passwd",
    "slashes inside": "/samepage//chat.js",
    "a colon": "/file:///etc/passwd",
    "a hidden file": "/.git/config",
    "a parameter of a servlet": "/..;/etc/passwd",
}


class HTTP(WireTest):
    def refuse(self, data, status):
        """The one answer is this error, it says what it must, and then the connection ends without a reset."""
        answers, ending = self.ask(data)
        self.assertEqual(len(answers), 1)
        self.assertIn(answers[0].status, status if isinstance(status, tuple) else (status,))
        self.assertEqual(answers[0].get("Connection"), "close")
        self.assert_headers(answers[0])
        self.assertEqual(ending, "closed")

    def assert_headers(self, answer):
        self.assertEqual(answer.get("X-Content-Type-Options"), "nosniff")
        self.assertIsNone(answer.get("Server"))
        if answer.status not in (204, 304):
            self.assertTrue(answer.get("Content-Type"))

    def test_what_is_not_strictly_http_is_refused_and_the_connection_closed(self):
        for name, (data, status) in REFUSED.items():
            with self.subTest(name):
                self.refuse(data, status)

    def test_the_refusal_is_the_same_when_the_bytes_come_one_by_one(self):
        for name in ("two Hosts", "bare LF after a field", "Content-Length twice", "a chunk size that is no number"):
            data, status = REFUSED[name]
            with self.subTest(name), Connection(self.port) as connection:
                for byte in data:
                    connection.send(bytes([byte]))
                self.assertEqual(read_answer(connection).status, status)
                connection.read_to_end()
                self.assertEqual(connection.ending, "closed")

    def test_what_is_unusual_but_right_is_served(self):
        for name, (data, status, ending) in SERVED.items():
            with self.subTest(name):
                answers, seen = self.ask(data)
                self.assertEqual([answer.status for answer in answers], [status])
                self.assertEqual(seen, ending)
                self.assert_headers(answers[0])
                if status == 405:
                    self.assertEqual(answers[0].get("Allow"), "GET, HEAD, OPTIONS")

    def test_nothing_outside_of_the_widgets_files_can_be_named(self):
        for name, path in OUTSIDE.items():
            with self.subTest(name, path=path):
                answers, _ = self.ask(request(path=path))
                self.assertEqual([answer.status for answer in answers], [404])
                self.assertNotIn(b"root:", answers[0].body)

    def test_two_pipelined_posts_in_one_write_are_answered_in_order(self):
        post = request("POST", "/http-bind", "Content-Length: 5", body=b"hello")
        unknown = request("BREW", "/", "Content-Length: 5", body=b"hello")
        answers, ending = self.ask(post + unknown + post)
        self.assertEqual([answer.status for answer in answers], [200, 501, 200])
        self.assertEqual(ending, "open")
        self.assert_is_idle()

    def test_pipelined_requests_behind_one_that_closes_are_not_served(self):
        answers, ending = self.ask(request("GET", "/healthz", "Connection: close") + request() * 3)
        self.assertEqual(([answer.status for answer in answers], ending), ([200], "closed"))

    def test_a_byte_behind_a_request_is_the_beginning_of_the_next(self):
        with Connection(self.port) as connection:
            connection.send(request("POST", "/http-bind", "Content-Length: 5", body=b"hello") + b"G")
            # XEP-0124 §17.2: what is no BOSH request is an error inside of a good answer.
            self.assertEqual(read_answer(connection).status, 200)
            self.assertTrue(connection.is_silent())
            self.assert_is_idle()
            connection.send(request()[1:])
            self.assertEqual(read_answer(connection).status, 200)

    def test_a_body_cut_at_every_byte_arrives(self):
        data = POST + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n"
        with Connection(self.port) as connection:
            for byte in data:
                connection.send(bytes([byte]))
            self.assertEqual(read_answer(connection).status, 405)
            connection.send(request())
            self.assertEqual(read_answer(connection).status, 200)

    def test_expect_100_continue_is_answered_before_the_body(self):
        with Connection(self.port) as connection:
            connection.send(request("POST", "/x", "Expect: 100-continue", "Content-Length: 5"))
            self.assertEqual(read_answer(connection).status, 100)
            connection.send(b"hello")
            self.assertEqual(read_answer(connection).status, 405)

    def test_a_body_too_large_is_refused_instead_of_invited(self):
        self.refuse(request("POST", "/x", "Expect: 100-continue", "Content-Length: 1000000"), 413)

    def test_head_is_answered_without_a_body(self):
        with Connection(self.port) as connection:
            connection.send(request("HEAD", "/embed.js") + request())
            answer = read_answer(connection, to="HEAD")
            self.assertEqual(answer.status, 200)
            self.assertGreater(int(answer.get("Content-Length")), 1_000)
            self.assertEqual(read_answer(connection).body, b"ok\n")

    def test_a_file_known_by_its_etag_is_not_sent_again(self):
        answers, _ = self.ask(request(path="/embed.js"))
        tag = answers[0].get("ETag")
        for field in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
            with self.subTest(field):
                answers, _ = self.ask(request("GET", "/embed.js", f"If-None-Match: {field}"))
                self.assertEqual((answers[0].status, answers[0].body), (304, b""))

    def test_a_thousand_pipelined_requests_are_answered_or_the_connection_is_closed(self):
        with Connection(self.port) as connection:
            connection.send(request() * 1_000)
            for _ in range(1_000):
                self.assertEqual(read_answer(connection).status, 200)
            self.assertTrue(connection.is_silent())
