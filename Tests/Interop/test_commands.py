"""A moderator gives commands (XEP-0050) with slixmpp, a client that knows nothing of us but the forms it is shown."""

from harness import names
from harness.case import InteropTest, only, until

OURS = "{urn:samepage:moderation:0}"
FORMS = "{jabber:x:data}"


def fields(command):
    """The values of a form's fields."""
    return {
        field.get("var"): [value.text for value in field.findall(FORMS + "value")]
        for field in command.xml.findall(f"{FORMS}x/{FORMS}field")
    }


def options(command, name):
    field = next(each for each in command.xml.iter(FORMS + "field") if each.get("var") == name)
    return {option.findtext(FORMS + "value"): option.get("label") for option in field.findall(FORMS + "option")}


def rows(command, *columns):
    """Lines of a result, the columns that are named."""
    lines = []
    for item in command.xml.iter(FORMS + "item"):
        line = {field.get("var"): field.findtext(FORMS + "value") for field in item}
        lines.append(tuple(line[column] for column in columns))
    return lines


class Commands(InteropTest):
    def setUp(self):
        super().setUp()
        self.ann = self.visitor_here("ann")
        self.romeo = self.person_here("romeo")
        self.juliet = self.person_here("juliet")

    @only("hosted")
    def test_the_commands_are_found_where_xep_0050_says(self):
        answer = self.juliet.query("get", self.room, "<query xmlns='http://jabber.org/protocol/disco#items' "
                                   "node='http://jabber.org/protocol/commands'/>")  # fmt: skip
        nodes = {item.get("node").rpartition("#")[2] for item in answer.iter("{http://jabber.org/protocol/disco#items}item")}
        self.assertLessEqual({"ban", "bans", "lift", "held", "reports", "settle", "slow-mode", "log", "undo"}, nodes)
        with self.assertRaisesRegex(AssertionError, "forbidden"):
            self.romeo.command(self.room, "log")

    @only("hosted")
    def test_a_ban_says_how_many_others_it_hits_and_hits_them_and_is_listed_and_lifted(self):
        ben = self.visitor_here("ben")
        wanted = {"who": "ann", "duration": "3600", "widen": "1", "reason": "spam"}
        asked = self.juliet.command(self.room, "ban", wanted)[-1]
        self.assertEqual((asked["status"], fields(asked)["others"]), ("executing", ["1"]))
        self.assertEqual(rows(self.juliet.command(self.room, "bans")[-1], "jid"), [])
        done = self.juliet.command(self.room, "ban", wanted, {})[-1]
        self.assertEqual(done["status"], "completed")
        for gone in (self.ann, ben):
            self.assertIn("301", names.codes(gone.sees_leave(self.room, gone.name)))
        # Romeo comes from another server, and has no network here.
        self.talk(self.romeo, self.juliet)
        self.assertEqual(
            rows(self.juliet.command(self.room, "bans")[-1], "jid", "networks", "actor", "reason"),
            [(self.ann.bare, "1", self.juliet.bare, "spam")])  # fmt: skip
        ban = next(iter(options(self.juliet.command(self.room, "lift")[0], "bans")))
        self.juliet.command(self.room, "lift", {"bans": [ban]})
        self.ann.join(self.room, "ann", self.page)
        ben.join(self.room, "ben", self.page)
        self.talk(self.ann, ben, self.romeo)

    @only("hosted")
    def test_a_ban_is_undone_from_the_log(self):
        self.juliet.command(self.room, "ban", {"who": self.romeo.bare, "duration": "never"}, {})
        self.assertIn("301", names.codes(self.romeo.sees_leave(self.room, "Romeo")))
        log = self.juliet.command(self.room, "log")[-1]
        self.assertEqual(rows(log, "kind", "actor", "target", "undone"), [("ban", self.juliet.bare, self.romeo.bare, "0")])
        act = next(iter(options(self.juliet.command(self.room, "undo")[0], "act")))
        self.juliet.command(self.room, "undo", {"act": act})
        self.romeo.join(self.room, "Romeo")
        log = self.juliet.command(self.room, "log")[-1]
        self.assertEqual(rows(log, "kind", "undone"), [("undo", "0"), ("ban", "1")])

    @only("hosted")
    def test_slow_mode_makes_people_wait_until_it_is_undone(self):
        self.juliet.command(self.room, "slow-mode", {"seconds": "60"})
        self.romeo.say(self.room, "one")
        self.ann.read("one")
        since = self.romeo.mark()
        self.romeo.say(self.room, "two")
        self.assertEqual(self.told(self.romeo, since), "wait/policy-violation")
        act = next(iter(options(self.juliet.command(self.room, "undo")[0], "act")))
        self.juliet.command(self.room, "undo", {"act": act})
        self.talk(self.romeo, self.ann)

    @only("hosted")
    def test_a_first_message_waits_until_it_is_released_or_dropped(self):
        self.hold_first_messages()
        self.ann.say(self.room, "good words")
        self.romeo.say(self.room, "bad words")
        until(lambda: len(self.waiting(self.juliet)) == 2, "two that wait")
        waiting = self.waiting(self.juliet)
        good = next(id for id, label in waiting.items() if label == "ann: good words")
        bad = next(id for id, label in waiting.items() if label == "Romeo: bad words")
        since = self.romeo.mark()
        self.juliet.command(self.room, "held", {"messages": [good], "verdict": "release"})
        self.romeo.read("good words")
        self.juliet.command(self.room, "held", {"messages": [bad], "verdict": "drop"})
        self.assertEqual(self.told(self.romeo, since), "modify/not-acceptable")
        self.assertEqual(self.waiting(self.juliet), {})

    def hold_first_messages(self):
        form = f"<field var='{OURS}hold-first'><value>1</value></field>"
        answer = self.juliet.query("set", self.room, "<query xmlns='http://jabber.org/protocol/muc#owner'>"
                                   f"<x xmlns='jabber:x:data' type='submit'>{form}</x></query>")  # fmt: skip
        self.assertEqual(answer.get("type"), "result")

    def waiting(self, moderator):
        return options(moderator.command(self.room, "held")[0], "messages")

    @only("hosted")
    def test_a_kick_a_mute_and_a_retraction_are_in_the_log_and_the_mute_is_undone(self):
        self.romeo.say(self.room, "regrettable")
        message = self.juliet.read("regrettable")
        self.juliet.moderate(self.room, message.find("{urn:xmpp:sid:0}stanza-id").get("id"), "no")
        self.juliet.set_role(self.room, "Romeo", "visitor", "quiet")
        since = self.romeo.mark()
        self.romeo.say(self.room, "unheard")
        self.assertEqual(self.told(self.romeo, since), "auth/forbidden")
        self.juliet.kick(self.room, "ann", "late")
        self.ann.sees_leave(self.room, "ann")
        log = rows(self.juliet.command(self.room, "log")[-1], "kind", "actor-nick", "target-nick", "reason")
        self.assertEqual(log[0], ("kick", "Juliet", "ann", "late"))
        self.assertEqual(log[1], ("role", "Juliet", "Romeo", "quiet"))
        self.assertEqual((log[2][0], log[2][3]), ("retraction", "no"))
        choices = options(self.juliet.command(self.room, "undo")[0], "act")
        mute = next(act for act, label in choices.items() if "Romeo" in label)
        self.juliet.command(self.room, "undo", {"act": mute})
        self.talk(self.romeo, self.juliet)

    @only("hosted")
    def test_a_report_is_open_until_it_is_settled(self):
        self.romeo.say(self.room, "buy this")
        id = self.ann.read("buy this").find("{urn:xmpp:sid:0}stanza-id").get("id")
        report = (
            "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'>"
            f"<stanza-id xmlns='urn:xmpp:sid:0' by='{self.room}' id='{id}'/></report>"
        )
        self.juliet.query("set", self.room, report)
        open_ones = self.juliet.command(self.room, "reports")[-1]
        self.assertEqual(rows(open_ones, "kind", "authors", "messages", "body"), [("spam", "Romeo", id, "buy this")])
        number = rows(open_ones, "id")[0][0]
        self.juliet.command(self.room, "settle", {"reports": [number], "verdict": "done"})
        self.assertEqual(rows(self.juliet.command(self.room, "reports")[-1], "id"), [])
        # The administrator of the service has all rooms at once, too.
        everywhere = self.juliet.command("rooms.example.org", "rooms")[-1]
        self.assertIn((self.room, "3", "0"), rows(everywhere, "jid", "occupants", "reports"))

    def told(self, somebody, since):
        def look(it):
            return [names.condition(each) for each in it.stanzas[since:] if each.get("type") == "error"]

        return somebody.expect("a refusal", look)[0]
