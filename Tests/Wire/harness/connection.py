"""One TCP or TLS connection, byte by byte, with an exact idea of how it ended."""

import select
import socket
import ssl
import subprocess
import time

PATIENCE = 10


def make_certificate(folder):
    """The paths of a new certificate for localhost, signed by itself, and its key."""
    certificate, key = str(folder / "certificate.pem"), str(folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def insecure():
    """TLS that believes any certificate: those of the tests sign themselves."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Ended(Exception):
    """The server closed the connection while more was expected."""


class Connection:
    """`source` is the loopback address to come from; `receive_buffer` makes a reader whose window is small."""

    def __init__(self, port, tls=None, source="127.0.0.1", receive_buffer=None):
        raw = socket.socket()
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.settimeout(PATIENCE)
        try:
            raw.bind((source, 0))
            raw.connect(("127.0.0.1", port))
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket = tls.wrap_socket(raw, server_hostname="localhost") if tls else raw
        except BaseException:
            raw.close()
            raise
        self.input = bytearray()
        self.ending = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self, deadline):
        """Reads something; False when the connection has ended, in the way that `ending` tells."""
        if self.ending:
            return False
        left = deadline - time.monotonic()
        if left <= 0:
            raise AssertionError(f"the server is silent; so far it said {bytes(self.input[-300:])!r}")
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(65_536)
        except (TimeoutError, ssl.SSLWantReadError):
            return self.fill(deadline)
        except ConnectionResetError:
            self.ending = "reset"
            return False
        except ssl.SSLError as error:
            self.ending = f"TLS: {error.reason}"
            return False
        if not data:
            self.ending = "closed"
            return False
        self.input += data
        return True

    def read(self, count):
        deadline = time.monotonic() + PATIENCE
        while len(self.input) < count:
            if not self.fill(deadline):
                raise Ended(f"{self.ending} after {bytes(self.input[-300:])!r}")
        data = bytes(self.input[:count])
        del self.input[:count]
        return data

    def read_through(self, end):
        """Everything up to and with `end`."""
        deadline = time.monotonic() + PATIENCE
        while end not in self.input:
            if not self.fill(deadline):
                raise Ended(f"{self.ending} after {bytes(self.input[-300:])!r}")
        return self.read(self.input.index(end) + len(end))

    def read_to_end(self, seconds=PATIENCE):
        """What is left until the server closes; `ending` tells how it did."""
        deadline = time.monotonic() + seconds
        while self.fill(deadline):
            pass
        data = bytes(self.input)
        self.input.clear()
        return data

    def is_silent(self, seconds=0.05):
        """Whether nothing comes, not even the end, for so long."""
        return not self.input and not select.select([self.socket], [], [], seconds)[0]
