"""Just enough RFC 6455 for a client that may break every rule of it."""

import struct

from .connection import Connection
from .http import read_answer, request

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x12\x34\x56\x78"


def handshake(*more, version="13", key=KEY, protocol="xmpp", origin=None, connection="Upgrade", upgrade="websocket"):
    """The bytes of an opening handshake; None leaves a field out."""
    fields = {
        "Connection": connection,
        "Upgrade": upgrade,
        "Sec-WebSocket-Version": version,
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Protocol": protocol,
        "Origin": origin,
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return request("GET", "/xmpp-websocket", *lines, *more)


def masked(payload):
    size = len(payload)
    mask = (MASK * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(size, "big")


def frame(opcode, payload=b"", final=True, reserved=0, mask=True, length=None, form=None):
    """The bytes of a frame. `length` announces another one than the payload has, `form` (126, 127) a longer form."""
    size = len(payload) if length is None else length
    form = form or (size if size < 126 else 126 if size < 65_536 else 127)
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode, (0x80 if mask else 0) | form])
    head += struct.pack(">H", size) if form == 126 else struct.pack(">Q", size) if form == 127 else b""
    return head + MASK + masked(payload) if mask else head + payload


class WebSocket(Connection):
    """A connection whose handshake has succeeded."""

    def __init__(self, port, *fields, origin=None, **how):
        super().__init__(port, **how)
        self.send(handshake(*fields, origin=origin))
        answer = read_answer(self)
        assert answer.status == 101, f"{answer.status} {answer.body!r}"
        self.answer = answer

    def send_text(self, text):
        self.send(frame(TEXT, text if isinstance(text, bytes) else text.encode()))

    def read_frame(self):
        """Opcode and payload of a whole frame of the server, who may neither mask nor fragment."""
        first, second = self.read(2)
        assert first & 0xF0 == 0x80, f"first byte {first:#x}"
        assert second & 0x80 == 0, "the server masked a frame"
        size = second
        if size == 126:
            (size,) = struct.unpack(">H", self.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.read(8))
        return first & 0x0F, self.read(size)

    def read_close(self):
        """The code of the next close frame; others before it are skipped. None: the frame has no code."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if payload else None
