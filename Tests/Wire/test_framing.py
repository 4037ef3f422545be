"""RFC 7395, SASL and binding: how a stream begins, what it takes, and how it ends."""

import socket
import struct

from harness.case import WireTest
from harness.managed import SASL2
from harness.websocket import CLOSE, TEXT, frame
from harness.xmpp import (
    AUTH, BIND_REQUEST, CLIENT, END, FRAMING, OPEN, PING_REQUEST, SASL, STREAMS, condition, stanza_error, stream_error,
)  # fmt: skip

SASL_NS = "urn:ietf:params:xml:ns:xmpp-sasl"
MESSAGE = '<message xmlns="jabber:client" to="localhost"><body>x</body></message>'
FRAMING_NS = "urn:ietf:params:xml:ns:xmpp-framing"


def opening(to="localhost", version="1.0", more=""):
    attributes = "".join(f' {name}="{value}"' for name, value in (("to", to), ("version", version)) if value is not None)
    return f'<open xmlns="{FRAMING_NS}"{attributes}{more}/>'


def auth(mechanism="ANONYMOUS", text=""):
    return f'<auth xmlns="{SASL_NS}" mechanism="{mechanism}">{text}</auth>'


BEFORE_OPEN = {
    "a stanza": (MESSAGE, "not-authorized"),
    "auth": (AUTH, "not-authorized"),
    "unknown framing": (f'<start xmlns="{FRAMING_NS}"/>', "unsupported-stanza-type"),
    "a stream header of TCP": (
        '<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" to="localhost">',
        "not-well-formed",
    ),
    "nothing": ("", "not-well-formed"),
    "white space": (" ", "not-well-formed"),
    "white space before": (" " + OPEN, "not-well-formed"),
    "a line end before": ("\n" + OPEN, "not-well-formed"),
    "a byte order mark": ("\ufeff" + OPEN, "not-well-formed"),
    "text": ("hello", "not-well-formed"),
    "two roots": (OPEN + OPEN, "not-well-formed"),
    "a root and text": (OPEN + "x", "not-well-formed"),
    "half a root": (OPEN[:-2], "not-well-formed"),
    "an unknown host": (opening("other.example"), "host-unknown"),
    "no host": (opening(None), "host-unknown"),
    "an empty host": (opening(""), "host-unknown"),
    "a user as host": (opening("a@localhost"), "host-unknown"),
    "no version": (opening(version=None), "unsupported-version"),
    "version 0.9": (opening(version="0.9"), "unsupported-version"),
    "version 2.0": (opening(version="2.0"), "unsupported-version"),
}

BEFORE_AUTH = {
    "a message": (MESSAGE, "not-authorized"),
    "a request to bind": (BIND_REQUEST, "not-authorized"),
    "a presence": ('<presence xmlns="jabber:client"/>', "not-authorized"),
    "a ping": (PING_REQUEST.format(id="x"), "not-authorized"),
    "STARTTLS": ('<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>', "unsupported-stanza-type"),
    "open again": (OPEN, "policy-violation"),
    "nonsense": ('<foo xmlns="jabber:client"/>', "unsupported-stanza-type"),
}

BEFORE_BIND = {
    "a message": (MESSAGE, "not-authorized"),
    "a ping": (PING_REQUEST.format(id="x"), "not-authorized"),
    "auth again": (AUTH, "unsupported-stanza-type"),
    "open with another host": (opening("other.example"), "policy-violation"),
    "open again": (OPEN, "policy-violation"),
}

