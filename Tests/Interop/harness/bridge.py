"""Our own server with the configuration of docs/deploy."""

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from .program import Program, adapted
from .shared import EXECUTABLE, ROOT, SIGNS_OF_A_CRASH, free_port

SHAPES = {
    "hosted": {"link": "rooms.example.org", "rooms": "rooms.example.org", "secret": "change-me-rooms"},
    "remote": {"link": "web.example.org", "rooms": "conference.example.org", "secret": "change-me-visitors"},
}

# Everybody is on one address here.
EXTRA = """
limits:
  sessions-per-address: 1000
  new-sessions-per-address: 10000
"""


class Bridge(Program):
    """`samepage serve` beside an XMPP server, in one of the shapes."""

    name = "samepage"
    domain = "web.example.org"

    def __init__(self, shape, server, secret=None):
        super().__init__()
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.link = SHAPES[shape]["link"]
        self.component_port = server.ports[self.link]
        self.service = SHAPES[shape]["rooms"]
        changes = {
            "listen: 127.0.0.1:8080": f"listen: 127.0.0.1:{self.port}",
            "https://chat.example.org": self.origin,
            "/var/lib/samepage": str(self.folder / "data"),
            "port: 5347": f"port: {self.component_port}",
            'hosts: [example.org, "*.example.org"]': 'hosts: [example.org, "*.example.org", localhost]',
        }
        if secret:
            changes[f"secret: {SHAPES[shape]['secret']}"] = f"secret: {secret}"
        documented = ROOT / f"docs/deploy/samepage-{shape}.yaml"
        (self.folder / "samepage.yaml").write_text(adapted(documented, changes) + EXTRA)

    def command(self):
        configuration = str(self.folder / "samepage.yaml")
        return [str(EXECUTABLE), "serve", "--config", configuration, "--web-root", str(ROOT / "public")]

    def get(self, path):
        """The status and the text of an answer; status 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=3) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self):
        return self.get("/healthz")[0] == 200

    def is_linked(self):
        """Whether every link is up, as /readyz tells."""
        return self.get("/readyz")[0] == 200

    def links(self):
        """The local ports of the connections to the XMPP server, whoever of ours made them: they are the same ports
        while no link has broken."""
        wanted = f"{self.component_port:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return {int(row[1].partition(":")[2], 16) for row in rows if row[2].endswith(":" + wanted) and row[3] == "01"}

    def room(self, page):
        """The JID of a page's room."""
        status, text = self.get("/rooms?" + urllib.parse.urlencode({"url": page}))
        assert status == 200, f"/rooms answers {status}: {text}"
        return json.loads(text)["rooms"][0]["jid"]

    def faults(self):
        """Ends the process as an operator does; what was not as it should be."""
        faults = []
        was_running = self.is_running
        try:
            code = self.terminate(10)
            if was_running and code != 0:
                faults.append(f"samepage ended with {code}:\n{self.tail()}")
        except AssertionError as error:
            faults.append(str(error))
        said = self.output()
        return faults + [f"samepage said '{sign}':\n{self.tail()}" for sign in SIGNS_OF_A_CRASH if sign in said]
