"""The API of moderators: what it does it does by the rooms' own doors, and nobody else does anything by it."""

import atexit
import base64
import itertools
import json
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from common.waiting import until
from harness.admin import AdminTest, Desk
from harness.case import MANY
from harness.connection import Connection
from harness.http import read_answer, request
from harness.xmpp import CLIENT, Client, stanza_error, statuses

ONE, OTHER = "one.example", "other.example"
PLACES = itertools.count(1)
HOLD = "{urn:samepage:moderation:0}hold-first"
SID = "{urn:xmpp:sid:0}stanza-id"


def configuration():
    """The path of a file that names the sites, as there is no flag for them."""
    folder = tempfile.mkdtemp(prefix="samepage-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, "samepage.yaml")
    path.write_text(f"sites:\n  - hosts: [{ONE}]\n  - hosts: [{OTHER}]\n")
    return str(path)


def bare(jid):
    return jid.partition("/")[0]


class Admin(AdminTest):
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


class Moderating(Admin):
    def test_who_one_is_is_told(self):
        made = self.mint("moderator", "Mo", "--site", ONE)
        me = Desk(self.port, made["token"]).get("me")
        self.assertEqual(me.pop("expires")[:10], made["expires"])
        self.assertEqual(me, {"jid": made["address"], "nick": "Mo", "role": "moderator", "site": ONE,
                              "service": "rooms.localhost"})  # fmt: skip

    def test_the_rooms_of_a_site_are_listed_with_who_is_there(self):
        here, there = self.guest("Here"), self.guest("There", self.elsewhere)
        self.said(here, "hello")
        del there
        rooms = self.desk("moderator", "Mo", "--site", ONE).get("rooms")["rooms"]
        room = next(each for each in rooms if each["jid"] == self.place)
        self.assertEqual((room["occupants"], room["held"], room["reports"], room["slowMode"]), (1, 0, 0, 0))
        self.assertRegex(room["lastActivity"], r"^20\d\d-")
        self.assertTrue(room["url"].startswith(f"https://{ONE}/page"))
        self.assertNotIn(self.elsewhere, [each["jid"] for each in rooms])
        self.assertIn(self.elsewhere, [each["jid"] for each in self.ann.get("rooms")["rooms"]])

    def test_a_ban_says_first_how_many_others_it_hits_then_hits_them_and_is_lifted(self):
        troll, neighbour = self.guest("Troll"), self.guest("Neighbour")
        # An empty room of which nothing is left is none.
        self.said(troll, "buy")
        wanted = {"room": self.place, "who": "Troll", "seconds": 3600, "widen": True, "reason": "spam"}
        self.assertEqual(self.ann.post("bans", **wanted, dryRun=True)["others"], 1)
        troll.ping()
        self.assertEqual(self.ann.refused("POST", "bans", wanted | {"others": 0}), (409, "conflict"))
        self.assertEqual(self.ann.get(f"bans?room={self.place}")["bans"], [])
        self.assertEqual(self.ann.post("bans", **wanted, others=1)["others"], 1)
        for guest in (troll, neighbour):
            self.assertEqual(self.farewell(guest), {301})
        ban = self.ann.get(f"bans?room={self.place}")["bans"][0]
        self.assertEqual((ban["jid"], ban["networks"], ban["reason"]), (bare(troll.jid), 1, "spam"))
        self.ann.post("lift", room=self.place, bans=[ban["id"]])
        troll.join(self.place, "Troll")
        self.assertEqual(self.kinds(self.ann, f"log?room={self.place}"), ["lift", "ban"])

    def test_a_ban_from_all_rooms_is_for_who_owns_them_all(self):
        troll, there = self.guest("Troll"), self.client()
        there.join(self.elsewhere, "There")
        mo = self.desk("owner", "Mo", "--site", ONE)
        wanted = {"who": bare(troll.jid), "seconds": 60}
        self.assertEqual(mo.refused("POST", "bans", wanted), (403, "forbidden"))
        self.assertEqual(
            mo.refused("POST", "bans", wanted | {"room": self.place, "everywhere": True}), (403, "forbidden"))
        self.ann.post("bans", **wanted)
        self.assertEqual(self.farewell(troll), {301})
        ban = next(each for each in self.ann.get("bans")["bans"] if each["jid"] == bare(troll.jid))
        self.assertEqual(mo.refused("POST", "lift", {"bans": [ban["id"]]}), (404, "item-not-found"))
        self.ann.post("lift", bans=[ban["id"]])

    def test_somebody_is_kicked_muted_and_heard_again(self):
        mo = self.desk("moderator", "Mo", "--site", ONE)
        guest = self.guest("Guest")
        occupant = mo.get(f"occupants?room={self.place}")["occupants"][0]
        self.assertEqual(occupant, {"nick": "Guest", "role": "participant", "affiliation": "none",
                                    "jid": bare(guest.jid)})  # fmt: skip
        mo.post("voice", room=self.place, nick="Guest", voice=False)
        guest.say(self.place, "mute")
        self.assertEqual(
            stanza_error(guest.find(lambda each: each.get("type") == "error", "a refusal")), ("auth", "forbidden"))
        mo.post("voice", room=self.place, nick="Guest", voice=True)
        self.said(guest, "heard")
        mo.post("kick", room=self.place, nick="Guest", reason="late")
        self.assertEqual(self.farewell(guest), {307})
        self.assertEqual(self.kinds(mo, f"log?room={self.place}"), ["kick", "role", "role"])

    def test_a_message_is_taken_back_and_nobody_reads_it_any_more(self):
        guest = self.guest("Guest")
        id = self.said(guest, "regrettable")
        message = self.ann.get(f"messages?room={self.place}")["messages"][-1]
        self.assertEqual((message["id"], message["nick"], message["body"], message["jid"]),
                         (id, "Guest", "regrettable", bare(guest.jid)))  # fmt: skip
        self.ann.post("retract", room=self.place, id=id, reason="no")
        guest.find(lambda each: each.find("{urn:xmpp:message-retract:1}retract") is not None, "the retraction")
        # What tells of it is in the archive too, and no message.
        message = self.ann.get(f"messages?room={self.place}")["messages"][-1]
        self.assertEqual((message["id"], message.get("body"), message["retracted"]), (id, None, True))

    def test_slow_mode_is_set_and_undone(self):
        guest = self.guest("Guest")
        self.ann.post("slow-mode", room=self.place, seconds=30)
        guest.find(lambda each: each.find("{urn:samepage:moderation:0}slow-mode") is not None, "slow mode")
        act = self.ann.get(f"log?room={self.place}")["log"][0]
        self.assertEqual((act["kind"], act["before"], act["after"], act["undone"]), ("slow-mode", "0", "30", False))
        self.ann.post("undo", act=act["id"])
        log = self.ann.get(f"log?room={self.place}")["log"]
        self.assertTrue(next(each for each in log if each["id"] == act["id"])["undone"])
        self.assertEqual(self.ann.refused("POST", "undo", {"act": act["id"]}), (404, "item-not-found"))

    def test_the_log_goes_back_page_by_page(self):
        self.guest("Guest")
        for seconds in range(1, 4):
            self.ann.post("slow-mode", room=self.place, seconds=seconds)
        log = self.ann.get(f"log?room={self.place}")["log"]
        self.assertEqual([act["after"] for act in log], ["3", "2", "1"])
        older = self.ann.get(f"log?room={self.place}&before={log[0]['id']}")["log"]
        self.assertEqual([act["after"] for act in older], ["2", "1"])

    def test_what_waits_is_released_or_dropped(self):
        owner = Client(self.port, until="open")
        self.addCleanup(owner.close)
        guest = self.guest("Guest")
        made = self.mint("owner", "Form filler")
        trace = base64.b64encode(made["token"].encode()).decode()
        owner.send_text(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>{trace}</auth>")
        owner.next()
        owner.open()
        owner.send_text("<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        owner.next()
        owner.send_text(
            f"<iq xmlns='jabber:client' type='set' id='c' to='{self.place}'><query xmlns='http://jabber.org/protocol/muc#owner'>"
            f"<x xmlns='jabber:x:data' type='submit'><field var='{HOLD}'><value>1</value></field></x></query></iq>")
        self.assertEqual(owner.find(lambda each: each.get("id") == "c", "an answer").get("type"), "result")
        guest.say(self.place, "first")
        guest.hear("first")
        mo = self.desk("moderator", "Mo", "--site", ONE)
        waiting = mo.get(f"held?room={self.place}")["held"]
        self.assertEqual([(each["nick"], each["body"], each["jid"]) for each in waiting],
                         [("Guest", "first", bare(guest.jid))])  # fmt: skip
        self.assertEqual(mo.get(f"held?room={self.elsewhere}")["held"], [])
        mo.post("held", room=self.place, ids=[waiting[0]["id"]], verdict="release")
        self.assertIsNotNone(guest.hear("first").find(SID))
        self.assertEqual(mo.get("held")["held"], [])
        other = self.guest("Other")
        other.say(self.place, "second")
        other.hear("second")
        id = mo.get(f"held?room={self.place}")["held"][0]["id"]
        mo.post("held", room=self.place, ids=[id], verdict="drop")
        self.assertEqual(stanza_error(other.find(lambda each: each.get("type") == "error", "a refusal")),
                         ("modify", "not-acceptable"))  # fmt: skip

    def test_reports_come_with_the_message_and_stay_open_over_a_restart(self):
        guest, mo = self.guest("Guest"), self.desk("moderator", "Mo", "--site", ONE)
        id = self.said(guest, "buy this")
        self.report(guest, id)
        report = next(each for each in mo.get("reports")["reports"] if each["room"] == self.place)
        self.assertEqual((report["kind"], report["reason"], report["ids"]), ("spam", "look at that", [id]))
        self.assertEqual([(each["nick"], each["body"], each["jid"]) for each in report["messages"]],
                         [("Guest", "buy this", bare(guest.jid))])  # fmt: skip
        kept = self.server.folder / "data"
        until(lambda: any(report["id"] in path.read_text(errors="ignore") for path in kept.glob("moderation*")) or True,
              "the report on the disk")  # fmt: skip
        self.server.process.terminate()
        self.server.process.wait(10)
        self.server.start()
        again = next(each for each in mo.get("reports")["reports"] if each["room"] == self.place)
        self.assertEqual((again["id"], again["messages"][0]["body"]), (report["id"], "buy this"))
        self.assertEqual(self.ann.refused("POST", "reports", {"ids": ["999999"], "verdict": "done"}),
                         (404, "item-not-found"))  # fmt: skip
        mo.post("reports", ids=[report["id"]], verdict="done")
        self.assertNotIn(self.place, [each["room"] for each in mo.get("reports")["reports"]])

    def test_a_room_that_nobody_is_in_comes_from_the_archive(self):
        guest = self.guest("Guest")
        self.said(guest, "something to remember")
        self.server.process.terminate()
        self.server.process.wait(10)
        self.server.start()
        self.assertEqual(self.ann.get(f"messages?room={self.place}")["messages"][-1]["body"], "something to remember")
        self.ann.post("slow-mode", room=self.place, seconds=5)
        self.assertIn(self.place, [each["jid"] for each in self.ann.get("rooms")["rooms"]])


class Strangers(Admin):
    """Whoever has no right gets nowhere, and is told so in JSON."""

    flags = (*MANY, "--config", configuration())
    page = f"https://{ONE}/"

    def reads(self):
        return ["me", "rooms", f"occupants?room={self.place}", f"messages?room={self.place}", "reports", "held", "bans", "log"]

    def test_without_a_token_there_is_nothing(self):
        made = self.mint("owner", "Mint")["token"]
        tokens = {
            "none": None, "empty": "", "nonsense": "x", "altered": made[:-1] + ("0" if made[-1] != "0" else "1"),
            "another role": made.replace(".owner.", ".admin."), "very long": "sp1." + "a" * 4000, "a visitor's": self.visitor_token(),
        }  # fmt: skip
        for name, token in tokens.items():
            for path in self.reads():
                with self.subTest(name, path=path):
                    answer = Desk(self.port, token).send("GET", path)
                    self.assertEqual(answer.status, 401)
                    self.assertEqual(answer.get("WWW-Authenticate"), 'Bearer realm="samepage"')
                    self.assertEqual(json.loads(answer.body)["condition"], "not-authorized")
            self.assertEqual(
                Desk(self.port, token).refused("POST", "slow-mode", {"room": self.place, "seconds": 5})[0], 401)
        twice = Desk(self.port, made, f"Authorization: Bearer {made}")
        self.assertEqual(twice.refused("GET", "me"), (401, "not-authorized"))
        basic = Desk(self.port, None, f"Authorization: Basic {made}")
        self.assertEqual(basic.refused("GET", "me"), (401, "not-authorized"))
        cookie = Desk(self.port, None, f"Cookie: token={made}")
        self.assertEqual(cookie.refused("GET", f"me?token={made}"), (401, "not-authorized"))

    def visitor_token(self):
        client = self.client()
        client.send_text("<iq xmlns='jabber:client' type='get' id='t' to='localhost'><token xmlns='urn:samepage:visitor:0'/></iq>")
        return next(client.find(lambda each: each.get("id") == "t", "a token").iter("{urn:samepage:visitor:0}token")).text

    def test_a_revoked_token_is_worth_nothing_at_once(self):
        made = self.mint("owner", "Gone")
        desk = Desk(self.port, made["token"])
        desk.get("me")
        self.samepage("revoke", made["id"])
        self.assertEqual(desk.refused("GET", "me"), (401, "not-authorized"))

    def test_a_token_of_another_site_sees_and_touches_nothing_here(self):
        guest = self.guest("Guest")
        self.report(guest, id := self.said(guest, "mine"))
        stranger = self.desk("owner", "Stranger", "--site", OTHER)
        room = quote(self.place)
        for path in (f"occupants?room={room}", f"bans?room={room}", f"log?room={room}", f"reports?room={room}"):
            with self.subTest(path):
                self.assertEqual(stranger.refused("GET", path), (403, "forbidden"))
        for path in ("rooms", "reports", "held", "log"):
            with self.subTest(path):
                self.assertNotIn(self.place.partition("@")[0], json.dumps(stranger.get(path)))
        acts = {
            "slow-mode": {"seconds": 5}, "kick": {"nick": "Guest"}, "voice": {"nick": "Guest", "voice": False},
            "retract": {"id": id}, "bans": {"who": "Guest", "seconds": 5}, "held": {"ids": ["1"], "verdict": "drop"},
        }  # fmt: skip
        for path, content in acts.items():
            with self.subTest(path):
                self.assertEqual(stranger.refused("POST", path, {"room": self.place} | content), (403, "forbidden"))
        report = next(each for each in self.ann.get("reports")["reports"] if each["room"] == self.place)
        self.assertEqual(
            stranger.refused("POST", "reports", {"ids": [report["id"]], "verdict": "done"}), (404, "item-not-found"))
        self.assertEqual(stranger.refused("POST", "undo", {"act": report["id"]}), (404, "item-not-found"))
        self.said(guest, "still here, and with a voice")

    def test_a_token_of_a_site_is_not_taken_from_the_pages_of_another(self):
        made = self.mint("moderator", "Mo", "--site", ONE)["token"]
        own = f"http://localhost:{self.port}"
        for origin, status in ((f"https://{ONE}", 200), (own, 200), (f"https://{OTHER}", 401),
                               ("https://evil.example", 403), ("null", 403), (f"https://{ONE}, null", 403)):  # fmt: skip
            with self.subTest(origin):
                host = f"localhost:{self.port}"
                with Connection(self.port) as connection:
                    connection.send(request("GET", "/admin/api/me", f"Authorization: Bearer {made}", f"Origin: {origin}", host=host))
                    answer = read_answer(connection)
                self.assertEqual(answer.status, status, answer.body)
                self.assertIn("Origin", answer.get("Vary"))
                echoed = answer.get("Access-Control-Allow-Origin")
                self.assertEqual(echoed, None if status == 403 else origin)
                self.assertIsNone(answer.get("Access-Control-Allow-Credentials"))

    def test_a_preflight_is_answered_without_a_token(self):
        with Connection(self.port) as connection:
            connection.send(request("OPTIONS", "/admin/api/reports", f"Origin: https://{ONE}",
                                    "Access-Control-Request-Method: POST"))  # fmt: skip
            answer = read_answer(connection)
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.get("Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS")
        self.assertEqual(answer.get("Access-Control-Allow-Headers"), "Authorization, Content-Type")
        self.assertEqual(answer.get("Access-Control-Allow-Origin"), f"https://{ONE}")

    def test_a_method_that_does_nothing_is_refused_with_those_that_do(self):
        for method, path, allowed in (
            ("POST", "me", "GET, HEAD, OPTIONS"), ("GET", "kick", "POST, OPTIONS"), ("PUT", "bans", "GET, HEAD, POST, OPTIONS"),
            ("DELETE", "bans", "GET, HEAD, POST, OPTIONS"), ("TRACE", "log", "GET, HEAD, OPTIONS"),
        ):  # fmt: skip
            with self.subTest(method, path=path):
                answer = self.ann.send(method, path, {} if method == "POST" else None)
                self.assertEqual((answer.status, answer.get("Allow")), (405, allowed))
        self.assertEqual(self.ann.refused("GET", "nothing"), (404, "item-not-found"))
        self.assertEqual(self.ann.refused("GET", "me/"), (404, "item-not-found"))
        head = self.ann.send("HEAD", "me")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertGreater(int(head.get("Content-Length")), 20)

    def test_a_body_that_is_none_is_refused(self):
        bodies = {
            b"": 400, b"[]": 400, b"{": 400, b'"x"': 400, b"null": 400, b'{"room": 7, "seconds": 5}': 400, b"\xff\xfe": 400,
            b'{"room": "' + self.place.encode() + b'"}': 400, b'{"room": "x", "seconds": 5}': 400,
            b'{"room": "a@elsewhere.example", "seconds": 5}': 400, b'{"room": "' + self.place.encode() + b'", "seconds": 1e99}': 400,
            b'{"room": "' + self.place.encode() + b'", "seconds": -1}': 400, b"[" * 8000: 400, b'{"a":' * 3000: 400,
            b'{"room": "nobody@rooms.localhost", "seconds": 5}': 404, b" " * 20_000: 413, b" " * 60_000: 413,
        }  # fmt: skip
        for data, status in bodies.items():
            with self.subTest(data[:60]):
                answer = self.ann.send("POST", "slow-mode", data=data)
                self.assertEqual(answer.status, status, answer.body)
                self.assertIn("condition", json.loads(answer.body))
        form = Desk(self.port, self.mint("owner", "Former")["token"])
        with Connection(self.port) as connection:
            connection.send(request("POST", "/admin/api/slow-mode", *form.fields, "Content-Length: 9",
                                    "Content-Type: application/x-www-form-urlencoded", body=b"seconds=5"))  # fmt: skip
            self.assertEqual(read_answer(connection).status, 415)

    def test_a_megabyte_is_refused_before_it_is_read(self):
        with Connection(self.port) as connection:
            connection.send(request("POST", "/admin/api/bans", *self.ann.fields, "Content-Type: application/json",
                                    "Content-Length: 1000000"))  # fmt: skip
            self.assertEqual(read_answer(connection).status, 413)
            connection.read_to_end()

    def test_who_hangs_up_before_the_answer_leaves_nothing_behind(self):
        for _ in range(300):
            connection = Connection(self.port)
            connection.send(request("GET", f"/admin/api/messages?room={quote(self.place)}", *self.ann.fields))
            connection.close()
        desk = self.desk("owner", "Next desk")
        until(lambda: desk.send("GET", "me").status == 200, "the next one to be served")


class Fast(AdminTest):
    flags = (*MANY, "--limits-admin-rate", "1", "--limits-admin-burst", "5")

    def test_who_asks_too_fast_waits_and_others_do_not(self):
        fast, other = self.desk("owner", "Fast"), self.desk("owner", "Other")
        answers = [fast.send("GET", "me").status for _ in range(7)]
        self.assertEqual(answers[:5], [200] * 5)
        self.assertIn(429, answers[5:])
        self.assertIsNotNone(fast.send("GET", "me").get("Retry-After") or "now")
        other.get("me")
        until(lambda: fast.send("GET", "me").status == 200, "the bucket to fill")
