"""Who a visitor is: the signed token that brings it back, and what becomes of those that are not good."""

import base64
import hashlib
import hmac
import signal
import time
import xml.etree.ElementTree as XML

from common.waiting import until
from harness.case import MANY, WireTest
from harness.connection import Connection
from harness.http import read_answer, request
from harness.managed import SASL2, SM, ManagedClient, authenticate
from harness.xmpp import BIND, BIND_REQUEST, CLIENT, END, SASL, Client, condition, stanza_error, stream_error

VISITOR = "{urn:samepage:visitor:0}"
GET_TOKEN = "<token xmlns='urn:samepage:visitor:0'/>"
REVOKE = "<revoke xmlns='urn:samepage:visitor:0'/>"
JOIN = "<x xmlns='http://jabber.org/protocol/muc'/>"
BOSH = "http://jabber.org/protocol/httpbind"
# The server was started without sites: any page of any site may embed it.
HOME, ELSEWHERE = "https://home.example", "https://elsewhere.example"


def trace(token):
    """SASL ANONYMOUS with a trace string (RFC 4505)."""
    encoded = base64.b64encode(token.encode()).decode()
    return f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>{encoded}</auth>"


def bare(jid):
    return jid.partition("/")[0]


class Tab(Client):
    """A tab of a browser, which may come with a token."""

    def __init__(self, port, origin=HOME, token=None, until="bind", **how):
        super().__init__(port, origin=origin, until="open", **how)
        if until == "bind":
            answer = self.present(token)
            assert answer.tag == SASL + "success", f"not let in: {XML.tostring(answer)}"
            self.bind()

    def present(self, token):
        """Authenticates; the server's answer."""
        self.send_text(trace(token or "="))
        return self.next()

    def bind(self):
        self.open()
        return self.bind_once()

    def bind_once(self):
        """Asks for an address; the server's answer."""
        self.send_text(BIND_REQUEST)
        answer = self.expect(CLIENT + "iq")
        self.jid = getattr(answer.find(f"{BIND}bind/{BIND}jid"), "text", None)
        return answer

    def ask(self, kind, payload):
        """An IQ to the server; its answer, past whatever else comes."""
        identifier = f"ask-{next(self.ids)}"
        self.send_text(f"<iq xmlns='jabber:client' type='{kind}' id='{identifier}' to='localhost'>{payload}</iq>")
        while (answer := self.next()).get("id") != identifier:
            pass
        return answer

    def token(self):
        answer = self.ask("get", GET_TOKEN)
        assert answer.get("type") == "result", XML.tostring(answer)
        return answer.find(VISITOR + "token").text

    def says_nothing_more(self):
        """What came before an answer of the server that was asked for just now."""
        identifier = f"quiet-{next(self.ids)}"
        self.send_text(f"<iq xmlns='jabber:client' type='get' id='{identifier}'><ping xmlns='urn:xmpp:ping'/></iq>")
        before = []
        while (answer := self.next()).get("id") != identifier:
            before.append(answer)
        return before


class Bosh:
    """The same over BOSH: as much as it takes to be somebody."""

    def __init__(self, test, origin=HOME):
        self.test, self.origin, self.rid, self.sid = test, origin, 1, None
        self.sid = self.post("to='localhost' wait='1' hold='1' ver='1.11' xmpp:version='1.0'").get("sid")

    def post(self, attributes="", payload="", origin=None):
        sid = f" sid='{self.sid}'" if self.sid else ""
        self.rid += 1
        body = (
            f"<body xmlns='{BOSH}' xmlns:xmpp='urn:xmpp:xbosh' rid='{self.rid}'{sid} {attributes}>{payload}</body>"
        ).encode()
        with Connection(self.test.port) as connection:
            fields = [f"Content-Length: {len(body)}", f"Origin: {origin or self.origin}"]
            connection.send(request("POST", "/http-bind", *fields, body=body))
            return XML.fromstring(read_answer(connection).body)

    def present(self, token, origin=None):
        return next(iter(self.post(payload=trace(token), origin=origin)))

    def bind(self):
        self.post("xmpp:restart='true' to='localhost'")
        answer = self.post(payload=BIND_REQUEST)
        self.jid = next(answer.iter(BIND + "jid")).text
        return self

    def token(self):
        ask = f"<iq xmlns='jabber:client' type='get' id='t' to='localhost'>{GET_TOKEN}</iq>"
        return next(self.post(payload=ask).iter(VISITOR + "token")).text

    def leave(self):
        self.post("type='terminate'")