BOUND = {
    "a top-level foo": ("<foo/>", "unsupported-stanza-type"),
    "foo of jabber:client": ('<foo xmlns="jabber:client"/>', "unsupported-stanza-type"),
    "a message of another namespace": ('<message xmlns="other"/>', "unsupported-stanza-type"),
    "a message without a namespace": ("<message/>", "unsupported-stanza-type"),
    "a message of a server": ('<message xmlns="jabber:server"/>', "unsupported-stanza-type"),
    "two stanzas in one frame": (MESSAGE + MESSAGE, "not-well-formed"),
    "another's from": ('<message xmlns="jabber:client" from="eve@localhost" to="localhost"/>', "invalid-from"),
    "the server's from": ('<message xmlns="jabber:client" from="localhost" to="localhost"/>', "invalid-from"),
    "open with another host": (opening("other.example"), "policy-violation"),
    "open again": (OPEN, "policy-violation"),
    "auth again": (AUTH, "unsupported-stanza-type"),
}

FAILED_AUTH = {
    "an unknown mechanism": (auth("X-NONE"), "invalid-mechanism"),
    "PLAIN": (auth("PLAIN", "AGEAYg=="), "invalid-mechanism"),
    "a mechanism in lower case": (auth("anonymous"), "invalid-mechanism"),
    "no mechanism": (f'<auth xmlns="{SASL_NS}"/>', "invalid-mechanism"),
    "no base 64": (auth(text="!!!"), "incorrect-encoding"),
    "base 64 without padding": (auth(text="YQ"), "incorrect-encoding"),
    "base 64 with a space": (auth(text=" YQ=="), "incorrect-encoding"),
    "a trace that is no UTF-8": (auth(text="/w=="), "incorrect-encoding"),
    "abort": (f'<abort xmlns="{SASL_NS}"/>', "aborted"),
    "a response to nothing": (f'<response xmlns="{SASL_NS}"/>', "malformed-request"),
}


