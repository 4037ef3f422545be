"""A server whose data outlives it, and questions to its archive."""

import shutil
import sqlite3
import subprocess
import unittest

from common.server import EXECUTABLE, Server

from .case import MANY
from .xmpp import CLIENT, Client, stanza_error

BODY, DELAY = CLIENT + "body", "{urn:xmpp:delay}delay"
STANZA_ID = "{urn:xmpp:sid:0}stanza-id"
MAM, FORWARD = "{urn:xmpp:mam:2}", "{urn:xmpp:forward:0}"
ATOM = "{http://www.w3.org/2005/Atom}"
OPEN = ("--limits-profile", "open", "--rooms-creation", "pages")


def stanza_id(message):
    return message.find(STANZA_ID).get("id")


def bodies(stanzas):
    return [stanza.findtext(BODY) for stanza in stanzas if stanza.find(BODY) is not None]


class ArchiveTest(unittest.TestCase):
    def start(self, *flags, **how):
        server = Server(*MANY, *flags, **how)
        self.addCleanup(shutil.rmtree, server.folder, ignore_errors=True)
        self.addCleanup(server.kill)
        self.server = server
        self.room = server.rooms(server.url("/demo/"))["rooms"][0]["jid"]
        return server

    def client(self):
        client = Client(self.server.port)
        self.addCleanup(client.close)
        return client

    def restart(self):
        self.server.kill()
        self.server.start()

    def database(self):
        """The database file, to be read beside the server."""
        connection = sqlite3.connect(self.server.folder / "data/samepage.db")
        self.addCleanup(connection.close)
        return connection

    def say(self, client, body):
        client.say(self.room, body)
        return client.hear(body)

    def run_tool(self, *arguments, ok=True):
        data = str(self.server.folder / "data")
        ended = subprocess.run(
            [str(EXECUTABLE), *arguments, "--data", data], capture_output=True, timeout=60, text=True
        )
        self.assertEqual(ended.returncode == 0, ok, ended.stderr)
        return ended

    def query(self, client, *, page="", max=None, fields=(), room=None):
        """Messages, whether that was all, and the error, if it was one."""
        id = f"mam-{next(client.ids)}"
        form = "".join(f'<field var="{name}"><value>{value}</value></field>' for name, value in fields)
        limit = "" if max is None else f"<max>{max}</max>"
        client.send_text(
            f'<iq xmlns="jabber:client" type="set" id="{id}" to="{room or self.room}">'
            f'<query xmlns="urn:xmpp:mam:2" queryid="{id}"><x xmlns="jabber:x:data" type="submit">'
            f'<field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field>{form}</x>'
            f'<set xmlns="http://jabber.org/protocol/rsm">{limit}{page}</set></query></iq>'
        )
        found = []
        while True:
            stanza = client.next()
            self.assertNotIsInstance(stanza, int)
            result = stanza.find(MAM + "result")
            if result is not None and result.get("queryid") == id:
                found.append((result.get("id"), result.find(f"{FORWARD}forwarded/{CLIENT}message")))
            if stanza.get("id") == id:
                error = stanza_error(stanza)
                fin = stanza.find(MAM + "fin")
                return found, fin is not None and fin.get("complete") == "true", error
