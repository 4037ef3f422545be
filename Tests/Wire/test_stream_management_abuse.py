"""Stream management: what nobody may do with the sessions of others, and nonsense."""

import contextlib

from harness.managed import ENABLE, REQUEST, SM, acknowledge, resume
from harness.managed_case import FAST, ManagementTest, is_about
from harness.websocket import TEXT, frame
from harness.xmpp import END, STANZA_ERRORS, condition, stream_error


class Abuse(ManagementTest):
    flags = FAST

    def test_nobody_resumes_another_ones_session_and_the_victim_notices_nothing(self):
        observer, victim = self.joined("Observer"), self.joined("Victim")
        observer.find(is_about("Victim"), "the join")
        for name, state in {"alive": lambda: None, "cut": victim.cut}.items():
            with self.subTest(name):
                state()
                # As somebody else, with the very id and count of the victim.
                for how in ({"bind": True}, {"bind": False}):
                    thief = self.managed(resume(victim.id, victim.handled), **how)
                    self.assertIsNone(thief.resumed)
                    self.assertEqual(condition(thief.failed, STANZA_ERRORS), "item-not-found")
                    self.assertIsNone(thief.failed.get("h"), "nothing is told of another's session")
                    self.assertNotEqual(thief.jid.partition("/")[0], victim.jid.partition("/")[0])
        observer.say(self.room, "to the victim")
        victim = self.back(victim)
        victim.hear("to the victim")
        self.assert_heard_nothing_of("Victim", observer)

    def test_nonsense_in_a_resumption_is_refused_and_the_session_is_unharmed(self):
        client = self.joined("Careful")
        client.ping()
        good = client.handled
        client.cut()
        h = {
            "negative": ("-1", "bad-request"),
            "no number": ("all", "bad-request"),
            "empty": ("", "bad-request"),
            "signed": ("+1", "bad-request"),
            "a fraction": ("1.0", "bad-request"),
            "blank": (" 1", "bad-request"),
            "2^32": (str(1 << 32), "bad-request"),
            "enormous": ("9" * 5_000, "bad-request"),
        }
        for name, (value, expected) in h.items():
            with self.subTest(h=name):
                other = self.managed(resume(client.id, value), token=client.token)
                self.assertIsNone(other.resumed)
                self.assertEqual(condition(other.failed, STANZA_ERRORS), expected)
                self.assertIsNotNone(other.bound)
                other.send_text(END)
        ids = {"unknown": "a" * 26, "long": "x" * 50_000, "markup": "<>&'\"", "other capitals": client.id.upper(),
               "a prefix": client.id[:-1], "with a blank": client.id + " "}  # fmt: skip
        for name, id in ids.items():
            with self.subTest(previd=name):
                other = self.managed(resume(id, good), token=client.token)
                self.assertEqual(condition(other.failed, STANZA_ERRORS), "item-not-found")
                other.send_text(END)
        for name, value in {"one too many": good + 1, "2^31": 1 << 31, "2^32 - 1": (1 << 32) - 1}.items():
            with self.subTest(h=name):
                other = self.managed(resume(client.id, value), token=client.token)
                self.assertEqual(stream_error(other.success), "undefined-condition")
                detail = other.success.find(SM + "handled-count-too-high")
                self.assertEqual((detail.get("h"), int(detail.get("send-count"))), (str(value), good))
                self.assertEqual(other.read_end()[1:], (True, 1000, "closed"))
        self.back(client).join(self.room, "Careful")

    def test_who_has_lost_what_was_acknowledged_cannot_resume(self):
        client = self.joined("Amnesiac")
        client.ping()
        client.send_text(acknowledge(client.handled))
        self.assertEqual(client.ask(), client.sent)
        client.cut()
        other = self.managed(former=client, h=0)
        self.assertIsNone(other.resumed)
        self.assertEqual(condition(other.failed, STANZA_ERRORS), "item-not-found")
        self.assertEqual(int(other.failed.get("h")), client.sent)
        self.back(client)

    def test_nonsense_in_an_acknowledgement_ends_the_stream(self):
        for name, (text, expected) in {
            "none": ('<a xmlns="urn:xmpp:sm:3"/>', "bad-format"),
            "negative": (acknowledge(-1), "bad-format"),
            "no number": (acknowledge("x"), "bad-format"),
            "2^32": (acknowledge(1 << 32), "bad-format"),
            "one too many": (acknowledge(1), "undefined-condition"),
            "2^32 - 1": (acknowledge((1 << 32) - 1), "undefined-condition"),
            "enabling twice": (ENABLE, "policy-violation"),
            "something new": ('<x xmlns="urn:xmpp:sm:3"/>', "unsupported-stanza-type"),
        }.items():
            with self.subTest(name):
                client = self.managed()
                client.send_text(text)
                self.assertEqual(client.read_end(), (expected, True, 1000, "closed"))
                # That was the end of the session, too.
                self.assertIsNone(self.managed(former=client).resumed)

    def test_enabling_out_of_turn_fails(self):
        client = self.client(until="open")
        client.send_text(ENABLE)
        self.assertEqual(condition(client.expect(SM + "failed"), STANZA_ERRORS), "unexpected-request")
        client = self.client(until="auth")
        client.send_text(ENABLE)
        self.assertEqual(condition(client.expect(SM + "failed"), STANZA_ERRORS), "unexpected-request")


class Floods(ManagementTest):
    def test_questions_and_answers_without_end_close_the_connection(self):
        for name, text in {"questions": REQUEST, "answers that nobody asked for": acknowledge(0)}.items():
            with self.subTest(name):
                client = self.managed()
                with contextlib.suppress(OSError):
                    client.send(frame(TEXT, text.encode()) * 5_000)
                self.assertIn(client.read_end()[2], (1008, None))
