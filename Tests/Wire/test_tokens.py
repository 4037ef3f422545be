"""People with a role and no account: `samepage token`, and what its tokens do while the server runs."""

import base64
import contextlib
import hmac
import sqlite3
import subprocess
import time

from common.server import EXECUTABLE
from common.waiting import until
from harness.case import MANY
from harness.managed import SASL2, ManagedClient
from harness.xmpp import CLIENT, MUC_USER, SASL, condition, stanza_error, statuses, stream_error
from harness.identity import ELSEWHERE, GET_TOKEN, HOME, REVOKE, VISITOR, Bosh, Identity, bare

ADMIN = "http://jabber.org/protocol/muc#admin"


class Staff(Identity):
    def token(self, *arguments, fails=False):
        """Runs `samepage token`; what it printed."""
        command = [str(EXECUTABLE), "token", *arguments, "--data", str(self.server.folder / "data")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        self.assertEqual(bool(done.returncode), fails, done.stdout + done.stderr)
        return done.stderr if fails else done.stdout

    def mint(self, role, name, *flags):
        said = self.token("--role", role, "--name", name, *flags)
        fields = dict(line.split(maxsplit=1) for line in said.splitlines())
        self.addCleanup(self.token, "revoke", fields["id"])
        return fields

    def enter(self, tab, nick, room=None):
        """Joins; what one is there: affiliation and role."""
        seen = tab.join(room or self.room, nick)
        own = next(each for each in seen if 110 in statuses(each))
        item = next(own.iter(MUC_USER + "item"))
        return item.get("affiliation"), item.get("role")

    def turned_away(self, tab, nick, room=None):
        """The error that answers a join."""
        tab.send_text(
            f"<presence xmlns='jabber:client' to='{room or self.room}/{nick}'>"
            "<x xmlns='http://jabber.org/protocol/muc'/></presence>"
        )
        return stanza_error(tab.find(lambda each: each.get("type") == "error", "an error"))

    def moderate(self, tab, **item):
        identifier = f"admin-{next(tab.ids)}"
        attributes = " ".join(f"{name}='{value}'" for name, value in item.items())
        tab.send_text(
            f"<iq xmlns='jabber:client' type='set' id='{identifier}' to='{self.room}'>"
            f"<query xmlns='{ADMIN}'><item {attributes}/></query></iq>"
        )
        answer = tab.find(lambda each: each.get("id") == identifier, "an answer")
        return stanza_error(answer) or answer.get("type")

    def ends(self, tab):
        """Waits for the end of a session; the condition of its stream error."""
        return stream_error(tab.find(lambda each: stream_error(each), "a stream error"))

    @property
    def file(self):
        return self.server.folder / "data/tokens"


class Roles(Staff):
    def test_an_owner_who_was_made_this_moment_bans_a_visitor_from_any_client(self):
        for number, transport in enumerate(("websocket", "bosh")):
            with self.subTest(transport):
                ann = self.mint("owner", f"Ann {number}")
                visitor = self.tab()
                visitor.join(self.room, f"Ben {number}")
                if transport == "websocket":
                    owner = self.tab(token=ann["token"])
                    self.assertEqual(self.enter(owner, f"Ann {number}"), ("owner", "moderator"))
                    self.assertEqual(
                        self.moderate(owner, jid=bare(visitor.jid), affiliation="outcast"), "result"
                    )
                    address = owner.jid
                else:
                    owner = Bosh(self)
                    self.assertEqual(owner.present(ann["token"]).tag, SASL + "success")
                    address = owner.bind().jid
                    item = f"<item jid='{bare(visitor.jid)}' affiliation='outcast'/>"
                    owner.post(
                        payload=f"<iq xmlns='jabber:client' type='set' id='b' to='{self.room}'>"
                        f"<query xmlns='{ADMIN}'>{item}</query></iq>"
                    )
                    owner.leave()
                self.assertEqual(bare(address), ann["address"])
                gone = visitor.find(lambda each: 301 in statuses(each), "the ban")
                self.assertEqual(gone.get("type"), "unavailable")
                self.assertEqual(self.turned_away(visitor, f"Ben {number}"), ("auth", "forbidden"))

    def test_an_admin_bans_and_a_moderator_kicks(self):
        admin = self.tab(token=self.mint("admin", "Adele")["token"])
        moderator = self.tab(token=self.mint("moderator", "Mo")["token"])
        self.assertEqual(self.enter(admin, "Adele"), ("admin", "moderator"))
        self.assertEqual(self.enter(moderator, "Mo"), ("member", "moderator"))
        visitor = self.tab()
        self.assertEqual(self.enter(visitor, "Vi"), ("none", "participant"))
        person = bare(visitor.jid)
        self.assertEqual(self.moderate(moderator, jid=person, affiliation="outcast"), ("auth", "forbidden"))
        self.assertEqual(self.moderate(moderator, nick="Adele", role="none"), ("cancel", "not-allowed"))
        self.assertEqual(self.moderate(moderator, nick="Vi", role="none"), "result")
        visitor.find(lambda each: 307 in statuses(each), "the kick")
        self.assertEqual(self.moderate(admin, jid=person, affiliation="outcast"), "result")
        self.assertEqual(self.moderate(visitor, jid=bare(admin.jid), affiliation="outcast"), ("auth", "forbidden"))

    def test_nobody_else_has_the_nick_or_one_that_looks_like_it(self):
        ann = self.mint("moderator", "Queen Bee")
        # With whom the server reads of her, if it has not yet.
        queen = self.tab(token=ann["token"])
        visitor = self.tab()
        for nick in ("Queen Bee", "queen bee", " Queen  Bee "):
            self.assertEqual(self.turned_away(visitor, nick), ("cancel", "conflict"), nick)
        visitor.join(self.room, "Drone")
        self.assertEqual(self.turned_away(visitor, "QUEEN BEE"), ("cancel", "conflict"))
        self.enter(queen, "Queen Bee")
        self.token("revoke", ann["id"])
        until(lambda: self.can_rename(visitor, "Queen Bee"), "the nick to be free")

    def can_rename(self, tab, nick):
        tab.send_text(f"<presence xmlns='jabber:client' id='rename' to='{self.room}/{nick}'/>")
        answer = tab.find(
            lambda each: each.get("id") == "rename" or stanza_error(each), "an answer to the new nick")
        return stanza_error(answer) is None

    def test_a_role_on_one_site_counts_in_its_rooms_and_from_its_pages(self):
        token = self.mint("owner", "Hanna", "--site", "home.example")["token"]
        home = self.server.rooms(HOME + "/b")["rooms"][0]["jid"]
        away = self.server.rooms(ELSEWHERE + "/b")["rooms"][0]["jid"]
        for origin in (HOME, HOME + ":8443", None):
            with self.subTest(origin):
                tab = self.tab(origin=origin, token=token)
                self.assertEqual(self.enter(tab, "Hanna", home), ("owner", "moderator"))
                self.assertEqual(self.enter(tab, "Hanna", away), ("none", "participant"))
                tab.close()
        self.assertIn("another site", self.refused(self.tab(ELSEWHERE, until="open").present(token)))
        visitor = self.tab()
        self.assertEqual(self.turned_away(visitor, "Hanna", home), ("cancel", "conflict"))
        self.assertEqual(self.enter(visitor, "Hanna", away), ("none", "participant"))


class Tokens(Staff):
    def test_nobody_promotes_himself(self):
        token = self.mint("moderator", "Mo", "--site", "home.example")["token"]
        visitor = self.tab().token()
        prefix, identity, issued, expires, origin, role, site, nick, code = token.split(".")
        ann = base64.urlsafe_b64encode(b"Ann").decode().rstrip("=")
        bad = {
            "another role": token.replace("moderator", "owner"),
            "everywhere": token.replace(site, ""),
            "elsewhere": token.replace(site, "elsewhere~example"),
            "another name": token.replace(f".{nick}.", f".{ann}."),
            "later": token.replace(expires, str(int(expires) + 1)),
            "somebody else": token.replace(identity, visitor.split(".")[1]),
            "no claims": ".".join([prefix, identity, issued, expires, origin, code]),
            "a visitor's, with a role": ".".join(visitor.split(".")[:-1] + ["owner", "", ann, visitor.split(".")[-1]]),
        }
        for case, text in bad.items():
            with self.subTest(case):
                self.assertIn("not made by this server", self.refused(self.tab(until="open").present(text)))
        self.tab(token=token)

    def test_a_token_of_another_server_or_one_that_is_not_on_record_is_worth_nothing(self):
        made = self.mint("owner", "Ann")
        other = self.mint("admin", "Other")
        lines = self.file.read_text().splitlines(keepends=True)
        self.tab(token=made["token"])
        # As after a backup was put back that is older than the token.
        self.file.write_text("".join(line for line in lines if made["id"] not in line))
        self.assertIn("revoked", self.refused(self.tab(until="open").present(made["token"])))
        self.tab(token=other["token"])
        # A record that says more than the token did.
        self.file.write_text("".join(lines).replace(f"{other['id']} admin", f"{other['id']} owner"))
        self.assertIn("revoked", self.refused(self.tab(until="open").present(other["token"])))
        self.file.write_text("".join(lines))
        self.tab(token=other["token"])

    def test_what_the_server_gives_in_return_says_the_same_and_ends_when_the_first_one_does(self):
        made = self.mint("moderator", "Mo", "--days", "3")
        first = self.tab(token=made["token"])
        answer = first.ask("get", GET_TOKEN).find(VISITOR + "token")
        self.assertEqual(answer.get("expires")[:10], made["expires"])
        managed = ManagedClient(self.port, origin=HOME, token=answer.text)
        self.addCleanup(managed.close)
        fresh = managed.token
        _, identity, issued, expires, *claims, _ = made["token"].split(".")
        for token in (answer.text, fresh):
            self.assertEqual(token.split(".")[1], identity)
            self.assertEqual(token.split(".")[3:-1], [expires, *claims])
        self.assertGreater(int(fresh.split(".")[2]), int(issued))
        # From another page of any site: the first one was for all of them.
        again = self.tab(ELSEWHERE, token=fresh)
        self.assertEqual(bare(again.jid), made["address"])
        self.assertEqual(self.enter(again, "Mo"), ("member", "moderator"))

    def test_it_lasts_until_its_own_expiry_and_its_sessions_do_not_outlive_it(self):
        now = int(time.time() * 1000)
        identity, issued = "t" * 26, now - 100 * 86_400_000
        # Older than a visitor's token may be.
        for expires, lives in ((now + 4_000, True), (now - 1, False)):
            with self.subTest(lives):
                with open(self.file, "a", encoding="utf-8") as file:
                    file.write(f"{identity} owner - {issued} {expires} - Tim\n")
                key = hmac.digest(
                    (self.server.folder / "data/secret.key").read_bytes(), b"key\0visitor token", "sha256"
                )
                signed = f"sp1.{identity}.{issued}.{expires}..owner..VGlt."
                token = signed + hmac.digest(key, signed.encode(), "sha256")[:16].hex()
                tab = self.tab(until="open")
                if not lives:
                    self.assertIn("expired", self.refused(tab.present(token)))
                    continue
                self.assertEqual(tab.present(token).tag, SASL + "success")
                tab.bind()
                self.assertEqual(self.enter(tab, "Tim"), ("owner", "moderator"))
                self.assertEqual(self.ends(tab), "not-authorized")
                self.assertGreaterEqual(time.time() * 1000, expires)
                self.assertIn("expired", self.refused(self.tab(until="open").present(token)))
                identity = "u" * 26

    def test_a_file_that_is_damaged_makes_nobody_anybody_and_the_server_says_so(self):
        made = self.mint("owner", "Ann")
        tab = self.tab(token=made["token"])
        whole = self.file.read_bytes()
        self.file.write_bytes(b"\x00\xff nonsense\n" + whole)
        until(lambda: "lines of the tokens are unreadable" in self.server.output(), "the server to say so")
        self.assertTrue(tab.ping())
        self.file.write_bytes(whole[:-20] + b"\n")
        self.assertEqual(self.ends(tab), "not-authorized")
        self.file.write_bytes(whole)
        self.tab(token=made["token"])


class Revocation(Staff):
    def test_revoking_while_the_server_runs_ends_the_sessions_and_every_token(self):
        made = self.mint("owner", "Ann")
        watcher = self.tab()
        watcher.join(self.room, "Watcher")
        first = self.tab(token=made["token"])
        fresh = first.token()
        first.join(self.room, "Ann")
        waiting = ManagedClient(self.port, origin=HOME, token=fresh)
        waiting.join(self.room, "Ann")
        waiting.cut()
        bosh = Bosh(self)
        bosh.present(made["token"])
        bosh.bind()
        said = self.token("revoke", made["id"][:8])
        self.assertIn(made["id"], said)
        self.assertEqual(self.ends(first), "not-authorized")
        gone = watcher.find(lambda each: each.get("type") == "unavailable", "Ann to leave")
        self.assertEqual(gone.get("from"), f"{self.room}/Ann")
        until(lambda: bosh.post().get("type") == "terminate", "the BOSH session to end")
        for token in (made["token"], fresh):
            self.assertIn("revoked", self.refused(self.tab(until="open").present(token)))
        back = ManagedClient(self.port, origin=HOME, former=waiting)
        self.addCleanup(back.close)
        self.assertEqual(back.success.tag, SASL2 + "failure")
        self.assertEqual(condition(back.success, SASL), "not-authorized")
        # The others notice nothing but that she is gone.
        self.assertTrue(watcher.ping())

    def test_a_restart_keeps_the_role_and_the_revocation(self):
        kept, revoked = self.mint("owner", "Kept"), self.mint("owner", "Gone")
        self.token("revoke", revoked["id"])
        self.restart()
        self.assertEqual(self.enter(self.tab(token=kept["token"]), "Kept"), ("owner", "moderator"))
        self.assertIn("revoked", self.refused(self.tab(until="open").present(revoked["token"])))

    def test_what_somebody_with_a_role_has_done_is_kept_and_the_role_is_in_no_room(self):
        made = self.mint("owner", "Ann")
        owner, visitor = self.tab(token=made["token"]), self.tab()
        mine, person = visitor.token(), bare(visitor.jid)
        # The first to come makes the page's room, where a name that an owner comes to first would be hers.
        visitor.join(self.room, "Ben")
        self.assertEqual(self.enter(owner, "Ann"), ("owner", "moderator"))
        self.assertEqual(self.moderate(owner, jid=person, affiliation="outcast"), "result")
        owner.send_text(
            f"<message xmlns='jabber:client' type='groupchat' to='{self.room}'><body>done</body></message>"
        )
        # Heard, so it is stored, and everything before it.
        owner.find(lambda each: each.findtext(CLIENT + "body") == "done", "the message")
        self.restart()
        with contextlib.closing(sqlite3.connect(self.server.folder / "data/samepage.db")) as database:
            kept = [jid for (jid,) in database.execute("SELECT person FROM affiliations")]
        self.assertIn(person, kept)
        self.assertNotIn(made["address"], kept)
        owner = self.tab(token=made["token"])
        self.assertEqual(self.enter(owner, "Ann"), ("owner", "moderator"))
        self.token("revoke", made["id"])
        self.assertEqual(self.ends(owner), "not-authorized")
        self.assertEqual(self.turned_away(self.tab(token=mine), "Ben"), ("auth", "forbidden"))

    def test_revoked_while_the_server_was_not_running(self):
        made = self.mint("owner", "Ann")
        self.server.process.kill()
        self.server.process.wait(10)
        self.token("revoke", made["id"])
        self.server.start()
        self.assertIn("revoked", self.refused(self.tab(until="open").present(made["token"])))

    def test_who_authenticated_before_and_binds_after_the_revocation_is_out(self):
        made = self.mint("owner", "Ann")
        late = self.tab(until="open")
        self.assertEqual(late.present(made["token"]).tag, SASL + "success")
        tab = self.tab(token=made["token"])
        self.token("revoke", made["id"])
        self.assertEqual(self.ends(tab), "not-authorized")
        self.assertEqual(stanza_error(late.bind()), ("auth", "not-authorized"))

    def test_the_bearer_who_wants_to_be_forgotten_revokes_it_for_good(self):
        made = self.mint("owner", "Ann")
        tab, other = self.tab(token=made["token"]), self.tab(token=made["token"])
        self.assertEqual(tab.ask("set", REVOKE).get("type"), "result")
        self.assertIn(f"{made['id']}  owner", self.token("list"))
        self.assertRegex(self.token("list"), rf"{made['id']} .*revoked \d{{4}}")
        for session in (tab, other):
            self.assertEqual(self.ends(session), "not-authorized")
        self.restart()
        self.assertIn("revoked", self.refused(self.tab(until="open").present(made["token"])))

    def test_a_visitor_who_wants_to_be_forgotten_revokes_no_role(self):
        made = self.mint("owner", "Ann")
        owner, visitor = self.tab(token=made["token"]), self.tab()
        self.assertEqual(visitor.ask("set", REVOKE).get("type"), "result")
        self.assertTrue(owner.ping())
        self.tab(token=made["token"])


class Listing(Staff):
    def test_the_list_names_everybody_and_holds_no_token(self):
        self.assertEqual(len(self.token("list").splitlines()), 1)
        ann = self.mint("owner", "Ann Other")
        mo = self.mint("moderator", "Mo", "--site", "Home.Example", "--days", "1")
        self.token("revoke", mo["id"])
        said = self.token("list")
        self.assertRegex(said, rf"(?m)^{ann['id']} +owner +all +\d{{4}}-\d\d-\d\d +{ann['expires']} +valid +Ann Other$")
        self.assertRegex(said, rf"(?m)^{mo['id']} +moderator +home\.example .* revoked \d{{4}}-\d\d-\d\d +Mo$")
        for made in (ann, mo):
            self.assertNotIn(made["token"].rpartition(".")[2], said + self.file.read_text())
        self.assertEqual(mo["link"], f"https://home.example/#samepage={mo['token']}")

    def test_whoever_names_another_directory_than_the_servers_is_told(self):
        command = [str(EXECUTABLE), "token", "list", "--data", str(self.server.folder / "elsewhere")]
        for words in ("no server has used", ""):
            done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
            self.assertIn(words, done.stderr)
        self.assertEqual(done.stderr, "")

    def test_what_cannot_be_done_is_said_and_nothing_changes(self):
        self.mint("owner", "Ann")
        before = self.file.read_text()
        for arguments in (
            ("revoke", "zzzzzz"), ("--role", "king", "--name", "Ann"), ("--role", "owner"), ("--role", "owner", "--name", " "),
            ("--role", "owner", "--name", "ANN"), ("--role", "owner", "--name", "Ben", "--days", "0"),
            ("--role", "owner", "--name", "Ben", "--site", "no host"),
        ):
            with self.subTest(arguments):
                self.assertRegex(self.token(*arguments, fails=True), r"(?i)^error: ")
        self.assertEqual(self.file.read_text(), before)


class Creation(Staff):
    """`rooms.creation: admins`: owners and admins without an account are admins, too."""

    flags = (*MANY, "--rooms-creation", "admins")

    def assert_serves(self):
        # There is no room that anybody could join.
        self.assertTrue(self.tab().ping())

    def test_only_owners_and_admins_make_rooms_and_then_everybody_comes_in(self):
        visitor = self.tab()
        moderator = self.tab(token=self.mint("moderator", "Mo")["token"])
        for number, role in enumerate(("owner", "admin")):
            with self.subTest(role):
                room = self.server.rooms(f"{HOME}/{role}")["rooms"][0]["jid"]
                for tab in (visitor, moderator):
                    self.assertEqual(self.turned_away(tab, "Early", room), ("cancel", "not-allowed"))
                founder = self.tab(token=self.mint(role, f"Ann {number}")["token"])
                founder.send_text(
                    f"<presence xmlns='jabber:client' to='{room}/Ann {number}'>"
                    "<x xmlns='http://jabber.org/protocol/muc'/>"
                    f"<page xmlns='urn:samepage:page:0' url='{HOME}/{role}'/></presence>"
                )
                own = founder.find(lambda each: 110 in statuses(each), "the own presence")
                # A page's room, not one of the founder's: an admin stays an admin in it.
                self.assertEqual(next(own.iter(MUC_USER + "item")).get("affiliation"), role)
                self.assertEqual(self.enter(visitor, "Late", room), ("none", "participant"))
                self.assertEqual(self.enter(moderator, "Mo", room), ("member", "moderator"))
