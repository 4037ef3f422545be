"""A visitor who says as much as the network takes, and comes back when thrown out, until its standard input ends.

    flood.py PORT DOMAIN ROOM PAGE    prints how many messages it sent, and how often it was thrown out

A process of its own, so that it does not slow down the one that measures.
"""

import sys
import threading
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from harness.visitor import Visitor, frame  # noqa: E402

BATCH = 50


def main(port, domain, room, page):
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    message = f"<message xmlns='jabber:client' type='groupchat' to='{room}'><body>spam</body></message>"
    batch = frame(message.encode()) * BATCH
    sent = visits = 0
    while not over.is_set():
        try:
            visitor = Visitor("flood", int(port), domain)
            visits += 1
            visitor.join(room, "flood", page)
            while not over.is_set() and not visitor.closed.is_set():
                visitor.socket.sendall(batch)
                sent += BATCH
            visitor.disconnect()
        except (AssertionError, OSError):
            over.wait(0.01)  # thrown out; again
    print(sent, visits)


if __name__ == "__main__":
    main(*sys.argv[1:])
