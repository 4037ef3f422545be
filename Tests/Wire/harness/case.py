"""What the tests have in common: a server per class, and the certainty that it still serves."""

import itertools
import os
import re
import time
import unittest
from pathlib import Path

from common.server import Server

from .http import ask
from .xmpp import Client

# All clients come from one address; the limits that would stop them have tests of their own.
MANY = ("--limits-sessions-per-address", "100000", "--limits-new-sessions-per-address", "1000000")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class WireTest(unittest.TestCase):
    """One server for all tests of a class, started with `flags`."""

    flags = MANY
    launcher = ()
    tls = None
    # Whose room is used; None: the server's own demo page.
    page = None

    @classmethod
    def setUpClass(cls):
        cls.bodies = itertools.count(1)
        cls.server = Server(*cls.flags, launcher=cls.launcher, tls=cls.tls)
        # Also when the rest of this fails; `tearDownClass` is not called then.
        cls.addClassCleanup(cls.server.kill)
        cls.port = cls.server.port
        cls.room = cls.server.rooms(cls.page or cls.server.url("/demo/"))["rooms"][0]["jid"]

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def tearDown(self):
        self.assert_serves()

    def client(self, **how):
        client = Client(self.port, tls=self.tls, **how)
        self.addCleanup(client.close)
        return client

    def ask(self, data, **how):
        return ask(self.port, data, tls=self.tls, **how)

    def assert_serves(self):
        """The next client is served as ever: it joins a room and hears itself."""
        code = self.server.process.poll()
        if code is not None:
            said = self.server.output()
            self.server.start()
            self.fail(f"the server ended with {code}:\n{said}")
        with Client(self.port, tls=self.tls) as client:
            client.join(self.room, "Next")
            body = f"still here {next(self.bodies)}"
            client.say(self.room, body)
            client.hear(body)

    def assert_is_idle(self, seconds=0.5, ticks=3):
        """No spin: the process uses about no CPU. This is the one wait for a duration."""
        before = self.cpu()
        time.sleep(seconds)
        self.assertLess(self.cpu() - before, ticks, f"ticks of CPU in {seconds} s in which nobody asked for anything")

    def cpu(self):
        """Ticks of CPU that the server has used."""
        fields = Path(f"/proc/{self.server.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def memory(self):
        """Resident bytes of the server."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def descriptors(self):
        return len(list(Path(f"/proc/{self.server.process.pid}/fd").iterdir()))
