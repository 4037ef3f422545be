"""A moderator without an XMPP client: the admin API, and `samepage token` for who may use it."""

import itertools
import json
import subprocess

from common.server import EXECUTABLE

from .case import WireTest
from .connection import Connection
from .http import read_answer, request
from .xmpp import statuses

API = "/admin/api/"
SID = "{urn:xmpp:sid:0}stanza-id"
# Two sites, and pages of theirs that no other test has used.
ONE, OTHER = "one.example", "other.example"
PLACES = itertools.count(1)


def bare(jid):
    return jid.partition("/")[0]


class Desk:
    """The bearer of a token."""

    def __init__(self, port, token, *fields):
        self.port = port
        self.fields = ([f"Authorization: Bearer {token}"] if token is not None else []) + list(fields)

    def send(self, method, path, content=None, *fields, data=None):
        body = data if data is not None else json.dumps(content).encode() if content is not None else b""
        kind = ["Content-Type: application/json", f"Content-Length: {len(body)}"] if method == "POST" else []
        with Connection(self.port) as connection:
            connection.send(request(method, API + path, *self.fields, *fields, *kind, body=body))
            return read_answer(connection, to=method)

    def get(self, path):
        return self.read(self.send("GET", path))

    def post(self, path, **content):
        return self.read(self.send("POST", path, content))

    def read(self, answer):
        content = json.loads(answer.body)
        assert answer.get("Content-Type") == "application/json", answer.fields
        assert answer.get("Cache-Control") == "no-store", answer.fields
        assert answer.status == 200, (answer.status, content)
        return content

    def refused(self, method, path, content=None, **how):
        """Status and condition of a refusal."""
        answer = self.send(method, path, content, **how)
        content = json.loads(answer.body)
        assert answer.status >= 400, (answer.status, content)
        return answer.status, content["condition"]


class AdminTest(WireTest):
    def samepage(self, *arguments):
        command = [str(EXECUTABLE), "token", *arguments, "--data", str(self.server.folder / "data")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd=self.server.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def mint(self, role, name, *flags):
        said = self.samepage("--role", role, "--name", name, *flags)
        fields = dict(line.split(maxsplit=1) for line in said.splitlines())
        self.addCleanup(self.samepage, "revoke", fields["id"])
        return fields

    def desk(self, role, name, *flags):
        return Desk(self.port, self.mint(role, name, *flags)["token"])

    def kinds(self, desk, path="log"):
        return [act["kind"] for act in desk.get(path)["log"]]


class Admin(AdminTest):
    """A page of each site, and Ann, who owns all rooms."""

    def setUp(self):
        number = next(PLACES)
        self.place = self.room_of(f"https://{ONE}/page{number}")
        self.elsewhere = self.room_of(f"https://{OTHER}/page{number}")
        self.ann = self.desk("owner", f"Ann {number}")

    def room_of(self, page):
        return self.server.rooms(page)["rooms"][0]["jid"]

    def guest(self, nick, room=None):
        guest = self.client()
        guest.join(room or self.place, nick)
        return guest

    def farewell(self, guest):
        gone = guest.find(
            lambda each: each.get("type") == "unavailable" and 110 in statuses(each), "its own farewell")
        return statuses(gone) - {110}

    def said(self, guest, body, room=None):
        guest.say(room or self.place, body)
        return guest.hear(body).find(SID).get("id")

    def report(self, guest, id, room=None):
        room = room or self.place
        guest.send_text(
            f"<iq xmlns='jabber:client' type='set' id='r' to='{room}'>"
            "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'>"
            f"<stanza-id xmlns='urn:xmpp:sid:0' by='{room}' id='{id}'/><text>look at that</text></report></iq>")
        self.assertEqual(guest.find(lambda each: each.get("id") == "r", "an answer").get("type"), "result")
