"""RFC 6455 as strangers break it."""

import struct

from harness.case import WireTest
from harness.websocket import (
    ACCEPT, BINARY, CLOSE, CONTINUATION, MASK, PING, PONG, TEXT, WebSocket, frame, handshake,
)  # fmt: skip
from harness.xmpp import OPEN

REFUSED = {
    "version 12": (handshake(version="12"), 426),
    "version 14": (handshake(version="14"), 426),
    "version 0": (handshake(version="0"), 426),
    "no version": (handshake(version=None), 426),
    "two versions": (handshake("Sec-WebSocket-Version: 13"), 426),
    "a list of versions": (handshake(version="13, 8"), 426),
    "no key": (handshake(key=None), 400),
    "an empty key": (handshake(key=""), 400),
    "a key of 3 bytes": (handshake(key="YWJj"), 400),
    "a key of 15 bytes": (handshake(key="YWJjZGVmZ2hpamtsbW5v"), 400),
    "a key of 17 bytes": (handshake(key="YWJjZGVmZ2hpamtsbW5vcHE="), 400),
    "a key that is no base 64": (handshake(key="!!!!!!!!!!!!!!!!!!!!!!=="), 400),
    "two keys": (handshake("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), 400),
    "no subprotocol": (handshake(protocol=None), 400),
    "another subprotocol": (handshake(protocol="chat, superchat"), 400),
    "xmpp in capitals": (handshake(protocol="XMPP"), 400),
    "no Connection: Upgrade": (handshake(connection="keep-alive"), 400),
    "origin null": (handshake(origin="null"), 403),
    "an origin with a path": (handshake(origin="http://localhost/x"), 403),
    "an origin of a file": (handshake(origin="file://"), 403),
    "an origin of an extension": (handshake(origin="chrome-extension://abcdef"), 403),
    "two origins": (handshake("Origin: http://localhost", origin="http://localhost"), 403),
    "an empty origin": (handshake(origin=""), 403),
    "a body": (handshake("Content-Length: 2")[:-0 or None] + b"hi", 400),
    "POST": (handshake().replace(b"GET ", b"POST "), 405),
    "HTTP/1.0": (handshake().replace(b"HTTP/1.1", b"HTTP/1.0"), 426),
}

half = "é".encode()
hello = frame(TEXT, b"<a", final=False)

BROKEN = {
    "an unmasked frame": (frame(TEXT, b"<a/>", mask=False), 1002),
    "an unmasked ping": (frame(PING, mask=False), 1002),
    "RSV1": (frame(TEXT, b"<a/>", reserved=4), 1002),
    "RSV2": (frame(TEXT, b"<a/>", reserved=2), 1002),
    "RSV3": (frame(TEXT, b"<a/>", reserved=1), 1002),
    **{f"reserved opcode {opcode}": (frame(opcode), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a ping of 126 bytes": (frame(PING, b"a" * 126), 1002),
    "a close of 126 bytes": (frame(CLOSE, b"\x03\xe8" + b"a" * 124), 1002),
    "a fragmented ping": (frame(PING, final=False), 1002),
    "a fragmented close": (frame(CLOSE, final=False), 1002),
    "a continuation of nothing": (frame(CONTINUATION, b"a"), 1002),
    "a final continuation after a message": (frame(TEXT, OPEN.encode()) + frame(CONTINUATION), 1002),
    "text inside a fragmented message": (hello + frame(TEXT, b"<a/>"), 1002),
    "binary inside a fragmented message": (hello + frame(BINARY, b"a"), 1002),
    "a close payload of one byte": (frame(CLOSE, b"\x03"), 1002),
    **{
        f"close code {code}": (frame(CLOSE, struct.pack(">H", code)), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    },
    "a short length in the two-byte form": (frame(TEXT, b"<a/>", form=126), 1002),
    "a length in the eight-byte form": (frame(TEXT, b"<a/>", form=127), 1002),
    "a length with the top bit": (frame(TEXT, form=127, length=1 << 63), 1002),
    "text in latin-1": (frame(TEXT, b"\xe9"), 1007),
    "an overlong slash": (frame(TEXT, b"\xc0\xaf"), 1007),
    "a surrogate": (frame(TEXT, b"\xed\xa0\x80"), 1007),
    "beyond U+10FFFF": (frame(TEXT, b"\xf4\x90\x80\x80"), 1007),
    "half a character": (frame(TEXT, half[:1]), 1007),
    "half a character, then another fragment": (
        frame(TEXT, half[:1], final=False) + frame(CONTINUATION, b"a"),
        1007,
    ),
    "bad text in a fragment, before the end": (frame(TEXT, b"\xff", final=False), 1007),
    "a close reason that is no UTF-8": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "binary": (frame(BINARY, b"<a/>"), 1003),
    "binary, empty": (frame(BINARY), 1003),
    "64 KiB and one byte, announced": (frame(TEXT, length=65_537), 1009),
    "2 GiB, announced": (frame(TEXT, length=1 << 31), 1009),
    "2^63 - 1 bytes, announced": (frame(TEXT, form=127, length=(1 << 63) - 1), 1009),
    "too much in fragments": (
        frame(TEXT, b"a" * 40_000, final=False) + frame(CONTINUATION, b"a" * 40_000, final=False),
        1009,
    ),
    "empty fragments without end": (hello + frame(CONTINUATION, final=False) * 200, 1008),
    "pings without end": (frame(PING) * 500, 1008),
    "pings without end inside a message": (hello + frame(PING) * 500, 1008),
    "pongs without end": (frame(PONG) * 500, 1008),
}


class RFC6455(WireTest):
    def websocket(self, *fields, **how):
        websocket = WebSocket(self.port, *fields, tls=self.tls, **how)
        self.addCleanup(websocket.close)
        return websocket

    def test_a_bad_handshake_is_refused_before_101(self):
        for name, (data, status) in REFUSED.items():
            with self.subTest(name):
                answers, _ = self.ask(data)
                self.assertEqual(answers[0].status, status)
                if status == 426 and name != "HTTP/1.0":
                    self.assertEqual(answers[0].get("Sec-WebSocket-Version"), "13")

    def test_a_good_handshake_is_accepted_in_every_spelling(self):
        spellings = {
            "plain": {},
            "from our own page": {"origin": f"http://localhost"},
            "other capitals": {"upgrade": "WebSocket", "connection": "keep-alive, upgrade"},
            "several subprotocols": {"protocol": "chat, xmpp"},
        }
        for name, how in spellings.items():
            with self.subTest(name):
                answers, _ = self.ask(handshake(**how))
                self.assertEqual(answers[0].status, 101)
                self.assertEqual(answers[0].get("Sec-WebSocket-Accept"), ACCEPT)
                self.assertEqual(answers[0].get("Sec-WebSocket-Protocol"), "xmpp")
                self.assertIsNone(answers[0].get("Sec-WebSocket-Extensions"))
                self.assertEqual(answers[0].get("Upgrade"), "websocket")
                self.assertEqual(answers[0].get("Connection").lower(), "upgrade")

    def test_extensions_are_never_negotiated(self):
        websocket = self.websocket("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
        self.assertIsNone(websocket.answer.get("Sec-WebSocket-Extensions"))

    def test_a_broken_rule_ends_with_its_close_code(self):
        for name, (data, code) in BROKEN.items():
            with self.subTest(name), WebSocket(self.port, tls=self.tls) as websocket:
                websocket.send(data)
                self.assertEqual(websocket.read_close(), code)
                self.assertEqual(websocket.read_to_end(), b"")
                self.assertEqual(websocket.ending, "closed")

    def test_a_ping_is_answered_with_its_payload_also_between_fragments(self):
        for payload in (b"", b"a", bytes(range(125))):
            with self.subTest(bytes=len(payload)):
                websocket = self.websocket()
                middle = len(OPEN) // 2
                websocket.send(frame(PING, payload) + frame(TEXT, OPEN[:middle].encode(), final=False))
                websocket.send(frame(PING, payload) + frame(CONTINUATION, OPEN[middle:].encode()))
                self.assertEqual(websocket.read_frame(), (PONG, payload))
                self.assertEqual(websocket.read_frame(), (PONG, payload))
                opcode, text = websocket.read_frame()
                self.assertEqual(opcode, TEXT)
                self.assertTrue(text.startswith(b"<open "))

    def test_a_character_may_be_split_over_fragments_and_frames_over_writes(self):
        websocket = self.websocket()
        text = '<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0" xml:lang="é€😀"/>'.encode()
        data = b"".join(
            frame(TEXT if index == 0 else CONTINUATION, bytes([byte]), final=index == len(text) - 1)
            for index, byte in enumerate(text)
        )
        for index in range(0, len(data), 3):
            websocket.send(data[index : index + 3])
        self.assertTrue(websocket.read_frame()[1].startswith(b"<open "))

    def test_a_close_is_answered_and_what_comes_after_it_is_ignored(self):
        for name, payload in {"without a code": b"", "1000": b"\x03\xe8", "1001 and why": b"\x03\xe9bye"}.items():
            with self.subTest(name):
                websocket = self.websocket()
                websocket.send(frame(CLOSE, payload) + frame(TEXT, OPEN.encode()) + frame(BINARY, b"x") * 100)
                code = websocket.read_close()
                self.assertIn(code, (1000, 1001))
                self.assertEqual(websocket.read_to_end(), b"")
                self.assertEqual(websocket.ending, "closed")

    def test_a_message_right_behind_the_handshake_is_not_lost(self):
        from harness.connection import Connection
        from harness.http import read_answer

        connection = Connection(self.port, tls=self.tls)
        self.addCleanup(connection.close)
        connection.send(handshake() + frame(TEXT, OPEN.encode()))
        self.assertEqual(read_answer(connection).status, 101)
        self.assertIn(b"<open ", connection.read_through(b">"))

    def test_who_stops_in_the_middle_of_a_frame_costs_nothing(self):
        for name, data in {
            "half a header": frame(TEXT, b"a" * 500)[:2],
            "a header without a payload": frame(TEXT, length=60_000),
            "half a payload": frame(TEXT, b"a" * 500)[:250],
            "half a mask": frame(TEXT, b"a")[: 2 + len(MASK) // 2],
        }.items():
            with self.subTest(name), WebSocket(self.port, tls=self.tls) as websocket:
                websocket.send(data)
        self.assert_is_idle()
