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

ROOT = Path(__file__).resolve().parents[2]
EXECUTABLE = Path(os.environ.get("SAMEPAGE", ROOT / ".build/debug/samepage"))
SIGNS_OF_A_CRASH = ("Fatal error", "Crash:", "crashed", "ThreadSanitizer", "AddressSanitizer", "Illegal instruction")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`samepage serve` on loopback. Used by its origin, `http://localhost:<port>`.

    `launcher` is a command that runs the server's, such as `prlimit`. `tls` is the `ssl.SSLContext` of its clients.
    """

    def __init__(self, *flags, launcher=(), tls=None):
        self.port = free_port()
        self.tls = tls
        self.origin = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="samepage-test-"))
        self.flags = flags
        self.launcher = launcher
        self.process = None
        try:
            self.start()
        except BaseException:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def command(self, port=None, data=None):
        port = self.port if port is None else port
        data = str(data or self.folder / "data")
        places = ["--listen", f"127.0.0.1:{port}", "--data", data]
        # The executable may be of another checkout.
        if "--web-root" not in self.flags:
            places += ["--web-root", str(ROOT / "public")]
        return [*self.launcher, str(EXECUTABLE), "serve", *places, *self.flags]

    def start(self):
        """Starts the process and returns when it serves."""
        with open(self.folder / "output", "ab") as output:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        until(self.is_healthy, "/healthz to answer 200", seconds=20)

    def is_healthy(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")
        try:
            with self.get("/healthz") as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        """Ends the process as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def stop(self, how=signal.SIGTERM):
        """Ends the process as an operator does, and checks that it goes quietly, in time and with 0."""
        try:
            if self.process.poll() is None:
                self.process.send_signal(how)
            self.wait_for_the_end()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for_the_end(self):
        """Waits until the process that was told to stop has gone, and checks that it went quietly and with 0."""
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the server was still there 10 s after it was told to stop") from None
        said = self.output()
        assert self.process.returncode == 0, f"the server ended with {self.process.returncode}:\n{said}"
        for sign in SIGNS_OF_A_CRASH:
            assert sign not in said, f"the server said '{sign}':\n{said}"

    def output(self):
        """The last 4,000 characters that the server printed."""
        return (self.folder / "output").read_text(encoding="utf-8", errors="replace")[-4000:]

    def url(self, path):
        return self.origin + path

    def rooms(self, page):
        """What `GET /rooms` says of one page."""
        query = urllib.parse.urlencode({"url": page})
        with self.get(f"/rooms?{query}") as answer:
            return json.load(answer)

    def get(self, path):
        # By address: a name may lead to ::1 first.
        url = self.url(path).replace("localhost", "127.0.0.1", 1)
        return urllib.request.urlopen(url, timeout=5, context=self.tls)
