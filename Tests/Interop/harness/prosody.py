"""Prosody as Debian ships it, with the configuration of docs/deploy."""

import shutil
import subprocess

from .program import Program, adapted, answers
from .shared import ROOT, free_port

# What Debian's /etc/prosody/prosody.cfg.lua is in life; here everything is in one folder, on loopback, without TLS.
BASE = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
certificates = "{folder}/certs"
log = {{ {{ levels = {{ min = "debug" }}, to = "file", filename = "{folder}/prosody.log" }} }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}
s2s_ports = {{}}
http_ports = {{}}
https_ports = {{}}
modules_enabled = {{ "roster", "saslauth", "disco", "ping", "version", "carbons", "limits" }}
modules_disabled = {{ "s2s", "tls" }}
authentication = "internal_hashed"
c2s_require_encryption = false
c2s_stanza_size_limit = 512 * 1024
limits = {{ c2s = {{ rate = "1mb/s" }} }}

VirtualHost "example.org"

Include "{folder}/samepage.cfg.lua"
"""


class Prosody(Program):
    name = "prosody"
    password = "secret"
    # The keeper may make no rooms, and what the operator is told to change.
    forbids_rooms = {'admins = { "samepage@web.example.org" }': "admins = {}"}
    remedy = "restrict_room_creation"
    has_conflict = True  # a second connection for one domain is refused

    def __init__(self, users, changes=()):
        super().__init__()
        self.c2s = free_port()
        self.ports = {domain: free_port() for domain in ("rooms.example.org",)}
        self.ports["web.example.org"] = self.ports["rooms.example.org"]
        documented = ROOT / "docs/deploy/samepage.cfg.lua"
        component = self.ports["rooms.example.org"]
        configuration = adapted(documented, {"{ 5347 }": f"{{ {component} }}", **dict(changes)})
        (self.folder / "samepage.cfg.lua").write_text(configuration)
        (self.folder / "prosody.cfg.lua").write_text(BASE.format(folder=self.folder, c2s=self.c2s))
        for folder in ("data", "certs"):
            (self.folder / folder).mkdir()
        for user in users:
            command = ["prosodyctl", "--root", "--config", str(self.folder / "prosody.cfg.lua"), "register"]
            subprocess.run([*command, user, "example.org", self.password], check=True, capture_output=True)

    @staticmethod
    def is_installed():
        return shutil.which("prosody") is not None

    def command(self):
        return ["prosody", "-F", "--config", str(self.folder / "prosody.cfg.lua")]

    def is_ready(self):
        return answers(self.c2s) and all(answers(port) for port in self.ports.values())

    def log(self):
        path = self.folder / "prosody.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else self.output()

    def has_written(self, room):
        """Whether the room would outlive a power cut: Prosody writes before it answers."""
        return True

    def links_refused(self):
        """How many components have been turned away for a wrong secret so far."""
        return self.log().count("Component authentication failed")
