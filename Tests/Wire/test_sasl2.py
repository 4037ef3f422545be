"""SASL2 with Bind 2: a session in one round trip, and what goes wrong with it."""

from xml.etree import ElementTree

from harness.case import WireTest
from harness.connection import Connection
from harness.http import read_answer, request
from harness.managed import BIND, BIND2, REQUEST, SASL2, SM, ManagedClient, authenticate, resume
from harness.websocket import TEXT, frame, handshake
from harness.xmpp import AUTH, BIND_REQUEST, CLIENT, FRAMING, OPEN, SASL, STREAMS, Client, condition, stream_error

BODY = "{http://jabber.org/protocol/httpbind}body"
FORGED = "sp1.forged"


def presence(room, nick):
    return f'<presence xmlns="jabber:client" to="{room}/{nick}"><x xmlns="http://jabber.org/protocol/muc"/></presence>'


class SASL2Tests(WireTest):
    def managed(self, *inline, **how):
        client = ManagedClient(self.port, *inline, tls=self.tls, **how)
        self.addCleanup(client.quit)
        return client

    def test_the_first_features_offer_both_ways(self):
        client = self.client(until=None)
        features = client.open()
        self.assertEqual(features.findtext(f"{SASL}mechanisms/{SASL}mechanism"), "ANONYMOUS")
        offered = features.find(SASL2 + "authentication")
        self.assertEqual([mechanism.text for mechanism in offered.findall(SASL2 + "mechanism")], ["ANONYMOUS"])
        inline = offered.find(SASL2 + "inline")
        self.assertIsNotNone(inline.find(SM + "sm"))
        feature = inline.find(f"{BIND2}bind/{BIND2}inline/{BIND2}feature")
        self.assertEqual(feature.get("var"), "urn:xmpp:sm:3")

    def test_handshake_open_authentication_and_join_in_one_segment(self):
        connection = Connection(self.port, tls=self.tls)
        self.addCleanup(connection.close)
        messages = [OPEN, authenticate(BIND), presence(self.room, "Pipelined"), REQUEST]
        connection.send(handshake() + b"".join(frame(TEXT, message.encode()) for message in messages))
        self.assertEqual(read_answer(connection).status, 101)
        connection.read_through(b"<success ")
        connection.read_through(b"<bound ")
        connection.read_through(b"/Pipelined'")
        connection.read_through(b"<subject")
        # What came behind the authentication counts, and once.
        connection.read_through(b"<a xmlns='urn:xmpp:sm:3' h='1'/>")

    def test_a_session_takes_one_round_trip_where_the_classic_way_takes_five(self):
        """Elements that the client has to wait for, each behind one of its own."""
        managed = self.managed(token=None)
        managed.join(self.room, "Quick")
        # Its constructor sent everything in one write before it read anything; nothing but that was asked.
        self.assertEqual(managed.ask(), 1)
        classic = self.client(until=None)
        trips = 0
        for sent, awaited in (
            (OPEN, STREAMS + "features"),
            (AUTH, SASL + "success"),
            (OPEN, STREAMS + "features"),
            (BIND_REQUEST, CLIENT + "iq"),
            ('<enable xmlns="urn:xmpp:sm:3" resume="true"/>', SM + "enabled"),
        ):
            classic.send_text(sent)
            classic.find(lambda element, awaited=awaited: element.tag == awaited, awaited)
            trips += 1
        self.assertEqual(trips, 5)

    def test_success_tells_everything(self):
        client = self.managed()
        bare, _, resource = client.jid.partition("/")
        self.assertRegex(bare, r"^[a-z2-7]{26}@localhost$")
        self.assertRegex(resource, r"^samepage/[a-z2-7]{20}$")
        self.assertRegex(client.id, r"^[a-z2-7]{26}$")
        self.assertEqual(client.enabled.get("resume"), "true")
        self.assertEqual(client.enabled.get("max"), "300")
        self.assertEqual(len(client.features), 0)

    def test_without_a_bind_the_classic_one_follows_without_a_restart(self):
        client = self.managed(bind=False)
        self.assertNotIn("/", client.jid)
        self.assertIsNone(client.bound)
        client.send_text(BIND_REQUEST)
        answer = client.expect(CLIENT + "iq")
        self.assertEqual(answer.get("type"), "result")
        self.assertTrue(client.ping())

    def test_a_refused_authentication_may_be_repeated_in_the_same_stream(self):
        client = self.client(until="open")
        # Whatever was inline is not done.
        client.send_text(authenticate(resume("x", 0), BIND, token=FORGED))
        failure = client.expect(SASL2 + "failure")
        self.assertEqual(condition(failure, SASL), "not-authorized")
        client.send_text(authenticate(BIND))
        self.assertIsNotNone(client.expect(SASL2 + "success").find(BIND2 + "bound"))

    def test_failures_are_named_and_five_are_enough(self):
        attempts = {
            "an unknown mechanism": ('<authenticate xmlns="urn:xmpp:sasl:2" mechanism="PLAIN"/>', "invalid-mechanism"),
            "no base 64": (
                '<authenticate xmlns="urn:xmpp:sasl:2" mechanism="ANONYMOUS"><initial-response>?</initial-response>'
                "</authenticate>",
                "incorrect-encoding",
            ),
            "abort": ('<abort xmlns="urn:xmpp:sasl:2"/>', "aborted"),
            "a response to nothing": ('<response xmlns="urn:xmpp:sasl:2"/>', "malformed-request"),
            "a forged token": (authenticate(BIND, token=FORGED), "not-authorized"),
        }
        client = self.client(until="open")
        for name, (attempt, expected) in attempts.items():
            with self.subTest(name):
                client.send_text(attempt)
                self.assertEqual(condition(client.expect(SASL2 + "failure"), SASL), expected)
        self.assertEqual(client.read_end(), ("policy-violation", True, 1000, "closed"))

    def test_what_is_not_for_this_moment_ends_the_stream(self):
        endings = {
            "authenticating again": (authenticate(), "unsupported-stanza-type"),
            "the classic way after it": (AUTH, "unsupported-stanza-type"),
            "a restart": (OPEN, "policy-violation"),
        }
        for name, (text, expected) in endings.items():
            with self.subTest(name):
                client = self.managed()
                client.send_text(text)
                self.assertEqual(client.read_end()[0], expected)

    def test_a_stanza_between_a_refusal_and_success_ends_the_stream(self):
        client = self.client(until=None)
        client.send(
            b"".join(
                frame(TEXT, text.encode())
                for text in (OPEN, authenticate(BIND, token=FORGED), presence(self.room, "Nobody"))
            )
        )
        client.expect(FRAMING + "open")
        client.expect(STREAMS + "features")
        client.expect(SASL2 + "failure")
        self.assertEqual(client.read_end(), ("not-authorized", True, 1000, "closed"))

    def test_tags_become_resources_only_where_they_fit(self):
        tags = {
            "a slash": ("a/b", "a/b/"),
            "emoji": ("😀", "😀/"),
            "markup": ("&lt;x&gt;", "<x>/"),
            "too long": ("x" * 200, None),
            "a control character": ("a&#9;b", None),
        }
        for name, (tag, beginning) in tags.items():
            with self.subTest(name):
                client = self.managed(f'<bind xmlns="urn:xmpp:bind:0"><tag>{tag}</tag></bind>', bind=False)
                resource = client.jid.partition("/")[2]
                if beginning:
                    self.assertTrue(resource.startswith(beginning), resource)
                else:
                    self.assertRegex(resource, r"^[a-z2-7]{20}$")
                self.assertTrue(client.ping())

    def test_over_bosh_it_is_the_same_without_stream_management(self):
        body = (
            "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' {}>{}</body>"
        ).format
        created = self.bosh(body("rid='1' to='localhost' wait='5' hold='1' ver='1.11' xmpp:version='1.0'", ""))
        inline = created.find(f"{STREAMS}features/{SASL2}authentication/{SASL2}inline")
        self.assertEqual([child.tag for child in inline], [BIND2 + "bind"])
        self.assertEqual(len(inline[0]), 0)
        sid = created.get("sid")
        answer = self.bosh(
            body(
                f"rid='2' sid='{sid}'", authenticate(resume("x", 0), BIND) + presence(self.room, "Bosh")
            )
        )
        success = answer.find(SASL2 + "success")
        self.assertIsNotNone(success.find(f"{SM}failed"))
        self.assertIsNotNone(success.find(f"{BIND2}bound/{SM}failed"))
        self.assertIsNone(success.find(f".//{SM}enabled"))
        # The join came behind it in the same body.
        answer = self.bosh(body(f"rid='3' sid='{sid}'", ""))
        own = f"{self.room}/Bosh"
        self.assertIn(own, [stanza.get("from") for stanza in answer.findall(CLIENT + "presence")])
        self.bosh(body(f"rid='4' sid='{sid}' type='terminate'", ""))

    def bosh(self, body):
        data = body.encode()
        answers, _ = self.ask(
            request("POST", "/http-bind", "Content-Type: text/xml", f"Content-Length: {len(data)}", body=data)
        )
        self.assertEqual(answers[0].status, 200)
        return ElementTree.fromstring(answers[0].body)

    def test_the_classic_way_is_as_it_was(self):
        client = Client(self.port, tls=self.tls)
        self.addCleanup(client.close)
        client.join(self.room, "Classic")
        client.send_text(REQUEST)
        self.assertEqual(client.find(stream_error, "an error").tag, STREAMS + "error")
