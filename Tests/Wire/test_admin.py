"""The API of moderators: what it does it does by the rooms' own doors."""

import base64
from urllib.parse import quote

from harness.admin import ONE, OTHER, PLACES, SID, Admin, Desk, bare
from harness.xmpp import Client, stanza_error

HOLD = "{urn:samepage:moderation:0}hold-first"


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
        troll = self.guest("Troll")
        mo = self.desk("moderator", "Mo", "--site", ONE)
        wanted = {"who": bare(troll.jid), "seconds": 60}
        self.assertEqual(mo.refused("POST", "bans", wanted), (403, "forbidden"))
        self.assertEqual(
            mo.refused("POST", "bans", wanted | {"room": self.place, "everywhere": True}), (403, "forbidden"))
        self.ann.post("bans", **wanted)
        self.assertEqual(self.farewell(troll), {301})
        ban = next(each for each in self.ann.get("bans")["bans"] if each["jid"] == bare(troll.jid))
        self.assertEqual(mo.refused("POST", "lift", {"bans": [ban["id"]]}), (404, "item-not-found"))
        self.ann.post("lift", bans=[ban["id"]])

    def test_the_owner_of_a_site_bans_from_all_its_rooms_and_from_no_others_over_a_restart(self):
        number = next(PLACES)
        troll, owner = self.guest("Troll"), self.desk("owner", f"Site owner {number}", "--site", ONE)
        troll.join(self.elsewhere, "Troll")
        self.said(troll, "buy")
        owner.post("bans", room=self.place, who="Troll", seconds=3600, everywhere=True)
        self.assertEqual(self.farewell(troll), {301})
        self.said(troll, "still there", room=self.elsewhere)
        ban = next(each for each in owner.get("bans")["bans"] if each["jid"] == bare(troll.jid))
        self.assertEqual(ban["scope"], f"pages {ONE}")
        self.server.process.terminate()
        self.server.process.wait(10)
        self.server.start()
        ban = next(each for each in owner.get("bans")["bans"] if each["jid"] == bare(troll.jid))
        self.assertEqual(ban["scope"], f"pages {ONE}")
        stranger = self.desk("owner", f"Stranger {number}", "--site", OTHER)
        self.assertNotIn(ban["id"], [each["id"] for each in stranger.get("bans")["bans"]])
        self.assertEqual(stranger.refused("POST", "lift", {"bans": [ban["id"]]}), (404, "item-not-found"))
        owner.post("lift", bans=[ban["id"]])

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
        page = quote(f"https://{ONE}/page{self.place.partition('page')[2].partition('@')[0]}#top")
        self.assertEqual([each["jid"] for each in self.ann.get(f"rooms?url={page}")["rooms"]], [self.place])
        self.assertEqual(self.ann.get(f"messages?room={self.place}")["messages"][-1]["body"], "something to remember")
        self.assertEqual(self.ann.refused("GET", f"rooms?url={quote(f'https://{ONE}/nobody')}"), (404, "item-not-found"))
        self.assertEqual(self.ann.refused("GET", "rooms?url=nonsense"), (400, "bad-request"))
        stranger = self.desk("moderator", "Stranger", "--site", OTHER)
        self.assertEqual(stranger.get(f"rooms?url={page}")["rooms"], [])
        self.ann.post("slow-mode", room=self.place, seconds=5)
        self.assertIn(self.place, [each["jid"] for each in self.ann.get("rooms")["rooms"]])
