"""Who a visitor is: the signed token that brings it back, and what becomes of those that are not good."""

import hashlib
import hmac
import signal
import time

from common.waiting import until
from harness.identity import ELSEWHERE, GET_TOKEN, HOME, REVOKE, VISITOR, Bosh, Identity, bare
from harness.xmpp import SASL, stanza_error, stream_error


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
        # The origin of a session is that of its first request.
        self.refused(thief.present(token, origin=HOME))
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

    def test_a_disk_that_takes_nothing_is_told_and_the_tokens_are_worthless_all_the_same(self):
        file = self.server.folder / "data/revocations"
        file.unlink(missing_ok=True)
        file.mkdir()
        tab = self.tab()
        token = tab.token()
        self.assertEqual(stanza_error(tab.ask("set", REVOKE)), ("cancel", "internal-server-error"))
        self.assertIn("revoked", self.refused(self.tab(until="open").present(token)))
        file.rmdir()
        self.assertEqual(tab.ask("set", REVOKE).get("type"), "result")
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
