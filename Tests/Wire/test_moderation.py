"""Keeping rooms clean: bans that hold against people who have no account, over restarts too."""

import contextlib
import itertools
import json
import sqlite3
import subprocess

from common.server import EXECUTABLE
from common.waiting import until
from harness.case import MANY, WireTest
from harness.managed import ManagedClient
from harness.xmpp import CLIENT, STANZA_ERRORS, Client, condition, stanza_error, statuses

COMMANDS = "{http://jabber.org/protocol/commands}"
FORMS = "{jabber:x:data}"
NODE = "urn:samepage:moderation:0#"
ids = itertools.count(1)


def form(fields):
    inside = "".join(f"<field var='{name}'><value>{value}</value></field>" for name, value in fields.items())
    return f"<x xmlns='jabber:x:data' type='submit'>{inside}</x>"


class Person(Client):
    def ask(self, to, payload, kind="set"):
        number = f"m{next(ids)}"
        self.send_text(f"<iq xmlns='jabber:client' type='{kind}' id='{number}' to='{to}'>{payload}</iq>")
        while True:
            element = self.next()
            if not isinstance(element, int) and element.get("id") == number:
                return element

    def command(self, to, name, fields=None, session=None, action="execute"):
        sessionid = f" sessionid='{session}'" if session else ""
        inside = form(fields) if fields is not None else ""
        answer = self.ask(
            to,
            f"<command xmlns='http://jabber.org/protocol/commands' node='{NODE}{name}' action='{action}'{sessionid}>"
            f"{inside}</command>",
        )
        return answer.find(COMMANDS + "command")

    def bans(self, room, who, **fields):
        """Bans, and returns how many others it was said to hit."""
        begun = self.command(room, "ban")
        fields = {"who": who, "duration": "3600", "widen": "0", **fields}
        asked = self.command(room, "ban", fields, session=begun.get("sessionid"), action="next")
        done = self.command(room, "ban", session=begun.get("sessionid"), action="complete")
        assert done.get("status") == "completed", done
        others = next(each for each in asked.iter(FORMS + "field") if each.get("var") == "others")
        return int(others.findtext(FORMS + "value"))

    def tries(self, room, nick):
        """None when it may enter, else the condition and the text of the refusal."""
        self.ping()
        self.send_text(
            f"<presence xmlns='jabber:client' to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
        )
        while True:
            element = self.next()
            if element.tag != CLIENT + "presence":
                continue
            error = element.find(CLIENT + "error")
            if error is not None:
                return condition(error, STANZA_ERRORS), error.findtext(STANZA_ERRORS + "text")
            if 110 in statuses(element):
                return None


