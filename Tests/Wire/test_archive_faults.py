"""What the archive owes whatever happens: killed at any moment, on a full disk, with a million messages."""

import json
import os
import random
import subprocess
import threading
import time
import urllib.error
from xml.etree import ElementTree

from common.waiting import until
from harness.archive import BODY, OPEN, ArchiveTest, bodies, stanza_id
from harness.connection import PATIENCE
from harness.managed import ManagedClient
from harness.xmpp import CLIENT, stanza_error

# Taken out of the environment, where servers look for settings.
# How often the server is killed at a random moment; 200 is a good number for an evening.
KILLS = int(os.environ.pop("SAMEPAGE_KILLS", "5"))
MESSAGES = int(os.environ.pop("SAMEPAGE_MESSAGES", "1000000"))


class Killed(ArchiveTest):
    """Killed at a random moment under load: what anybody was sent is there, once, and in its order."""

    def listen(self, client, heard, enough):
        """Notes what comes until the connection breaks; `enough` is set at the message of that number."""
        try:
            while True:
                stanza = client.next()
                if isinstance(stanza, int):
                    return
                if stanza.tag == CLIENT + "message" and stanza.find(BODY) is not None:
                    heard.append((stanza_id(stanza), stanza.findtext(BODY)))
                    if enough is not None and len(heard) >= enough[0]:
                        enough[1].set()
        except Exception:
            return

    def talk(self, client, name):
        try:
            for number in range(100_000):
                client.say(self.room, f"{name} {number}")
        except Exception:
            return

    def one_life(self, generator, round):
        """What each of four heard until the server was killed: two talk as fast as they can, all listen."""
        clients = [self.client() for _ in range(4)]
        for number, client in enumerate(clients):
            client.join(self.room, f"Life{round}-{number}")
        enough = (generator.randrange(1, 600), threading.Event())
        heard = [[] for _ in clients]
        threads = [
            threading.Thread(target=self.listen, args=(client, heard[number], enough if number == 3 else None))
            for number, client in enumerate(clients)
        ]
        threads += [
            threading.Thread(target=self.talk, args=(client, f"{round} {number}"))
            for number, client in enumerate(clients[:2])
        ]
        for thread in threads:
            thread.start()
        self.assertTrue(enough[1].wait(30), "the load to be heard")
        self.server.kill()
        for client in clients:
            client.close()
        for thread in threads:
            thread.join(PATIENCE)
        return heard

    def check(self, heard, kept, where):
        """`kept`: all that the archive has, in its order."""
        places = {id: place for place, (id, _) in enumerate(kept)}
        words = dict(kept)
        for number, messages in enumerate(heard):
            for id, body in messages:
                self.assertEqual(words.get(id), body, f"{where}: what {number} heard is not in the archive")
            order = [places[id] for id, _ in messages]
            self.assertEqual(order, sorted(set(order)), f"{where}: what {number} heard has another order")

    def check_index(self, database, count, where):
        """The index and the counts of rooms end at the same message, few before the newest."""
        behind = database.execute(
            "SELECT count(*) FROM messages WHERE id > (SELECT value FROM counters WHERE name = 'indexed')"
        ).fetchone()[0]
        self.assertLess(behind, 1_256, where)
        for sql, expected in (
            ("SELECT total(messages) FROM rooms", count - behind),
            ("SELECT count(*) FROM message_index", 3 * (count - behind)),
            ("SELECT count(*) FROM message_index JOIN messages USING (id)", 3 * (count - behind)),
        ):
            self.assertEqual(database.execute(sql).fetchone()[0], expected, f"{where}: {sql}")

    def test_whatever_anybody_received_is_kept_once_and_in_order(self):
        seed = random.randrange(1 << 32)
        generator = random.Random(seed)
        self.start(*OPEN, "--limits-send-queue", "1GiB", "--archive-max-messages-per-room", "0")
        greatest = ""
        for round in range(KILLS):
            where = f"seed {seed}, life {round}"
            heard = self.one_life(generator, round)
            database = self.database()
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], where)
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [], where)
            rows = database.execute("SELECT id, stanza FROM messages ORDER BY id").fetchall()
            self.check_index(database, len(rows), where)
            database.close()
            kept = []
            for _, text in rows:
                stanza = ElementTree.fromstring(text)
                kept.append((stanza_id(stanza), stanza.findtext(BODY)))
            ids, spoken = [id for id, _ in kept], [body for _, body in kept]
            self.assertEqual(ids, sorted(set(ids)), where)
            self.assertEqual(len(spoken), len(set(spoken)), f"{where}: something is there twice")
            new = [(id, body) for id, body in kept if body.startswith(f"{round} ")]
            self.assertTrue(all(id > greatest for id, _ in new), f"{where}: an id was given again")
            self.check(heard, kept, where)
            for talker in (0, 1):
                numbers = [int(body.split()[2]) for _, body in new if body.split()[1] == str(talker)]
                self.assertEqual(numbers, list(range(len(numbers))), f"{where}: talker {talker} has gaps")
            greatest = ids[-1]
            self.server.start()
            seen = [stanza for stanza in self.client().join(self.room, f"Witness{round}") if stanza.find(BODY) is not None]
            self.assertEqual([stanza_id(stanza) for stanza in seen], ids[-len(seen):], where)
            self.assertGreater(len(seen), 0, where)


