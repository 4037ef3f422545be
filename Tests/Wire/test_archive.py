"""What is kept: rooms and messages outlive the process, and the tools that read them."""

import json
import sqlite3
import subprocess
import threading
from xml.etree import ElementTree

from common.waiting import until
from harness.archive import ATOM, BODY, DELAY, OPEN, ArchiveTest, bodies, stanza_id
from harness.connection import PATIENCE
from harness.identity import Tab, bare
from harness.xmpp import CLIENT, MUC_USER, stanza_error


class Keeping(ArchiveTest):
    def test_what_was_said_and_the_subject_are_there_after_a_kill(self):
        self.start(*OPEN)
        client = self.client()
        client.join(self.room, "Ann")
        said = [self.say(client, f"line {number}") for number in range(30)]
        self.restart()
        client = self.client()
        seen = [stanza for stanza in client.join(self.room, "Ann") if stanza.find(DELAY) is not None]
        self.assertEqual(bodies(seen), [f"line {number}" for number in range(30)])
        self.assertEqual([stanza_id(each) for each in seen], [stanza_id(each) for each in said])
        later = self.say(client, "after the kill")
        self.assertGreater(stanza_id(later), stanza_id(said[-1]))

    def tab(self, token=None):
        tab = Tab(self.server.port, token=token)
        self.addCleanup(tab.close)
        return tab

    def ask_room(self, client, kind, payload):
        """The answer of the room, past whatever else comes."""
        id = f"room-{next(client.ids)}"
        client.send_text(f'<iq xmlns="jabber:client" type="{kind}" id="{id}" to="{self.room}">{payload}</iq>')
        return client.find(lambda stanza: stanza.get("id") == id, "the answer of the room")

    def change_room(self, client, payload):
        answer = self.ask_room(client, "set", payload)
        self.assertEqual(answer.get("type"), "result", stanza_error(answer))

    def make_verona(self, owner):
        """A room as its owner wants it."""
        wanted = {"roomname": "Fair Verona", "roomdesc": "Where we lay our scene", "persistentroom": "1", "maxusers": "20"}
        fields = "".join(
            f'<field var="muc#roomconfig_{name}"><value>{value}</value></field>' for name, value in wanted.items()
        )
        self.change_room(
            owner,
            '<query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit">'
            f'<field var="FORM_TYPE"><value>http://jabber.org/protocol/muc#roomconfig</value></field>{fields}</x></query>',
        )
        return {f"muc#roomconfig_{name}": value for name, value in wanted.items()}

    def configuration(self, owner):
        answer = self.ask_room(owner, "get", '<query xmlns="http://jabber.org/protocol/muc#owner"/>')
        form = "{jabber:x:data}"
        return {field.get("var"): field.findtext(f"{form}value") for field in answer.iter(f"{form}field")}

    def assert_tombstone(self, message):
        self.assertIsNone(message.find(BODY))
        retracted = message.find("{urn:xmpp:message-retract:1}retracted")
        self.assertEqual(retracted.findtext("{urn:xmpp:message-retract:1}reason"), "not here")
        self.assertIsNotNone(retracted.find("{urn:xmpp:message-moderate:1}moderated"))

    def test_what_owners_and_moderators_decided_is_so_after_a_kill(self):
        self.start("--limits-profile", "open", "--rooms-creation", "anyone")
        self.room = "verona@rooms.localhost"
        owner, visitor = self.tab(), self.tab()
        tokens = owner.token(), visitor.token()
        owner.join(self.room, "Owner")
        wanted = self.make_verona(owner)
        visitor.join(self.room, "Visitor")
        spoken = [stanza_id(self.say(visitor, words)) for words in ("a bad word", "a good word")]
        self.change_room(
            owner,
            f'<moderate xmlns="urn:xmpp:message-moderate:1" id="{spoken[0]}"><retract xmlns="urn:xmpp:message-retract:1"/>'
            "<reason>not here</reason></moderate>",
        )
        owner.send_text(
            f'<message xmlns="jabber:client" type="groupchat" to="{self.room}"><subject>Peace</subject></message>'
        )
        self.change_room(
            owner,
            '<query xmlns="http://jabber.org/protocol/muc#admin">'
            f'<item affiliation="outcast" jid="{bare(visitor.jid)}"><reason>enough</reason></item></query>',
        )
        # Heard, so it is stored, and everything before it.
        self.say(owner, "done")
        self.restart()

        owner, visitor = self.tab(tokens[0]), self.tab(tokens[1])
        visitor.send_text(
            f'<presence xmlns="jabber:client" to="{self.room}/Other"><x xmlns="http://jabber.org/protocol/muc"/></presence>'
        )
        self.assertEqual(stanza_error(visitor.expect(CLIENT + "presence")), ("auth", "forbidden"))
        seen = owner.join(self.room, "Owner")
        self.assertEqual([item.get("affiliation") for each in seen for item in each.iter(MUC_USER + "item")], ["owner"])
        self.assertEqual(seen[-1].findtext(CLIENT + "subject"), "Peace")
        history = [stanza for stanza in seen[:-1] if stanza.find(DELAY) is not None]
        self.assert_tombstone(history[0])
        self.assertEqual(bodies(history), ["a good word", "done"])
        self.assertEqual(wanted.items() & self.configuration(owner).items(), wanted.items())
        page, complete, error = self.query(owner)
        self.assertEqual((complete, error), (True, None))
        self.assertEqual([id for id, _ in page][:2], spoken)
        self.assert_tombstone(page[0][1])
        self.assertEqual(bodies(message for _, message in page), ["a good word", "done"])

    def test_the_archive_is_read_page_by_page(self):
        self.start(*OPEN)
        client = self.client()
        client.join(self.room, "Ann")
        said = [stanza_id(self.say(client, f"line {number}")) for number in range(25)]
        seen, complete, after = [], False, ""
        while not complete:
            page, complete, error = self.query(client, max=10, page=after)
            self.assertIsNone(error)
            seen += page
            after = f"<after>{page[-1][0]}</after>"
        self.assertEqual([id for id, _ in seen], said)
        self.assertEqual([message.findtext(BODY) for _, message in seen], [f"line {number}" for number in range(25)])
        self.assertEqual({message.get("from") for _, message in seen}, {f"{self.room}/Ann"})
        self.assertEqual({message.get("to") for _, message in seen}, {None})
        page, complete, _ = self.query(client, max=5, page="<before/>")
        self.assertEqual(([id for id, _ in page], complete), (said[-5:], False))
        page, complete, _ = self.query(client, fields=[("before-id", said[3])])
        self.assertEqual(([id for id, _ in page], complete), (said[:3], True))
        for id in ("1asn00000000g", "nonsense"):
            _, _, error = self.query(client, page=f"<after>{id}</after>")
            self.assertEqual(error, ("cancel", "item-not-found"))

    def test_who_is_not_inside_reads_nothing_unless_the_archive_is_open_to_anyone(self):
        for flags, expected in (((), ("auth", "forbidden")), (("--archive-readers", "anyone"), None)):
            with self.subTest(" ".join(flags)):
                self.start(*flags)
                client = self.client()
                client.join(self.room, "Ann")
                self.say(client, "hello")
                self.assertEqual(self.query(self.client())[2], expected)
                self.server.stop()

    def test_private_messages_are_nowhere_on_the_disk(self):
        self.start()
        client = self.client()
        client.join(self.room, "Ann")
        client.send_text(
            f'<message xmlns="jabber:client" type="chat" to="{self.room}/Ann"><body>a private word</body></message>'
        )
        client.hear("a private word")
        self.say(client, "a public word")
        self.server.kill()
        content = b"".join(path.read_bytes() for path in (self.server.folder / "data").iterdir())
        self.assertIn(b"a public word", content)
        self.assertNotIn(b"a private word", content)

    def test_in_memory_nothing_is_written_and_no_archive_is_announced(self):
        self.start("--archive-storage", "memory")
        client = self.client()
        client.join(self.room, "Ann")
        self.say(client, "gone with the process")
        self.assertFalse((self.server.folder / "data/samepage.db").exists())
        self.assertEqual(self.query(client)[2], ("cancel", "service-unavailable"))
        with self.server.get("/readyz") as answer:
            self.assertNotIn("archive", json.load(answer))
        self.restart()
        self.assertEqual(bodies(self.client().join(self.room, "Ann")), [])

    def test_at_sigterm_everything_said_before_is_written_and_the_database_is_closed(self):
        self.start(*OPEN)
        client = self.client()
        client.join(self.room, "Ann")
        for number in range(200):
            client.say(self.room, f"line {number}")
        client.ping()
        self.server.process.terminate()
        self.server.wait_for_the_end()
        self.assertFalse((self.server.folder / "data/samepage.db-wal").exists())
        count = self.database().execute("SELECT count(*) FROM messages").fetchone()[0]
        self.assertEqual(count, 200)

    def test_a_database_of_a_newer_version_is_refused_in_one_sentence(self):
        self.start()
        self.server.kill()
        database = self.database()
        database.execute("INSERT INTO grdb_migrations VALUES ('99: telepathy')")
        database.commit()
        database.close()
        ended = subprocess.run(self.server.command(), capture_output=True, timeout=PATIENCE, text=True)
        self.assertNotEqual(ended.returncode, 0)
        self.assertTrue(ended.stderr.startswith("error: "), ended.stderr)
        self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
        self.assertIn("newer version", ended.stderr)