class Moderation(WireTest):
    flags = (*MANY, "--rooms-creation", "anyone")

    def person(self, source="127.0.0.1", **how):
        person = Person(self.port, source=source, **how)
        self.addCleanup(person.close)
        return person

    def setUp(self):
        self.place = f"tavern{next(ids)}@rooms.localhost"
        self.owner = self.person(source="127.0.2.1")
        self.assertIsNone(self.owner.tries(self.place, "Owner"))
        persistent = form({"muc#roomconfig_persistentroom": "1"})
        query = f"<query xmlns='http://jabber.org/protocol/muc#owner'>{persistent}</query>"
        self.assertEqual(self.owner.ask(self.place, query).get("type"), "result")

    def test_a_widened_ban_keeps_out_the_network_and_nobody_else_and_outlives_a_restart(self):
        troll, neighbour, other = self.person(), self.person(), self.person(source="127.0.1.1")
        for client, nick in ((troll, "Troll"), (neighbour, "Neighbour"), (other, "Other")):
            self.assertIsNone(client.tries(self.place, nick))
        self.assertEqual(self.owner.bans(self.place, "Troll", widen="1", reason="spam"), 1)
        for client in (troll, neighbour):
            gone = client.find(
                lambda each: each.get("type") == "unavailable" and 110 in statuses(each), "its own farewell")
            self.assertIn(301, statuses(gone))
        # Somebody new from there, and somebody new from elsewhere.
        refusal = self.person().tries(self.place, "Fresh")
        self.assertEqual(refusal[0], "forbidden")
        self.assertRegex(refusal[1], r"^Your network is banned from this room until \d{4}-.*Z: spam$")
        self.assertIsNone(self.person(source="127.0.1.77").tries(self.place, "Guest"))

        until(self.kept_bans, "the ban on the disk")
        self.assertNotIn("127.0", "".join(self.kept_bans()))
        self.server.kill()
        self.server.start()
        self.assertEqual(self.person().tries(self.place, "Again")[0], "forbidden")
        self.assertIsNone(self.person(source="127.0.1.1").tries(self.place, "Other"))

    def kept_bans(self):
        with contextlib.closing(sqlite3.connect(self.server.folder / "data" / "samepage.db")) as database:
            return [record for (record,) in database.execute("SELECT record FROM bans")]

    def test_a_backup_has_the_bans_and_a_server_that_starts_from_it_holds_them(self):
        self.assertIsNone(self.person().tries(self.place, "Troll"))
        self.owner.bans(self.place, "Troll", widen="1")
        until(self.kept_bans, "the ban on the disk")
        data, copy = self.server.folder / "data", self.server.folder / "copy.db"
        subprocess.run([EXECUTABLE, "backup", copy, "--data", data], check=True, timeout=60, capture_output=True)
        self.server.kill()
        for path in data.glob("samepage.db*"):
            path.unlink()
        copy.rename(data / "samepage.db")
        self.server.start()
        self.assertEqual(self.person().tries(self.place, "Again")[0], "forbidden")

    def test_a_moderation_file_of_an_older_server_is_taken_into_the_archive(self):
        self.server.kill()
        data = self.server.folder / "data"
        lines = [
            {"ban": {"id": 1, "person": "x@localhost", "networks": [], "actor": "a@localhost", "since": 1}},
            {"act": {"id": 2, "time": 1, "kind": "ban", "actor": "a@localhost", "after": "1"}},
            {"ban": {"id": 3, "person": "y@localhost", "room": "tavern", "actor": "a@localhost", "since": 1}},
            {"lifted": 3},
        ]
        (data / "moderation").write_text("".join(json.dumps(line) + "\n" for line in lines))
        for _ in range(2):
            self.server.start()
            self.assertFalse((data / "moderation").exists())
            self.assertTrue((data / "moderation.imported").exists())
            people = [json.loads(record)["ban"]["person"] for record in self.kept_bans()]
            # Once, whatever other tests have left here.
            self.assertEqual((people.count("x@localhost"), people.count("y@localhost")), (1, 0))
            self.server.kill()
        self.server.start()

    def test_a_session_that_is_resumed_elsewhere_is_banned_with_both_networks(self):
        troll = ManagedClient(self.port)
        troll.join(self.place, "Troll")
        troll.cut()
        troll = ManagedClient(self.port, former=troll, source="127.0.1.1")
        self.addCleanup(troll.quit)
        self.assertIsNotNone(troll.resumed)
        self.owner.bans(self.place, "Troll", widen="1")
        for source, refused in (("127.0.0.1", True), ("127.0.1.77", True), ("127.0.3.1", False)):
            with self.subTest(source):
                self.assertEqual(self.person(source=source).tries(self.place, "Fresh") is not None, refused)

    def test_a_ban_of_one_hits_one_and_is_lifted_and_all_of_it_is_in_the_log(self):
        troll, neighbour = self.person(), self.person()
        self.assertIsNone(troll.tries(self.place, "Troll"))
        self.assertIsNone(neighbour.tries(self.place, "Neighbour"))
        self.assertEqual(self.owner.bans(self.place, "Troll"), 0)
        self.assertEqual(troll.tries(self.place, "Troll")[0], "forbidden")
        self.assertIsNone(self.person().tries(self.place, "Third"))
        begun = self.owner.command(self.place, "lift")
        ban = next(begun.iter(FORMS + "option")).findtext(FORMS + "value")
        self.owner.command(self.place, "lift", {"bans": ban}, session=begun.get("sessionid"))
        self.assertIsNone(troll.tries(self.place, "Troll"))
        log = self.owner.command(self.place, "log")
        kinds = [
            field.findtext(FORMS + "value")
            for item in log.iter(FORMS + "item") for field in item if field.get("var") == "kind"
        ]
        self.assertEqual(kinds, ["lift", "ban", "configuration"])

    def test_slow_mode_tells_how_long_to_wait_and_a_report_reaches_the_moderator(self):
        guest = self.person()
        self.assertIsNone(guest.tries(self.place, "Guest"))
        begun = self.owner.command(self.place, "slow-mode")
        done = self.owner.command(self.place, "slow-mode", {"seconds": "60"}, session=begun.get("sessionid"))
        self.assertEqual(done.get("status"), "completed")
        guest.say(self.place, "buy")
        said = guest.hear("buy")
        guest.say(self.place, "buy more")
        refused = guest.find(lambda each: each.get("type") == "error", "a refusal")
        self.assertEqual(stanza_error(refused), ("wait", "policy-violation"))
        wait = refused.find(f"{CLIENT}error/{{urn:samepage:moderation:0}}slow-mode")
        self.assertIn(int(wait.get("seconds")), range(50, 61))

        id = said.find("{urn:xmpp:sid:0}stanza-id").get("id")
        report = (
            "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'>"
            f"<stanza-id xmlns='urn:xmpp:sid:0' by='{self.place}' id='{id}'/></report>"
        )
        self.assertEqual(guest.ask(self.place, report).get("type"), "result")
        self.owner.hear("Guest reports spam by Guest: buy")

    def test_strangers_give_no_commands(self):
        stranger = self.person()
        self.assertIsNone(stranger.tries(self.place, "Stranger"))
        for to in (self.place, "rooms.localhost"):
            self.assertIsNone(stranger.command(to, "ban"))
        self.assertIsNone(self.owner.command("rooms.localhost", "ban"))