class Streams(WireTest):
    def assert_ends(self, client, condition, opens=False):
        """Stream error, `<close/>`, close frame 1000, and an end without a reset."""
        if opens:
            self.assertEqual(client.expect(FRAMING + "open").get("from"), "localhost")
        self.assertEqual(client.read_end(), (condition, True, 1000, "closed"))

    def test_what_is_no_proper_opening_is_answered_with_open_and_a_stream_error(self):
        for name, (text, condition) in BEFORE_OPEN.items():
            with self.subTest(name), self.client(until=None) as client:
                client.send_text(text)
                self.assert_ends(client, condition, opens=True)

    def test_open_is_answered_with_open_and_features(self):
        client = self.client(until=None)
        client.send_text(OPEN)
        answer = client.expect(FRAMING + "open")
        self.assertEqual((answer.get("from"), answer.get("version")), ("localhost", "1.0"))
        self.assertGreaterEqual(len(answer.get("id")), 16)
        self.assertTrue(answer.get("{http://www.w3.org/XML/1998/namespace}lang"))
        features = client.expect(STREAMS + "features")
        self.assertEqual([child.tag for child in features], [SASL + "mechanisms", SASL2 + "authentication"])
        self.assertEqual([mechanism.text for mechanism in features[0]], ["ANONYMOUS"])

    def test_what_may_not_come_before_authentication_ends_the_stream(self):
        for name, (text, condition) in BEFORE_AUTH.items():
            with self.subTest(name), self.client(until="open") as client:
                client.send_text(text)
                self.assert_ends(client, condition)

    def test_what_may_not_come_before_binding_ends_the_stream(self):
        for name, (text, condition) in BEFORE_BIND.items():
            with self.subTest(name), self.client(until="auth") as client:
                client.send_text(text)
                self.assert_ends(client, condition)

    def test_what_no_client_may_send_ends_the_session(self):
        for name, (text, condition) in BOUND.items():
            with self.subTest(name), self.client() as client:
                client.send_text(text)
                self.assert_ends(client, condition)

    def test_a_stanza_between_auth_and_the_new_open_is_not_authorized(self):
        client = self.client(until="open")
        client.send_text(AUTH)
        client.expect(SASL + "success")
        client.send_text(BIND_REQUEST)
        self.assert_ends(client, "not-authorized")

    def test_open_with_another_host_after_authentication_is_host_unknown(self):
        client = self.client(until="open")
        client.send_text(AUTH)
        client.expect(SASL + "success")
        client.send_text(opening("other.example"))
        self.assert_ends(client, "host-unknown", opens=True)

    def test_of_two_stanzas_in_one_frame_none_is_executed(self):
        witness = self.client()
        witness.join(self.room, "Witness")
        client = self.client()
        client.join(self.room, "Twice")
        said = f'<message xmlns="jabber:client" type="groupchat" to="{self.room}"><body>executed</body></message>'
        client.send_text(said + said)
        self.assert_ends(client, "not-well-formed")
        gone = witness.find(
            lambda stanza: stanza.get("type") == "unavailable" or stanza.findtext(CLIENT + "body"), "Twice to leave"
        )
        self.assertEqual(gone.tag, CLIENT + "presence")

    def test_failed_authentication_is_told_and_may_be_tried_again(self):
        for name, (text, expected) in FAILED_AUTH.items():
            with self.subTest(name), self.client(until="open") as client:
                client.send_text(text)
                self.assertEqual(condition(client.expect(SASL + "failure"), SASL), expected)
                client.send_text(AUTH)
                client.expect(SASL + "success")

    def test_the_fifth_failed_authentication_ends_the_stream(self):
        client = self.client(until="open")
        for _ in range(5):
            client.send_text(auth("X-NONE"))
            client.expect(SASL + "failure")
        self.assert_ends(client, "policy-violation")

    def test_the_resource_is_honoured_or_replaced(self):
        for name, (resource, is_honoured) in {
            "a plain one": ("phone", True),
            "with spaces and slashes": ("my phone / 2", True),
            "an empty one": ("", False),
            "one of 2,000 bytes": ("r" * 2_000, False),
            "with a control character": ("a&#10;b", False),
        }.items():
            with self.subTest(name), self.client(until="auth") as client:
                bind = f'<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>{resource}</resource></bind>'
                client.send_text(f'<iq xmlns="jabber:client" type="set" id="b">{bind}</iq>')
                answer = client.expect(CLIENT + "iq")
                self.assertEqual(answer.get("type"), "result")
                address = answer[0][0].text
                self.assertRegex(address, r"^[a-z2-7]{26}@localhost/.+")
                self.assertEqual(address.partition("/")[2] == resource, is_honoured)

    def test_a_from_of_ones_own_is_completed(self):
        client = self.client()
        for name, address in {"full": client.jid, "bare": client.jid.partition("/")[0]}.items():
            with self.subTest(name):
                client.send_text(PING_REQUEST.format(id=name).replace("<iq ", f'<iq from="{address}" '))
                self.assertEqual(client.expect(CLIENT + "iq").get("to"), client.jid)

    def test_unknown_requests_are_service_unavailable_and_answers_are_not_answered(self):
        client = self.client()
        for to in ("localhost", "rooms.localhost", None):
            for kind in ("get", "set"):
                with self.subTest(kind, to=to):
                    to_attribute = f'to="{to}"' if to else ""
                    client.send_text(f'<iq xmlns="jabber:client" type="{kind}" id="u" {to_attribute}><x xmlns="y"/></iq>')
                    self.assertEqual(stanza_error(client.expect(CLIENT + "iq")), ("cancel", "service-unavailable"))
            for stanza in (
                '<iq xmlns="jabber:client" type="result" id="u" {0}/>',
                '<iq xmlns="jabber:client" type="error" id="u" {0}><error type="cancel"/></iq>',
                '<message xmlns="jabber:client" type="error" {0}/>',
                '<presence xmlns="jabber:client" type="error" {0}/>',
            ):
                client.send_text(stanza.format(f'to="{to}"' if to else ""))
                client.send_text(PING_REQUEST.format(id="after"))
                self.assertEqual(client.next().get("id"), "after")

    def test_what_is_no_request_is_a_bad_request(self):
        client = self.client()
        bad = {
            "no id": '<iq xmlns="jabber:client" type="get"><x xmlns="y"/></iq>',
            "no type": '<iq xmlns="jabber:client" id="a"><x xmlns="y"/></iq>',
            "an unknown type": '<iq xmlns="jabber:client" type="put" id="a"><x xmlns="y"/></iq>',
            "no payload": '<iq xmlns="jabber:client" type="get" id="a"/>',
            "two payloads": '<iq xmlns="jabber:client" type="get" id="a"><x xmlns="y"/><x xmlns="z"/></iq>',
        }
        for name, text in bad.items():
            with self.subTest(name):
                client.send_text(text)
                self.assertEqual(stanza_error(client.expect(CLIENT + "iq")), ("modify", "bad-request"))

    def test_a_bad_address_is_jid_malformed_and_a_foreign_one_is_not_found(self):
        client = self.client()
        for address, expected in {
            "@localhost": "jid-malformed",
            "a@": "jid-malformed",
            "a@b@c": "jid-malformed",
            "/x": "jid-malformed",
            "a b@localhost": "jid-malformed",
            "localhost/": "jid-malformed",
            "x" * 1_100 + "@localhost": "jid-malformed",
            "other.example": "remote-server-not-found",
            "a@other.example/x": "remote-server-not-found",
            "nobody@localhost": "service-unavailable",
            "nobody@localhost/x": "service-unavailable",
        }.items():
            with self.subTest(address[:40]):
                client.send_text(f'<message xmlns="jabber:client" id="m" to="{address}"><body>x</body></message>')
                self.assertEqual(stanza_error(client.expect(CLIENT + "message"))[1], expected)

    def test_close_is_answered_with_close_and_1000(self):
        for until in (None, "open", "auth", "bind"):
            with self.subTest(until or "before open"), self.client(until=until) as client:
                client.send_text(END)
                self.assertEqual(client.read_end(), (None, True, 1000, "closed"))

    def test_whoever_goes_leaves_its_rooms_however_it_goes(self):
        goings = {
            "<close/>": lambda client: client.send_text(END),
            "a close frame": lambda client: client.send(frame(CLOSE, b"\x03\xe8")),
            "both": lambda client: client.send(frame(TEXT, END.encode()) + frame(CLOSE, b"\x03\xe8")),
            "a broken frame": lambda client: client.send(b"\xff\xff"),
            "the end of TCP": lambda client: client.close(),
            "half the end of TCP": lambda client: client.socket.shutdown(socket.SHUT_WR),
            "a reset": lambda client: (
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)),
                client.close(),
            ),
            "XML that is none": lambda client: client.send_text("<"),
            **{name: (lambda client, text=text: client.send_text(text)) for name, (text, _) in BOUND.items()},
        }
        witness = self.client()
        witness.join(self.room, "Witness")
        for number, (name, go) in enumerate(goings.items()):
            with self.subTest(name), self.client() as client:
                nick = f"Goer {number}"
                client.join(self.room, nick)
                go(client)
                witness.find(
                    lambda stanza: stanza.get("from") == f"{self.room}/{nick}" and stanza.get("type") == "unavailable",
                    f"{nick} to leave",
                )
        room = self.server.rooms(self.server.url("/demo/"))["rooms"][0]
        self.assertEqual(room["occupants"], 1)

    def test_a_close_frame_alone_is_answered_with_its_code(self):
        client = self.client()
        client.join(self.room, "Leaver")
        client.send(frame(CLOSE, b"\x03\xe8"))
        self.assertEqual(client.read_end(), (None, False, 1000, "closed"))

    def test_stream_errors_are_answered_by_an_end(self):
        client = self.client()
        client.send_text(
            '<error xmlns="http://etherx.jabber.org/streams"><reset xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></error>'
        )
        error, has_closed, code, ending = client.read_end()
        self.assertTrue(has_closed)
        self.assertEqual((code, ending), (1000, "closed"))