class Tools(ArchiveTest):
    def setUp(self):
        self.start(*OPEN)
        client = self.client()
        client.join(self.room, "Ann & Ben")
        for body in ("first", "a < b & c > d \U0001f339", "third"):
            client.say(self.room, body.replace("&", "&amp;").replace("<", "&lt;"))
            client.hear(body)
        self.page = self.server.url("/demo/")

    def check_export(self):
        lines = [json.loads(line) for line in self.run_tool("export", self.page).stdout.splitlines()]
        self.assertEqual([line["body"] for line in lines], ["first", "a < b & c > d \U0001f339", "third"])
        self.assertEqual({line["nick"] for line in lines}, {"Ann & Ben"})
        self.assertNotIn("jid", lines[0])
        self.assertEqual(ElementTree.fromstring(lines[1]["stanza"]).findtext(BODY), lines[1]["body"])
        feed = ElementTree.fromstring(self.run_tool("export", self.room, "--format", "atom").stdout.encode())
        self.assertEqual(feed.tag, ATOM + "feed")
        for name in ("id", "title", "updated"):
            self.assertIsNotNone(feed.find(ATOM + name), name)
        entries = feed.findall(ATOM + "entry")
        self.assertEqual([entry.findtext(ATOM + "content") for entry in entries], [line["body"] for line in lines])
        self.assertEqual({entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries}, {"Ann & Ben"})
        self.assertEqual(len({entry.findtext(ATOM + "id") for entry in entries}), 3)

    def test_a_room_is_exported_while_the_server_runs_and_while_it_does_not(self):
        self.check_export()
        self.assertIn("jid", json.loads(self.run_tool("export", self.room, "--with-addresses").stdout.splitlines()[0]))
        self.server.kill()
        self.check_export()
        refused = self.run_tool("export", "nowhere@rooms.localhost", ok=False)
        self.assertEqual((refused.stdout, refused.stderr.count("\n")), ("", 1))

    def test_after_a_restart_rooms_are_listed_and_say_when_somebody_last_spoke(self):
        def known():
            room = self.server.rooms(self.server.url("/demo/"))["rooms"][0]
            return room.get("lastActivity")

        before = known()
        self.assertIsNotNone(before)
        self.restart()
        until(lambda: known() == before, "the last activity of a room that nobody has opened")
        client = self.client()
        client.send_text(
            '<iq xmlns="jabber:client" type="get" id="list" to="rooms.localhost">'
            '<query xmlns="http://jabber.org/protocol/disco#items"/></iq>'
        )
        answer = client.find(lambda stanza: stanza.get("id") == "list", "the list of rooms")
        self.assertIn(self.room, [item.get("jid") for item in answer[0]])

    def test_a_backup_made_under_load_is_whole_and_a_server_starts_from_it(self):
        talker = self.client()
        talker.join(self.room, "Talker")
        done = threading.Event()

        def talk():
            number = 0
            while not done.is_set():
                talker.say(self.room, f"load {number}")
                talker.find(lambda stanza: stanza.find(BODY) is not None, "an answer")
                number += 1

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            copy = self.server.folder / "copy.db"
            self.run_tool("backup", str(copy))
            self.assertIn("is there already", self.run_tool("backup", str(copy), ok=False).stderr)
        finally:
            done.set()
            thread.join(PATIENCE)
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        database = sqlite3.connect(copy)
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        database.close()
        self.server.kill()
        for path in (self.server.folder / "data").glob("samepage.db*"):
            path.unlink()
        copy.rename(self.server.folder / "data/samepage.db")
        self.server.start()
        client = self.client()
        client.join(self.room, "Ann")
        page, _, _ = self.query(client, max=3)
        self.assertEqual(bodies(message for _, message in page), ["first", "a < b & c > d \U0001f339", "third"])