class Identity(WireTest):
    page = "https://home.example/a"

    def tab(self, *arguments, **how):
        tab = Tab(self.port, *arguments, **how)
        self.addCleanup(tab.close)
        return tab

    def refused(self, answer):
        self.assertEqual(answer.tag, SASL + "failure", XML.tostring(answer))
        self.assertEqual(condition(answer, SASL), "not-authorized")
        return answer.findtext(SASL + "text")

    def restart(self, how=signal.SIGKILL):
        self.server.process.send_signal(how)
        self.server.process.wait(10)
        self.server.start()


class Tokens(Identity):
    def test_the_token_brings_the_same_address_over_websocket_and_over_bosh(self):
        first = self.tab()
        token = first.token()
        self.assertLessEqual(len(token), 255)
        self.assertRegex(token, r"^sp1\.[a-z2-7]{26}\.")
        self.assertEqual(bare(self.tab(token=token).jid), bare(first.jid))
        bosh = Bosh(self)
        self.assertEqual(bosh.present(token).tag, SASL + "success")
        self.assertEqual(bare(bosh.bind().jid), bare(first.jid))
        # And back, with the one that BOSH was given.
        self.assertEqual(bare(self.tab(token=bosh.token()).jid), bare(first.jid))
        bosh.leave()

    def test_the_server_says_when_the_token_expires_and_that_it_knows_tokens_at_all(self):
        tab = self.tab()
        answer = tab.ask("get", GET_TOKEN)
        self.assertRegex(answer.find(VISITOR + "token").get("expires"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        features = tab.ask("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>")
        self.assertIn("urn:samepage:visitor:0", [each.get("var") for each in features.iter()])

    def test_without_a_token_or_with_any_other_trace_everybody_is_somebody_new(self):
        addresses = {bare(self.tab(token=token).jid) for token in (None, "", "me@example.org", "sp2.x", "SP1.x", "sirhc")}
        self.assertEqual(len(addresses), 6)

    def test_a_token_that_is_not_good_is_refused_and_the_same_stream_goes_on_without_one(self):
        victim = self.tab()
        token = victim.token()
        identity, issued, expires, origin, code = token.split(".")[1:]
        other = self.tab().token()
        bad = {
            "nothing but the name": "sp1.",
            "no code": token.rpartition(".")[0] + ".",
            "a code of another token": token.rpartition(".")[0] + "." + other.rpartition(".")[2],
            "another identity": token.replace(identity, other.split(".")[1]),
            "later": token.replace(expires, str(int(expires) + 1)),
            "no origin": ".".join(["sp1", identity, issued, expires, "", code]),
            "upper case": "sp1." + token[4:].upper(),
            "more behind it": token + "0",
            "far too long": token + "x" * 20_000,
            "not ASCII": token + "é",
        }
        for case, text in bad.items():
            with self.subTest(case):
                tab = self.tab(until="open")
                self.assertTrue(self.refused(tab.present(text)))
                self.assertEqual(tab.present(None).tag, SASL + "success")
                tab.bind()
                self.assertNotEqual(bare(tab.jid), bare(victim.jid))
        self.assertEqual(bare(self.tab(token=token).jid), bare(victim.jid))
        self.assertEqual(victim.says_nothing_more(), [])

    def test_a_token_is_worth_nothing_from_another_origin_and_its_owner_notices_nothing(self):
        victim = self.tab()
        token = victim.token()
        for origin in (ELSEWHERE, None, HOME + ":8443", HOME.replace("https", "http")):
            with self.subTest(origin):
                thief = self.tab(origin=origin, until="open")
                self.assertIn("another site", self.refused(thief.present(token)))
        thief = Bosh(self, origin=ELSEWHERE)
        self.refused(thief.present(token))
        # The origin of a session is that of its first request; for another there is no such session.
        self.assertEqual(thief.post(payload=trace(token), origin=HOME).get("condition"), "item-not-found")
        thief.rid -= 1
        thief.leave()
        self.assertEqual(victim.says_nothing_more(), [])
        self.assertEqual(bare(self.tab(token=token).jid), bare(victim.jid))

    def test_a_program_without_an_origin_has_tokens_too_which_no_page_can_use(self):
        program = self.tab(origin=None)
        token = program.token()
        self.assertEqual(bare(self.tab(origin=None, token=token).jid), bare(program.jid))
        self.refused(self.tab(until="open").present(token))

    def test_a_stream_has_few_attempts(self):
        tab = self.tab(until="open")
        for _ in range(4):
            self.refused(tab.present("sp1.guess"))
        self.refused(tab.present("sp1.guess"))
        self.assertEqual(stream_error(tab.next()), "policy-violation")

    def test_a_restart_and_a_power_cut_keep_the_identity(self):
        for how in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(how.name):
                tab = self.tab()
                token = tab.token()
                self.restart(how)
                self.assertEqual(bare(self.tab(token=token).jid), bare(tab.jid))

    def test_with_another_key_all_are_strangers_and_nothing_breaks(self):
        tab = self.tab()
        token = tab.token()
        (self.server.folder / "data/secret.key").unlink()
        self.restart()
        again = self.tab(until="open")
        self.refused(again.present(token))
        self.assertEqual(again.present(None).tag, SASL + "success")
        again.bind()
        self.assertEqual(bare(self.tab(token=again.token()).jid), bare(again.jid))


class Times(Identity):
    """Tokens of other times, signed with the server's own key."""

    def sign(self, identity, issued, lifetime, origin=HOME):
        secret = (self.server.folder / "data/secret.key").read_bytes()
        key = hmac.digest(secret, b"key\0visitor token", "sha256")
        digest = hashlib.sha256(origin.encode()).hexdigest()[:32]
        signed = f"sp1.{identity}.{issued}.{issued + lifetime}.{digest}."
        return signed + hmac.digest(key, signed.encode(), "sha256")[:16].hex()

    def test_a_token_counts_from_its_issue_to_its_expiry_and_never_longer_than_is_configured_now(self):
        now, minute, day = int(time.time() * 1000), 60_000, 86_400_000
        name = "a" * 26
        cases = {
            "of now": (name, now, day, None),
            "of a clock that was a little fast": (name, now + 2 * minute, day, None),
            "almost expired": (name, now - day + minute, day, None),
            "almost as old as may be": (name, now - 90 * day + minute, 365 * day, None),
            "from the future": (name, now + 60 * minute, day, "not valid yet"),
            "expired a moment ago": (name, now - day - 1, day, "expired"),
            "older than may be": (name, now - 90 * day, 365 * day, "expired"),
            "for nobody": ("", now, day, "form"),
            "for somebody of another kind": ("owner@example.org", now, day, "form"),
            "that ends before it begins": (name, now, -1, "form"),
            "with more than this version knows": (f"{name}.owner", now, day, "form"),
        }
        for case, (identity, issued, lifetime, refusal) in cases.items():
            with self.subTest(case):
                tab = self.tab(until="open")
                answer = tab.present(self.sign(identity, issued, lifetime))
                if refusal:
                    self.assertIn(refusal, self.refused(answer))
                    self.assertEqual(tab.present(None).tag, SASL + "success")
                else:
                    self.assertEqual(answer.tag, SASL + "success")
                tab.bind()
                self.assertEqual(bare(tab.jid) == f"{name}@localhost", not refusal)


class Revocation(Identity):
    def test_revoking_ends_the_other_sessions_and_all_tokens_but_not_the_one_that_asked(self):
        first = self.tab()
        old = [first.token(), first.token()]
        second = self.tab(token=old[0])
        bosh = Bosh(self)
        bosh.present(old[0])
        bosh.bind()
        stranger = self.tab()
        first.join(self.room, "Ann")
        self.assertEqual(first.ask("set", REVOKE).get("type"), "result")
        self.assertEqual(stream_error(second.next()), "not-authorized")
        self.assertEqual(bosh.post().get("type"), "terminate")
        for token in old:
            self.assertIn("revoked", self.refused(self.tab(until="open").present(token)))
        first.say(self.room, "still me")
        first.hear("still me")
        self.assertEqual(stranger.says_nothing_more(), [])
        # Whoever wants to be remembered after all starts with a new one.
        self.assertEqual(bare(self.tab(token=first.token()).jid), bare(first.jid))
        self.refused(self.tab(until="open").present(old[0]))

    def test_what_was_revoked_stays_so_after_a_power_cut(self):
        tab, other = self.tab(), self.tab()
        token, kept = tab.token(), other.token()
        self.assertEqual(tab.ask("set", REVOKE).get("type"), "result")
        self.restart(signal.SIGKILL)
        self.assertIn("revoked", self.refused(self.tab(until="open").present(token)))
        self.assertEqual(bare(self.tab(token=kept).jid), bare(other.jid))

    def test_lines_that_nobody_can_read_are_passed_over_with_one_line_in_the_log(self):
        tab = self.tab()
        token = tab.token()
        tab.ask("set", REVOKE)
        file = self.server.folder / "data/revocations"
        file.write_bytes(b"\x00\xff\xfe\nnonsense\n-1 -1\n" + file.read_bytes() + b"aaaaaaaaaaaaaaaaaaaaaaaaaa 17")
        self.restart()
        self.assertEqual(self.server.output().count("lines of the revocations are unreadable"), 1)
        self.assertIn("revoked", self.refused(self.tab(until="open").present(token)))
        until(lambda: b"nonsense" not in file.read_bytes(), "the file to be written anew")
        self.assertIn(bare(tab.jid).partition("@")[0].encode(), file.read_bytes())

    def test_who_authenticated_before_and_binds_after_the_revocation_is_out(self):
        tab = self.tab()
        late = self.tab(until="open")
        self.assertEqual(late.present(tab.token()).tag, SASL + "success")
        tab.ask("set", REVOKE)
        self.assertEqual(stanza_error(late.bind()), ("auth", "not-authorized"))

    def test_nobody_revokes_for_somebody_else(self):
        victim, attacker = self.tab(), self.tab()
        token = victim.token()
        for to in (bare(victim.jid), self.room, "rooms.localhost"):
            attacker.send_text(f"<iq xmlns='jabber:client' type='set' id='no' to='{to}'>{REVOKE}</iq>")
            while (answer := attacker.next()).get("id") != "no":
                pass
            self.assertEqual(answer.get("type"), "error", to)
        self.assertEqual(bare(self.tab(token=token).jid), bare(victim.jid))


class Tabs(Identity):
    flags = (*MANY, "--limits-sessions-per-visitor", "2")

    def leaves(self, tab, token):
        """Waits until the server knows that one of a visitor's two tabs is gone: there is room for another."""
        probe = self.tab(until="open")
        probe.present(token)
        probe.open()
        until(lambda: stanza_error(probe.bind_once()) is None, "the tab to be gone")
        probe.send_text(END)
        probe.read_end()

    def test_of_two_tabs_with_one_nick_one_comes_and_goes_and_nobody_notices(self):
        ways = {
            "closed": lambda tab: tab.close(),
            "left by a stream that ends": lambda tab: tab.send_text(END),
        }
        for case, goes in ways.items():
            for goer in (0, 1):
                with self.subTest(f"{case}, the {('first', 'second')[goer]} of them"):
                    room = self.room
                    watcher = self.tab()
                    watcher.join(room, "Watcher")
                    first = self.tab()
                    first.join(room, "Ann")
                    token = first.token()
                    self.assertEqual(len(watcher.says_nothing_more()), 1)
                    second = self.tab(token=token)
                    second.join(room, "Ann")
                    self.assertEqual(watcher.says_nothing_more(), [])
                    tabs = [first, second]
                    leaver = tabs.pop(goer)
                    goes(leaver)
                    self.leaves(leaver, token)
                    self.assertEqual(watcher.says_nothing_more(), [])
                    tabs[0].say(room, "still here")
                    watcher.hear("still here")
                    tabs[0].close()
                    self.assertEqual(watcher.next().get("type"), "unavailable")
                    watcher.close()

    def test_every_tab_hears_what_one_of_them_says_and_private_messages_to_the_nick(self):
        first = self.tab()
        first.join(self.room, "Ann")
        second = self.tab(token=first.token())
        second.join(self.room, "Ann")
        second.say(self.room, "from the second")
        first.hear("from the second")
        second.hear("from the second")
        ben = self.tab()
        ben.join(self.room, "Ben")
        ben.send_text(
            f"<message xmlns='jabber:client' type='chat' to='{self.room}/Ann'><body>psst</body>"
            "<x xmlns='http://jabber.org/protocol/muc#user'/></message>"
        )
        for tab in (first, second):
            tab.hear("psst")


class InOneRoundTrip(Identity):
    """SASL2 brings a fresh token each time, and stream management sessions that wait for their client."""

    flags = (*MANY, "--limits-sessions-per-visitor", "3")

    def managed(self, **how):
        client = ManagedClient(self.port, **{"origin": HOME, **how})
        self.addCleanup(client.close)
        return client

    def test_each_authentication_brings_a_fresh_token_and_the_one_before_it_still_counts(self):
        first = self.managed()
        self.assertRegex(first.success.find(VISITOR + "token").get("expires"), r"^\d{4}-\d\d-\d\dT")
        second = self.managed(token=first.token)
        self.assertNotEqual(second.token, first.token)
        third = self.managed(token=first.token)
        self.assertEqual({bare(each.jid) for each in (second, third)}, {bare(first.jid)})

    def test_a_token_that_is_not_good_fails_and_the_same_stream_goes_on_without_one(self):
        victim = self.managed()
        for case, token, origin in (
            ("forged", victim.token[:-1] + ("0" if victim.token[-1] != "0" else "1"), HOME),
            ("another origin", victim.token, ELSEWHERE),
        ):
            with self.subTest(case):
                client = self.managed(token=token, origin=origin)
                self.assertEqual(client.success.tag, SASL2 + "failure")
                self.assertEqual(condition(client.success, SASL), "not-authorized")
                client.send_text(authenticate())
                success = client.expect(SASL2 + "success")
                self.assertNotIn(bare(victim.jid), success.findtext(SASL2 + "authorization-identifier"))
        self.assertTrue(victim.ping())

    def test_bosh_brings_the_token_too(self):
        session = Bosh(self)
        success = next(iter(session.post(payload=authenticate("<bind xmlns='urn:xmpp:bind:0'/>"))))
        self.assertEqual(success.tag, SASL2 + "success")
        client = self.managed(token=success.findtext(VISITOR + "token"))
        self.assertEqual(bare(client.jid), bare(success.findtext(SASL2 + "authorization-identifier")))
        session.leave()

    def test_revoking_ends_sessions_that_wait_for_their_client(self):
        watcher = self.tab()
        watcher.join(self.room, "Watcher")
        waiting = self.managed()
        waiting.join(self.room, "Ann")
        token = waiting.token
        other = self.managed(token=token)
        watcher.says_nothing_more()
        waiting.cut()
        self.assertEqual(watcher.says_nothing_more(), [])
        other.send_text(f"<iq xmlns='jabber:client' type='set' id='forget' to='localhost'>{REVOKE}</iq>")
        self.assertEqual(other.find(lambda each: each.get("id") == "forget", "an answer").get("type"), "result")
        gone = watcher.next()
        self.assertEqual((gone.get("from"), gone.get("type")), (f"{self.room}/Ann", "unavailable"))
        back = self.managed(former=waiting)
        self.assertEqual(back.success.tag, SASL2 + "failure")

    def test_somebody_else_cannot_resume_the_session_even_with_its_id(self):
        victim = self.managed()
        victim.join(self.room, "Victim")
        thief = self.managed()
        thief.id, stolen = victim.id, thief.token
        taken = self.managed(former=thief, token=stolen, h=victim.handled)
        self.assertIsNone(taken.resumed)
        self.assertIsNotNone(taken.failed.find("{urn:ietf:params:xml:ns:xmpp-stanzas}item-not-found"))
        victim.say(self.room, "mine")
        victim.hear("mine")

    def test_whoever_comes_goes_before_a_session_that_waits_for_its_client(self):
        first = self.managed()
        tabs = [self.managed(token=first.token), self.managed(token=first.token)]
        full = self.managed(token=first.token)
        # There is no other way to fail a Bind 2 than to end the stream.
        self.assertEqual(stream_error(full.success), "resource-constraint")
        tabs[0].cut()
        until(lambda: self.managed(token=first.token).success.tag == SASL2 + "success", "the cut to be seen")
        # Its place is taken, and so it is not there to be resumed.
        self.assertEqual(stream_error(self.managed(former=tabs[0]).success), "resource-constraint")
        self.assertEqual(first.ping(), True)


class Limits(Identity):
    flags = (*MANY, "--limits-sessions-per-visitor", "3", "--limits-message-rate", "1/min", "--limits-message-burst", "4")

    def test_a_visitor_has_so_many_sessions_and_may_close_one_to_open_another(self):
        first = self.tab()
        token = first.token()
        tabs = [first, self.tab(token=token), self.tab(token=token)]
        late = self.tab(until="open")
        self.assertEqual(late.present(token).tag, SASL + "success")
        self.assertEqual(stanza_error(late.bind()), ("wait", "resource-constraint"))
        tabs[1].close()

        until(lambda: stanza_error(late.bind_once()) is None, "a place to be free")
        # Others have limits of their own.
        self.assertNotEqual(bare(self.tab().jid), bare(first.jid))

    def test_a_person_with_many_tabs_has_one_voice(self):
        first = self.tab()
        second = self.tab(token=first.token())
        for tab in (first, second):
            tab.join(self.room, "Ann")
        for number in range(4):
            (first, second)[number % 2].say(self.room, f"message {number}")
            first.hear(f"message {number}")
            second.hear(f"message {number}")
        for tab in (first, second):
            tab.say(self.room, "one too many")
            answer = tab.next()
            self.assertEqual(stanza_error(answer), ("wait", "policy-violation"))
        stranger = self.tab()
        stranger.join(self.room, "Ben")
        stranger.say(self.room, "I have a voice of my own")
        stranger.hear("I have a voice of my own")
