"""Reading a room without a nick (urn:samepage:lurk:0), and rooms of many."""

from harness.case import WireTest
from harness.managed import ManagedClient
from harness.xmpp import CLIENT, Client, stanza_error, statuses

LURK = "{urn:samepage:lurk:0}"


def lurk(to, history="", inside=""):
    return (
        f"<presence xmlns='jabber:client' to='{to}' id='l'><x xmlns='http://jabber.org/protocol/muc'>{history}</x>"
        f"<lurk xmlns='urn:samepage:lurk:0'/>{inside}</presence>"
    )


def join(to, nick, inside=""):
    return (
        f"<presence xmlns='jabber:client' to='{to}/{nick}' id='j'><x xmlns='http://jabber.org/protocol/muc'>"
        f"<history maxstanzas='0'/></x>{inside}</presence>"
    )


class Somebody(Client):
    """Notes what it hears up to the subject, which ends a join."""

    def enter(self, stanza):
        self.send_text(stanza)
        heard = []
        while not heard or heard[-1].find(CLIENT + "subject") is None:
            heard.append(self.next())
            assert stanza_error(heard[-1]) is None, heard[-1]
        return heard

    def wait_for(self, test):
        heard = []
        while not heard or not test(heard[-1]):
            heard.append(self.next())
        return heard

    def wait_for_body(self, body):
        return self.wait_for(lambda stanza: stanza.findtext(CLIENT + "body") == body)

    def say(self, room, body):
        self.send_text(
            f"<message xmlns='jabber:client' type='groupchat' to='{room}'><body>{body}</body></message>"
        )


class Lurking(WireTest):
    flags = ("--limits-profile", "open", "--rooms-quiet-above", "8")
    page = "http://lurking.example/"

    def somebody(self):
        client = Somebody(self.port)
        self.addCleanup(client.close)
        return client

    def page_of(self, name):
        url = f"http://lurking.example/{name}"
        room = self.server.rooms(url)["rooms"][0]
        return url, room["jid"], f"<page xmlns='urn:samepage:page:0' url='{url}'/>"

    def test_a_reader_hears_all_and_is_counted_and_nobody_sees_it(self):
        url, room, page = self.page_of("counted")
        reader, ann = self.somebody(), self.somebody()
        answer = next(each for each in reader.enter(lurk(room, inside=page)) if each.get("from") == room)
        self.assertEqual(answer.get("id"), "l")
        self.assertIn(110, statuses(answer))
        self.assertIsNotNone(answer.find(LURK + "lurk"))
        ann.enter(join(room, "Ann", "<count xmlns='urn:samepage:lurk:0'/>"))
        ann.say(room, "hello")
        heard = reader.wait_for_body("hello")
        self.assertEqual([each.get("from") for each in heard if each.tag == CLIENT + "presence"], [f"{room}/Ann"])
        summary = self.server.rooms(url)["rooms"][0]
        self.assertEqual((summary["occupants"], summary["readers"]), (1, 1))
        # And those who want to know are told when it changes.
        second = self.somebody()
        second.enter(lurk(room))
        told = ann.wait_for(lambda each: (each.find(LURK + "count") is not None
                                          and each.find(LURK + "count").get("readers") == "2"))
        self.assertEqual(told[-1].get("type"), "headline")

    def test_a_reader_who_speaks_is_refused_and_one_who_joins_is_heard(self):
        _, room, page = self.page_of("speaking")
        reader, ann = self.somebody(), self.somebody()
        ann.enter(join(room, "Ann", page))
        reader.enter(lurk(room))
        reader.say(room, "psst")
        refusal = reader.wait_for(lambda each: each.get("type") == "error")[-1]
        self.assertEqual(stanza_error(refusal), ("modify", "not-acceptable"))
        ann.say(room, "one")
        reader.wait_for_body("one")
        # From reading to talking while Ann goes on: nothing is missed, nothing comes twice.
        for number in range(50):
            ann.say(room, f"line {number}")
            if number == 20:
                reader.send_text(join(room, "Reader"))
        lines = []
        while not lines or lines[-1] != "line 49":
            body = reader.next().findtext(CLIENT + "body")
            if body:
                lines.append(body)
        self.assertEqual(lines, [f"line {number}" for number in range(50)])
        reader.say(room, "Now I am somebody.")
        self.assertEqual(ann.wait_for_body("Now I am somebody.")[-1].get("from"), f"{room}/Reader")

    def test_a_reader_whose_connection_breaks_resumes_and_reads_on(self):
        url, room, page = self.page_of("resumed")
        ann = self.somebody()
        ann.enter(join(room, "Ann", page))
        reader = ManagedClient(self.port)
        reader.send_text(lurk(room))
        reader.find(lambda each: each.find(CLIENT + "subject") is not None, "the end of the history")
        reader.cut()
        ann.say(room, "while you were away")
        ann.wait_for_body("while you were away")
        self.assertEqual(self.server.rooms(url)["rooms"][0]["readers"], 1)
        reader = ManagedClient(self.port, former=reader)
        self.addCleanup(reader.quit)
        self.assertIsNotNone(reader.resumed)
        ann.say(room, "and now")
        self.assertEqual(reader.bodies("and now"), ["while you were away", "and now"])

    def test_in_a_crowd_whoever_comes_is_shown_when_it_speaks(self):
        _, room, page = self.page_of("crowd")
        people = [self.somebody() for _ in range(12)]
        for number, person in enumerate(people):
            person.enter(join(room, f"P{number}", page))
        last = self.somebody()
        heard = last.enter(join(room, "Last", "<count xmlns='urn:samepage:lurk:0'/>"))
        others = [each for each in heard if each.tag == CLIENT + "presence" and 110 not in statuses(each)]
        self.assertEqual(len(others), 9)
        own = next(each for each in heard if 110 in statuses(each))
        self.assertEqual(own.find(LURK + "count").get("occupants"), "13")
        last.say(room, "hello")
        heard = people[0].wait_for_body("hello")
        self.assertEqual(heard[-2].get("from"), f"{room}/Last")
        self.assertFalse([each for each in heard if each.get("from") == f"{room}/P9"])
