"""The API of moderators, and those who have no business there: hostile bytes, other sites' tokens, other origins."""

import atexit
import json
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from common.waiting import until
from harness.admin import ONE, OTHER, Admin, AdminTest, Desk
from harness.case import MANY
from harness.connection import Connection
from harness.http import read_answer, request


def configuration():
    """The path of a file that names the sites, as there is no flag for them."""
    folder = tempfile.mkdtemp(prefix="samepage-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, "samepage.yaml")
    path.write_text(f"sites:\n  - hosts: [{ONE}]\n  - hosts: [{OTHER}]\n")
    return str(path)


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

    def test_characters_that_xml_has_no_place_for_break_nobodys_stream(self):
        guest, witness = self.guest("Guest"), self.guest("Witness")
        self.ann.post("kick", room=self.place, nick="Guest", reason="\0\1 <&'\"\ufffe ]]> \U0001f98a")
        for each in (guest, witness):
            gone = each.find(lambda each: each.get("from") == f"{self.place}/Guest" and each.get("type") == "unavailable", "the kick")
            self.assertEqual(gone.findtext(".//{http://jabber.org/protocol/muc#user}reason"), "\ufffd\ufffd <&'\"\ufffd ]]> \U0001f98a")
        self.assertEqual(self.ann.refused("POST", "kick", {"room": self.place, "nick": "Wit\0ness"}), (404, "item-not-found"))
        self.assertEqual(self.ann.refused("GET", "rooms?url=%00%ff"), (400, "bad-request"))
        self.ann.get("rooms?search=%00%ff%0d%0a")
        witness.ping()

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
