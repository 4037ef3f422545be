"""The server under test: one process, one port, one data directory."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from .waiting import until

ROOT = Path(__file__).resolve().parents[3]
EXECUTABLE = Path(os.environ.get("SAMEPAGE", ROOT / ".build/debug/samepage"))
SIGNS_OF_A_CRASH = ("Fatal error", "Crash:", "crashed", "ThreadSanitizer", "AddressSanitizer", "Illegal instruction")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`samepage serve` on loopback. Used by its origin, `http://localhost:<port>`."""

    def __init__(self, *flags):
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="samepage-test-"))
        self.flags = flags
        self.process = None
        try:
            self.start()
        except BaseException:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def start(self):
        """Starts the process and returns when it serves."""
        command = [
            str(EXECUTABLE), "serve", "--listen", f"127.0.0.1:{self.port}", "--data", str(self.folder / "data"),
            "--web-root", str(ROOT / "public"),
        ]  # fmt: skip
        with open(self.folder / "output", "ab") as output:
            self.process = subprocess.Popen(
                [*command, *self.flags], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        until(self.is_healthy, "/healthz to answer 200", seconds=20)

    def is_healthy(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        """Ends the process as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def stop(self):
        """Ends the process as an operator does, and checks that it goes quietly, in time and with 0."""
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                try:
                    self.process.wait(10)
                except subprocess.TimeoutExpired:
                    self.kill()
                    raise AssertionError("the server was still there 10 s after SIGTERM") from None
            said = self.output()
            assert self.process.returncode == 0, f"the server ended with {self.process.returncode}:\n{said}"
            for sign in SIGNS_OF_A_CRASH:
                assert sign not in said, f"the server said '{sign}':\n{said}"
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def output(self):
        """The last 4,000 characters that the server printed."""
        return (self.folder / "output").read_text(encoding="utf-8", errors="replace")[-4000:]

    def url(self, path):
        return self.origin + path

    def rooms(self, page):
        """What `GET /rooms` says of one page."""
        query = urllib.parse.urlencode({"url": page})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/rooms?{query}", timeout=5) as answer:
            return json.load(answer)
