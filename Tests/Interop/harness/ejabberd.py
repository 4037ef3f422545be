"""ejabberd as Debian ships it, with the configuration of docs/deploy.

Started by `erl` itself, without Erlang's distribution: no node name, so no epmd and no port that is not ours.
"""

import shutil
from pathlib import Path

from .program import Program, adapted, answers
from .shared import ROOT, free_port

REGISTER = """
lists:foreach(fun(User) -> ejabberd_auth:try_register(User, <<"example.org">>, <<"{password}">>) end, [{users}]),
file:write_file("{folder}/ready", <<>>).
"""


def libraries():
    """Debian keeps ejabberd's beams beside the libraries of the machine's architecture."""
    found = sorted(Path("/usr/lib").glob("*/ejabberd-*/ebin/ejabberd.app"))
    return found[0].parents[2] if found else None


class Ejabberd(Program):
    name = "ejabberd"
    password = "secret"
    # The keeper may make no rooms, and what the operator is told to change.
    forbids_rooms = {"allow: keeper": "deny: all"}
    remedy = "access_create"
    has_conflict = False  # connections for one domain share its stanzas

    def __init__(self, users, changes=()):
        super().__init__()
        self.users = users
        self.c2s = free_port()
        self.ports = {"rooms.example.org": free_port(), "web.example.org": free_port()}
        documented = ROOT / "docs/deploy/ejabberd.yml"
        changes = {
            'ip: "::"': 'ip: "127.0.0.1"',
            "port: 5222": f"port: {self.c2s}",
            "port: 5269": f"port: {free_port()}",
            "port: 5347": f"port: {self.ports['rooms.example.org']}",
            "port: 5348": f"port: {self.ports['web.example.org']}",
            "starttls_required: true": "starttls: false",
            "certfiles:\n  - /etc/ejabberd/ejabberd.pem\n": "",
            **dict(changes),
        }
        (self.folder / "ejabberd.yml").write_text(adapted(documented, changes))

    @staticmethod
    def is_installed():
        return shutil.which("erl") is not None and libraries() is not None

    def environment(self):
        return {
            **super().environment(),
            "ERL_LIBS": str(libraries()),
            "ERL_CRASH_DUMP": str(self.folder / "crash.dump"),
            "EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"),
            "EJABBERD_LOG_PATH": str(self.folder / "ejabberd.log"),
        }

    def command(self):
        users = ", ".join(f'<<"{user}">>' for user in self.users)
        register = REGISTER.format(password=self.password, users=users, folder=self.folder)
        mnesia = ["-mnesia", "dir", f'"{self.folder}/mnesia"']
        return ["erl", "-noinput", "+K", "true", *mnesia, "-s", "ejabberd", "-eval", " ".join(register.split())]

    def start(self, seconds=60):
        (self.folder / "ready").unlink(missing_ok=True)
        return super().start(seconds)

    def is_ready(self):
        return (self.folder / "ready").exists() and all(answers(port) for port in (self.c2s, *self.ports.values()))

    def log(self):
        path = self.folder / "ejabberd.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else self.output()

    def has_written(self, room):
        """Whether the room would outlive a power cut: Mnesia writes its log a moment after it has answered."""
        localpart = room.partition("@")[0].encode()
        files = [path for path in (self.folder / "mnesia").iterdir() if path.suffix in (".LOG", ".DCL", ".DCD")]
        return any(localpart in path.read_bytes() for path in files)

    def links_refused(self):
        """How many components have been turned away for a wrong secret so far."""
        return self.log().count("Failed external component handshake")
