"""BOSH (XEP-0124, XEP-0206) on real connections: what is held, and who may speak to whom."""

import re
import xml.etree.ElementTree as XML

from harness.case import MANY, WireTest
from harness.connection import Connection
from harness.http import read_answer, request
from harness.managed import SM, authenticate

BIND = "http://jabber.org/protocol/httpbind"
AUTH = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
RESOURCE = "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
CREATION = "to='localhost' wait='60' hold='1' ver='1.11' xmpp:version='1.0'"


class Session:
    """A client of BOSH that does nothing by itself."""

    def __init__(self, test, attributes=CREATION, origin=None):
        self.test = test
        self.fields = [f"Origin: {origin}"] if origin else []
        self.rid = 1000
        self.sid = None
        self.sid = self.ask(attributes).get("sid")

    def body(self, attributes="", payload="", rid=None):
        sid = f" sid='{self.sid}'" if self.sid else ""
        return (
            f"<body xmlns='{BIND}' xmlns:xmpp='urn:xmpp:xbosh' rid='{rid or self.rid}'{sid} {attributes}>{payload}</body>"
        ).encode()

    def send(self, attributes="", payload="", rid=None):
        """Sends the next request on a connection of its own."""
        body = self.body(attributes, payload, rid)
        if rid is None:
            self.rid += 1
        return self.post(body)

    def post(self, body):
        connection = Connection(self.test.port)
        self.test.addCleanup(connection.close)
        connection.send(request("POST", "/http-bind", f"Content-Length: {len(body)}", *self.fields, body=body))
        return connection

    def ask(self, attributes="", payload="", rid=None):
        return read_body(self.send(attributes, payload, rid))

    def log_in(self):
        self.ask(payload=AUTH)
        self.ask("xmpp:restart='true' to='localhost'")
        answer = self.ask(payload=RESOURCE)
        self.jid = next(answer.iter("{urn:ietf:params:xml:ns:xmpp-bind}jid")).text
        return self

    def join(self, room, nick):
        self.ask(payload=f"<presence xmlns='jabber:client' to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")


def read_body(connection):
    answer = read_answer(connection)
    assert answer.status == 200, f"{answer.status}: {answer.body!r}"
    return XML.fromstring(answer.body)


def texts(body):
    return [element.text for element in body.iter("{jabber:client}body")]