def index_key(room, kind, name):
    """`MessageIndex.key`: FNV-1a, negative."""
    key = 0xCBF29CE484222325
    for byte in room.to_bytes(8, "little") + kind.encode() + name.encode():
        key = (key ^ byte) * 0x100000001B3 % (1 << 64)
    return (key | 1 << 63) - (1 << 64)


class Filled(ArchiveTest):
    """A disk without space, and a database with a million messages."""

    def tmpfs(self):
        """A small disk, mounted where the data is."""
        place = self.server.folder / "data"
        ended = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(place)], capture_output=True, text=True
        )
        if ended.returncode:
            reason = f"no small disk can be mounted here: {ended.stderr.strip()}"
            print(f"      skipped: {reason}", flush=True)
            self.skipTest(reason)
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(place)], check=True)
        return place

    def readiness(self):
        try:
            with self.server.get("/readyz") as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def test_on_a_full_disk_messages_go_back_and_it_heals_by_itself(self):
        self.start(*OPEN)
        self.server.kill()
        place = self.tmpfs()
        self.server.start()
        witness = self.client()
        witness.join(self.room, "Witness")
        client = self.client()
        client.join(self.room, "Ann")
        self.say(client, "before")
        ballast = place / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 65_536):
                    pass
            except OSError:
                pass
        refused = None
        for number in range(200):
            client.say(self.room, "x" * 20_000, id=f"big-{number}")
            answer = client.find(lambda stanza: stanza.get("id") == f"big-{number}", "an answer")
            if stanza_error(answer):
                refused = (number, stanza_error(answer))
                break
        self.assertIsNotNone(refused, "the disk was never full")
        self.assertEqual(refused[1], ("wait", "resource-constraint"))
        code, answer = self.readiness()
        self.assertEqual((code, answer["archive"]["state"]), (503, "failing"))
        # Who is here, is: joining, presence and private words need no disk.
        late = self.client()
        late.join(self.room, "Late")
        ballast.unlink()
        self.say(client, "after")
        self.assertEqual(self.readiness()[0], 200)
        seen = []
        while not seen or seen[-1] != "after":
            seen += bodies([witness.next()])
        self.assertEqual([body for body in seen if len(body) < 100], ["before", "after"])
        self.assertEqual(len(seen), 2 + refused[0])
        self.server.kill()
        self.assertEqual(self.database().execute("PRAGMA integrity_check").fetchall(), [("ok",)])

    def test_who_has_lost_the_connection_hears_later_what_could_not_be_stored(self):
        self.start(*OPEN)
        self.server.kill()
        place = self.tmpfs()
        self.server.start()
        client = ManagedClient(self.server.port)
        self.addCleanup(client.close)
        client.join(self.room, "Ann")
        with open(place / "ballast", "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 65_536):
                    pass
            except OSError:
                pass
        # Until it is full for messages too.
        other = self.client()
        other.join(self.room, "Ben")
        for number in range(200):
            other.say(self.room, "x" * 20_000, id=f"big-{number}")
            if stanza_error(other.find(lambda stanza: stanza.get("id") == f"big-{number}", "an answer")):
                break
        client.say(self.room, "y" * 20_000, id="lost")
        # The server has read it, and the page is left before the answer.
        client.leave_page()
        again = ManagedClient(self.server.port, former=client)
        self.addCleanup(again.quit)
        self.assertIsNotNone(again.resumed)
        # It was handled: whoever resumes must not send it again.
        self.assertEqual(int(again.resumed.get("h")), client.sent)
        answer = again.find(lambda stanza: stanza.get("id") == "lost", "what became of the message")
        self.assertEqual(stanza_error(answer), ("wait", "resource-constraint"))
        (place / "ballast").unlink()
        self.say(again, "after")
        other.hear("after")

    def fill(self, count):
        rooms = 20
        database = self.database()
        database.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")
        time_of_first = int(time.time() * 1_000) - count * 10
        for room in range(rooms):
            configuration = json.dumps({"name": f"Room {room}", "isPersistent": True})
            database.execute(
                "INSERT INTO rooms (localpart, name, configuration, is_persistent, created, messages) "
                "VALUES (?, ?, ?, 1, 0, ?)",
                (f"localhost\\3a{self.server.port}\\2froom{room}", f"Room {room}", configuration, count // rooms),
            )
        first = database.execute("SELECT min(id) FROM rooms").fetchone()[0]
        database.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
            INSERT INTO messages (id, room, time, kind, nick, occupant, person, stanza)
            SELECT (? + i * 10) << 20, ? + i % ?, ? + i * 10, 0, 'Ann', 'occupant', 'ann@localhost',
                '<message xmlns=''jabber:client'' from=''room@rooms.localhost/Ann'' type=''groupchat'' id=''m' || i
                || '''><body>line ' || i || '</body></message>'
            FROM n
            """,
            (count, time_of_first, first, rooms, time_of_first),
        )
        keys = [(room, room) for room in range(first, first + rooms)]
        for kind, name in (("n", "Ann"), ("o", "occupant")):
            keys += [(room, index_key(room, kind, name)) for room in range(first, first + rooms)]
        database.execute("CREATE TEMPORARY TABLE keys (room, key)")
        database.executemany("INSERT INTO keys VALUES (?, ?)", keys)
        database.execute(
            "INSERT INTO message_index SELECT key, id FROM messages JOIN keys USING (room) ORDER BY key, id"
        )
        database.execute("UPDATE counters SET value = (SELECT max(id) FROM messages) WHERE name = 'indexed'")
        database.commit()
        database.close()

    def time_to_be_ready(self):
        self.server.kill()
        began = time.monotonic()
        self.server.start()
        until(lambda: self.readiness()[0] == 200, "/readyz to answer 200", transient=(OSError,), pause=0.005)
        return time.monotonic() - began

    def test_with_a_million_messages_the_first_answer_comes_within_a_second(self):
        self.start(*OPEN)
        self.server.process.terminate()
        self.server.wait_for_the_end()
        self.fill(MESSAGES)
        self.server.start()
        # Each as after a kill: the log is there and has to be looked at. The best of three, since others work here too.
        ready = min(self.time_to_be_ready() for _ in range(3))
        room = f"localhost\\3a{self.server.port}\\2froom7@rooms.localhost"
        began = time.monotonic()
        client = self.client()
        seen = bodies(client.join(room, "Ann"))
        joined = time.monotonic() - began
        self.assertEqual(seen[-1], f"line {MESSAGES - 20 + 7}")
        self.assertEqual(len(seen), 50)
        began = time.monotonic()
        page, complete, error = self.query(client, room=room, max=100, page="<before/>")
        self.assertEqual((len(page), complete, error), (100, False, None))
        searched = time.monotonic() - began
        print(f"      ready {ready:.2f} s, joined {joined:.2f} s, searched {searched:.2f} s", flush=True)
        self.assertLess(ready, 1)
        self.assertLess(joined, 1)
        self.assertLess(searched, 1)
