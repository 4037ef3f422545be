"""A program under test: one process, one folder for all that it writes."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from .shared import until


class Program:
    """Subclasses give `command()` and `is_ready()`; `folder` is theirs and goes with them."""

    name = "program"

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix=f"samepage-interop-{self.name}-"))
        self.process = None

    def start(self, seconds=60):
        """Starts the process and returns when it is ready."""
        with open(self.folder / "output", "ab") as output:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        until(self.is_up, f"{self.name} to be ready", seconds)
        return self

    def environment(self):
        return {"HOME": str(self.folder)}

    def is_up(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
        return self.is_ready()

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """Ends the process as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    @contextlib.contextmanager
    def paused(self):
        """The process stands still meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def terminate(self, seconds=15):
        """Ends the process as an operator does, and returns how it ended; kills it when it takes too long."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.name} was still there {seconds} s after SIGTERM") from None
        return self.process.returncode if self.process else 0

    def remove(self):
        """The end of it all, whatever state it is in."""
        if self.is_running:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def output(self):
        """Everything that the process said so far."""
        path = self.folder / "output"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def log(self):
        return self.output()

    def tail(self, characters=4000):
        return self.log()[-characters:]


def answers(port):
    """Whether something accepts connections on this loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def adapted(path, replacements):
    """The text of a documented configuration with the parts replaced that differ in a test.

    Each part has to be there, so that the tests run what the documentation shows.
    """
    text = path.read_text(encoding="utf-8")
    for old in replacements:
        assert old in text, f"{path.name} has no '{old}' any more"
    # In one go, since what is put in may look like what is to be replaced: ports do.
    parts = "|".join(re.escape(old) for old in replacements)
    return re.sub(f"(?:{parts})(?![0-9])", lambda match: replacements[match.group()], text)
