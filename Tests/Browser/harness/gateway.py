"""What lies between a visitor and the server: a TCP proxy on loopback that the test can make behave badly."""

import contextlib
import socket
import threading

OPEN, NO_UPGRADES, SILENT_UPGRADES, CLOSED = "open", "no upgrades", "silent upgrades", "closed"
LARGEST_HEAD = 16_384
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Gateway:
    """Forwards to a server. `mode` is of the connections that are made from then on: as they are, with every
    WebSocket refused or left without an answer (as proxies do), or with nothing let through."""

    def __init__(self, server, mode=OPEN):
        self.server = server
        self.mode = mode
        self.upgrades = 0
        self.open = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, path):
        return self.origin + path

    def cut(self):
        """Ends every connection without a word, as a network does that is gone."""
        with self.lock:
            gone, self.open = self.open, set()
        for side in gone:
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def stop(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, contextlib.suppress(OSError):
            if self.mode == CLOSED:
                return
            head = self.head(client)
            is_upgrade = b"\r\nupgrade: websocket\r\n" in head.lower()
            self.upgrades += is_upgrade
            if is_upgrade and self.mode == NO_UPGRADES:
                return client.sendall(REFUSAL)
            if is_upgrade and self.mode == SILENT_UPGRADES:
                with self.lock:
                    self.open.add(client)
                client.recv(1)
                return
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as server:
                server.settimeout(None)
                with self.lock:
                    self.open |= {client, server}
                server.sendall(head)
                back = threading.Thread(target=self.pump, args=(server, client), daemon=True)
                back.start()
                self.pump(client, server)
                back.join(10)
                with self.lock:
                    self.open -= {client, server}

    def head(self, client):
        """The first request's head, and what came with it."""
        head = b""
        while b"\r\n\r\n" not in head and len(head) < LARGEST_HEAD:
            more = client.recv(4096)
            if not more:
                break
            head += more
        return head

    def pump(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for side in (source, target):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