class BOSH(WireTest):
    def test_two_clients_talk_over_bosh_and_websocket(self):
        bosh = Session(self).log_in()
        bosh.join(self.room, "Bosh")
        with self.client() as other:
            other.join(self.room, "Socket")
            held = bosh.send()
            other.say(self.room, "over the bridge")
            heard = texts(read_body(held))
            while "over the bridge" not in heard:
                heard += texts(bosh.ask())
            bosh.send(payload=f"<message xmlns='jabber:client' type='groupchat' to='{self.room}'><body>and back</body></message>")
            other.hear("and back")

    def test_a_byte_behind_a_held_request_costs_the_connection_and_not_the_session(self):
        session = Session(self).log_in()
        held = session.send()
        self.assertTrue(held.is_silent(0.1))
        held.send(b"x")
        self.assertEqual(held.read_to_end(), b"")
        # The same rid on another connection is held again, and answered when a further one comes.
        again = session.send(rid=session.rid - 1)
        session.send()
        self.assertIsNone(read_body(again).get("type"))
        self.assert_is_idle()

    def test_a_second_request_behind_a_held_one_costs_the_connection(self):
        session = Session(self).log_in()
        one, two = session.body(), session.body(rid=session.rid + 1)
        connection = Connection(self.port)
        self.addCleanup(connection.close)
        both = (request("POST", "/http-bind", f"Content-Length: {len(body)}", body=body) for body in (one, two))
        connection.send(b"".join(both))
        self.assertEqual(connection.read_to_end(), b"")

    def test_what_belongs_to_no_session_is_refused_with_its_condition(self):
        victim = Session(self).log_in()
        cases = {
            "a guessed sid": (f"<body xmlns='{BIND}' rid='1' sid='guess'/>", "item-not-found"),
            "no rid": (f"<body xmlns='{BIND}' to='localhost'/>", "bad-request"),
            "a negative rid": (f"<body xmlns='{BIND}' rid='-1' to='localhost'/>", "bad-request"),
            "a rid of 2^53": (f"<body xmlns='{BIND}' rid='9007199254740992' to='localhost'/>", "bad-request"),
            "no body element": ("<a/>", "bad-request"),
            "no XML": ("hello", "bad-request"),
            "a document type": (f"<!DOCTYPE a><body xmlns='{BIND}' rid='1'/>", "bad-request"),
            "an unknown host": (f"<body xmlns='{BIND}' rid='1' to='example.org'/>", "host-unknown"),
            "a route elsewhere": (
                f"<body xmlns='{BIND}' rid='1' to='example.org' route='xmpp:127.0.0.1:1'/>", "host-unknown"),
        }
        for name, (text, condition) in cases.items():
            with self.subTest(name):
                body = text.encode()
                answers, _ = self.ask(request("POST", "/http-bind", f"Content-Length: {len(body)}", body=body))
                self.assertEqual(answers[0].status, 200)
                answer = XML.fromstring(answers[0].body)
                self.assertEqual(answer.get("type"), "terminate")
                self.assertEqual(answer.get("condition"), condition)
        self.assertIsNone(victim.ask("type='terminate'").get("condition"))

    def test_guessing_finds_no_session_and_harms_none(self):
        victim = Session(self).log_in()
        held = victim.send()
        with Connection(self.port) as connection:
            for number in range(300):
                guess = f"{victim.sid[:-2]}{'abcdefghijklmnopqrstuvwxyz'[number % 26]}{number % 6 + 2}"
                if guess == victim.sid:
                    continue
                body = f"<body xmlns='{BIND}' rid='{victim.rid}' sid='{guess}' type='terminate'/>".encode()
                connection.send(request("POST", "/http-bind", f"Content-Length: {len(body)}", body=body))
                self.assertEqual(read_body(connection).get("condition"), "item-not-found")
        self.assertTrue(held.is_silent())
        self.assertIsNone(victim.ask("pause='1'").get("condition"))
        self.assertIsNone(read_body(held).get("condition"))

    def test_a_session_belongs_to_the_origin_that_made_it(self):
        victim = Session(self, origin="https://example.org").log_in()
        held = victim.send()
        for origin in (None, "https://example.com", "https://example.org:8443"):
            with self.subTest(origin=origin):
                thief = Session(self, origin=origin)
                thief.sid = victim.sid
                # With the very rid: to repeat the held request, to come next, to be far out of the window, or nonsense.
                for rid in (victim.rid - 1, victim.rid, victim.rid + 99, "x"):
                    answer = thief.ask(rid=rid)
                    self.assertEqual(answer.get("condition"), "item-not-found")
                    self.assertEqual(len(answer), 0)
        self.assertTrue(held.is_silent())
        victim.send()
        self.assertIsNone(read_body(held).get("type"))

    def test_a_right_sid_with_a_wrong_rid_gets_one_guess_and_not_many(self):
        session = Session(self).log_in()
        held = session.send()
        self.assertEqual(session.ask(rid=session.rid + 99).get("condition"), "item-not-found")
        self.assertEqual(read_body(held).get("condition"), "item-not-found")
        self.assertEqual(session.ask().get("condition"), "item-not-found")

    def test_a_request_that_is_none_ends_its_session_in_front_of_all(self):
        session = Session(self).log_in()
        held = session.send()
        self.assertEqual(session.ask("wait='x'").get("condition"), "bad-request")
        self.assertEqual(read_body(held).get("condition"), "bad-request")

    def test_a_body_beyond_the_limits_of_xml_is_against_the_policy(self):
        deep = "<a xmlns='a'>" * 80 + "</a>" * 80
        session = Session(self).log_in()
        self.assertEqual(session.ask(payload=deep).get("condition"), "policy-violation")
        self.assertIsNone(session.ask("pause='1'", rid=session.rid - 1).get("condition"))

    def test_an_answer_that_was_lost_with_its_connection_is_there_for_the_repetition(self):
        session = Session(self).log_in()
        session.join(self.room, "Lossy")
        while len(session.ask("pause='60'")) or texts(session.ask("pause='60'")):
            pass
        with self.client() as other:
            other.join(self.room, "Socket")
            seen = session.ask()
            while not any(element.get("from", "").endswith("/Socket") for element in seen):
                seen = session.ask()
            held = session.send()
            self.assertTrue(held.is_silent())
            held.close()
            other.say(self.room, "while nobody listens")
            other.ping()
            first = session.send(rid=session.rid - 1)
            second = session.send(rid=session.rid - 1)
            heard = read_answer(first).body
            self.assertIn(b"while nobody listens", heard)
            self.assertEqual(read_answer(second).body, heard)

    def test_what_comes_with_the_farewell_is_heard(self):
        session = Session(self).log_in()
        session.join(self.room, "Leaver")
        with self.client() as other:
            other.join(self.room, "Stayer")
            say = f"<message xmlns='jabber:client' type='groupchat' to='{self.room}'><body>farewell</body></message>"
            self.assertEqual(session.ask("type='terminate'", say).get("type"), "terminate")
            other.hear("farewell")
            other.find(
                lambda stanza: stanza.get("from", "").endswith("/Leaver") and stanza.get("type") == "unavailable",
                "the leaver to leave",
            )

    def test_one_request_is_enough_to_come_in(self):
        session = Session(self)
        session.sid = None
        answer = session.ask(CREATION, AUTH)
        self.assertEqual([element.tag.rpartition("}")[2] for element in answer], ["features", "success"])

    def test_with_sasl2_one_request_leads_into_the_room(self):
        session = Session(self)
        session.sid = None
        hello = authenticate("<bind xmlns='urn:xmpp:bind:0'><tag>bosh</tag></bind>")
        join = f"<presence xmlns='jabber:client' to='{self.room}/Direct'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
        answer = session.ask(CREATION, hello + join)
        session.sid = answer.get("sid")
        self.assertEqual([element.tag.rpartition("}")[2] for element in answer], ["features", "success", "features"])
        self.assertIsNone(answer.find(f".//{SM}sm"), "stream management is not for BOSH")
        seen = list(session.ask())
        while not any(element.find("{jabber:client}subject") is not None for element in seen):
            seen += session.ask()

    def test_answers_have_the_type_that_was_asked_for_and_run_nothing(self):
        for content in (None, "text/html"):
            with self.subTest(content=content):
                extra = f" content='{content}'" if content else ""
                connection = Session(self).post(f"<body xmlns='{BIND}' rid='1' to='localhost'{extra}/>".encode())
                answer = read_answer(connection)
                self.assertEqual(answer.get("Content-Type"), content or "text/xml; charset=utf-8")
                self.assertIn("sandbox", answer.get("Content-Security-Policy"))
                self.assertEqual(answer.get("X-Content-Type-Options"), "nosniff")
                self.assertEqual(answer.get("Cache-Control"), "no-store")

    def test_old_and_plain_http_is_enough(self):
        body = f"<body xmlns='{BIND}' rid='1' to='localhost'/>".encode()
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        cases = {
            "HTTP/1.0": request("POST", "/http-bind", f"Content-Length: {len(body)}", body=body, version="HTTP/1.0"),
            "any Content-Type": request(
                "POST", "/http-bind", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
                body=body),
            "chunks": request("POST", "/http-bind", "Transfer-Encoding: chunked", body=chunked),
        }  # fmt: skip
        for name, data in cases.items():
            with self.subTest(name):
                answers, ending = self.ask(data)
                self.assertEqual(len(XML.fromstring(answers[0].body).get("sid")), 26)
                self.assertEqual(ending, "closed" if name == "HTTP/1.0" else "open")

    def test_one_connection_can_carry_a_whole_session(self):
        session = Session(self)
        session.sid = None
        with Connection(self.port) as connection:
            for attributes, payload in ((CREATION, AUTH), ("xmpp:restart='true'", ""), ("", RESOURCE), ("pause='1'", "")):
                body = session.body(attributes, payload)
                session.rid += 1
                connection.send(request("POST", "/http-bind", f"Content-Length: {len(body)}", body=body))
                answer = read_body(connection)
                session.sid = session.sid or answer.get("sid")
                self.assertIsNone(answer.get("type"))

    def test_an_answer_has_the_fields_of_its_origin(self):
        body = f"<body xmlns='{BIND}' rid='1' to='localhost'/>".encode()
        answers, _ = self.ask(
            request("POST", "/http-bind", "Origin: https://example.org", f"Content-Length: {len(body)}", body=body))
        self.assertEqual(answers[0].get("Access-Control-Allow-Origin"), "https://example.org")
        answers, _ = self.ask(request("POST", "/http-bind", "Origin: null", "Content-Length: 0"))
        self.assertEqual(answers[0].status, 403)
        answers, _ = self.ask(request("OPTIONS", "/http-bind", "Origin: https://example.org"))
        self.assertIn("POST", answers[0].get("Access-Control-Allow-Methods"))
        self.assertEqual(answers[0].get("Access-Control-Allow-Headers"), "Content-Type")
        self.assertEqual(answers[0].get("Access-Control-Allow-Origin"), "https://example.org")
        self.assertIn("Origin", answers[0].get("Vary"))
        self.assertIsNone(answers[0].get("Access-Control-Allow-Credentials"))
        answers, _ = self.ask(request("OPTIONS", "/http-bind", "Origin: null"))
        self.assertIsNone(answers[0].get("Access-Control-Allow-Origin"))

    def test_a_person_who_looks_finds_a_page(self):
        answers, _ = self.ask(request("GET", "/http-bind"))
        self.assertEqual(answers[0].status, 200)
        self.assertIn(b"<h1>", answers[0].body)
        with Connection(self.port) as connection:
            connection.send(request("HEAD", "/http-bind"))
            head = read_answer(connection, to="HEAD")
            self.assertEqual(int(head.get("Content-Length")), len(answers[0].body))
        answers, _ = self.ask(request("PUT", "/http-bind", "Content-Length: 0"))
        self.assertEqual(answers[0].status, 405)
        self.assertIn("POST", answers[0].get("Allow"))

    def test_a_client_that_asks_and_asks_is_ended(self):
        session = Session(self, CREATION.replace("hold='1'", "hold='0'"))
        conditions = [session.ask().get("condition") for _ in range(3)]
        self.assertIn("policy-violation", conditions)

    def test_a_sid_is_long_and_never_the_same(self):
        sids = {Session(self).sid for _ in range(20)}
        self.assertEqual(len(sids), 20)
        self.assertTrue(all(re.fullmatch("[a-z2-7]{26}", sid) for sid in sids))


