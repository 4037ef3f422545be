"""Stream management: sessions that outlive their connections."""

import random

from harness.managed import SM, acknowledge, authenticate_classically, resume
from harness.managed_case import FAST, ManagementTest, is_about
from harness.websocket import TEXT, frame
from harness.xmpp import CLIENT, END, STANZA_ERRORS, Client, condition


class Resumption(ManagementTest):
    flags = FAST

    def test_a_session_whose_connection_was_cut_goes_on_where_it_was(self):
        observer, client = self.joined("Observer"), self.joined("Cut")
        self.assert_heard_nothing_of("x", observer)
        client.say(self.room, "before")
        observer.hear("before")
        client.cut()
        for number in range(20):
            observer.say(self.room, f"missed {number}")
        observer.hear("missed 19")
        client = self.back(client)
        self.assertEqual(int(client.resumed.get("h")), client.sent)
        self.assertEqual(
            client.bodies("missed 19")[-21:], ["before", *(f"missed {number}" for number in range(20))][-21:]
        )
        client.say(self.room, "after")
        observer.hear("after")
        client.hear("after")
        self.assertEqual(client.ask(), client.sent)
        self.assert_heard_nothing_of("Cut", observer)

    def test_a_page_that_is_left_is_there_again_on_the_next_one(self):
        observer, client = self.joined("Observer"), self.joined("Reload")
        observer.find(is_about("Reload"), "the join")
        for code in (1000, 1001, 3000):
            with self.subTest(code):
                client.leave_page(code)
                observer.say(self.room, f"meanwhile {code}")
                client = self.back(client)
                client.hear(f"meanwhile {code}")
        self.assert_heard_nothing_of("Reload", observer)

    def test_whoever_ends_the_stream_is_gone_at_once_and_for_good(self):
        observer, client = self.joined("Observer"), self.joined("Closer")
        observer.find(is_about("Closer"), "the join")
        client.ping()
        client.send_text(END)
        self.assertEqual(client.read_end(), (None, True, 1000, "closed"))
        self.assert_gone(observer, "Closer")
        again = self.managed(former=client)
        self.assertEqual(condition(again.failed, STANZA_ERRORS), "item-not-found")
        # What was handled is still known.
        self.assertEqual(int(again.failed.get("h")), client.sent)
        self.assertNotEqual(again.id, client.id)
        again.join(self.room, "Again")

    def test_without_resumption_a_session_ends_with_its_connection(self):
        observer = self.joined("Observer")
        client = self.managed('<bind xmlns="urn:xmpp:bind:0"><enable xmlns="urn:xmpp:sm:3"/></bind>', bind=False)
        self.assertEqual((client.enabled.get("id"), client.enabled.get("resume")), (None, None))
        client.join(self.room, "Brief")
        observer.find(is_about("Brief"), "the join")
        self.assertEqual(client.ask(), 1)
        client.cut()
        self.assert_gone(observer, "Brief")

    def test_resuming_a_live_session_ends_the_old_stream_with_conflict(self):
        observer, old = self.joined("Observer"), self.joined("Live")
        observer.find(is_about("Live"), "the join")
        new = self.back(old)
        self.assertEqual(old.read_end(), ("conflict", True, 1000, "closed"))
        new.say(self.room, "from the new one")
        observer.hear("from the new one")
        self.assertEqual(new.ask(), new.sent)
        self.assert_heard_nothing_of("Live", observer)

    def test_what_came_in_part_is_not_counted_and_what_came_whole_is_handled_once(self):
        observer, client = self.joined("Observer"), self.joined("Partial")
        message = f'<message xmlns="jabber:client" type="groupchat" to="{self.room}"><body>{{}}</body></message>'
        whole, part = (frame(TEXT, message.format(name).encode()) for name in ("whole", "part"))
        client.send(whole + part[:-1])
        observer.hear("whole")
        client.cut()
        client = self.back(client)
        self.assertEqual(int(client.resumed.get("h")), 2)
        client.send(part)
        seen = observer.bodies("part")
        self.assertEqual(seen, ["part"])

    def test_the_classic_way_resumes_too(self):
        client = self.joined("Classic")
        client.ping()
        client.cut()
        again = Client(self.port, until="open", tls=self.tls)
        self.addCleanup(again.close)
        again.send_text(authenticate_classically(client.token))
        again.next()
        features = again.open()
        self.assertIsNotNone(features.find(SM + "sm"))
        again.send_text(resume("unknown", 0))
        self.assertEqual(condition(again.expect(SM + "failed"), STANZA_ERRORS), "item-not-found")
        again.send_text(resume(client.id, client.handled))
        resumed = again.expect(SM + "resumed")
        self.assertEqual((resumed.get("previd"), int(resumed.get("h"))), (client.id, client.sent))
        again.say(self.room, "classic again")
        again.hear("classic again")

    def test_the_client_is_asked_seldom_and_before_all_falls_idle(self):
        talker, client = self.joined("Talker"), self.joined("Asked")
        client.ping()
        requests = 0
        for number in range(200):
            talker.say(self.room, f"n{number}")
        while True:
            element = Client.next(client)
            if element.tag == SM + "r":
                requests += 1
                client.send_text(acknowledge(client.handled))
                continue
            client.handled += 1
            if element.findtext(CLIENT + "body") == "n199":
                break
        self.assertIn(requests, range(3, 7))


class Cuts(ManagementTest):
    # Neither side reads for a while.
    flags = (*FAST, "--limits-unacknowledged", "5000")

    def test_a_thousand_messages_through_cuts_arrive_once_and_in_order(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", end=" ", flush=True)
        chance = random.Random(seed)
        observer = self.joined("Observer")
        # One that listens and one that talks; both are cut again and again.
        listener, talker = self.joined("Listener"), self.joined("Talker")
        # Stanzas of the talker that the server may not have handled, from this number on.
        base, pending = talker.sent, []
        heard, total = [], 1_000

        def listen(count):
            for _ in range(count):
                message = listener.find(lambda element: (element.findtext(CLIENT + "body") or "").isdigit(), "a number")
                heard.append(int(message.findtext(CLIENT + "body")))

        said = cuts = 0
        while len(heard) < total:
            for _ in range(chance.randrange(1, 60)):
                if said < total:
                    pending.append(said)
                    talker.say(self.room, str(said))
                    said += 1
            if chance.random() < 0.5:
                # The last one may be cut in its middle.
                in_part = said < total and chance.random() < 0.5
                if in_part:
                    pending.append(said)
                    body = f"<body>{said}</body>"
                    whole = frame(
                        TEXT,
                        f'<message xmlns="jabber:client" type="groupchat" to="{self.room}">{body}</message>'.encode(),
                    )
                    talker.send(whole[: chance.randrange(len(whole))])
                    said += 1
                talker.cut() if in_part or chance.random() < 0.7 else talker.leave_page()
                cuts += 1
                talker = self.back(talker)
                handled = int(talker.resumed.get("h"))
                pending = pending[handled - base :]
                base = handled
                for number in pending:
                    talker.say(self.room, str(number))
            outstanding = said - len(heard)
            if chance.random() < 0.5 and outstanding > 0:
                listen(chance.randrange(1, outstanding + 1))
            if chance.random() < 0.5:
                listener.cut()
                cuts += 1
                listener = self.back(listener)
            elif said == total:
                listen(total - len(heard))
        self.assertEqual(heard, list(range(total)))
        self.assertGreater(cuts, 10)
        observed = [int(body) for body in observer.bodies(str(total - 1)) if body.isdigit()]
        self.assertEqual(observed, list(range(total)))