class Shutdown(WireTest):
    def test_every_held_request_hears_of_the_shutdown(self):
        held = [Session(self).log_in().send() for _ in range(3)]
        self.assertTrue(held[0].is_silent(0.1))
        self.server.process.terminate()
        for connection in held:
            self.assertEqual(read_body(connection).get("condition"), "system-shutdown")
        self.assertEqual(self.server.process.wait(10), 0)
        self.server.start()


class Silence(WireTest):
    flags = (*MANY, "--limits-bosh-inactivity", "5", "--limits-bosh-wait", "1", "--limits-authentication-timeout", "2")

    def test_an_empty_answer_comes_when_the_wait_is_over(self):
        session = Session(self).log_in()
        answer = session.ask()
        self.assertEqual(len(answer), 0)
        self.assertIsNone(answer.get("type"))

    def test_who_does_not_log_in_is_ended(self):
        session = Session(self)
        conditions = []
        while not conditions or conditions[-1] is None:
            conditions.append(session.ask().get("condition"))
        self.assertEqual(conditions[-1], "remote-stream-error")

    def test_who_says_nothing_any_more_leaves_the_room(self):
        session, pausing = Session(self).log_in(), Session(self).log_in()
        with self.client() as other:
            other.join(self.room, "Witness")
            pausing.join(self.room, "Pausing")
            pausing.ask("pause='60'")
            session.join(self.room, "Silent")
            gone = other.find(lambda stanza: stanza.get("type") == "unavailable", "somebody to leave")
            self.assertTrue(gone.get("from").endswith("/Silent"), gone.get("from"))
            self.assertIsNone(pausing.ask().get("type"))
            self.assertEqual(session.ask().get("condition"), "item-not-found")
