"""Several tabs of one visitor: who notices, how many there may be, and what they share."""

from common.waiting import until
from harness.case import MANY
from harness.identity import ELSEWHERE, HOME, REVOKE, VISITOR, Bosh, Identity, bare
from harness.managed import SASL2, ManagedClient, authenticate
from harness.xmpp import END, SASL, condition, stanza_error, stream_error


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
        issues = [int(each.token.split(".")[2]) for each in (first, second)]
        self.assertEqual(issues, sorted(issues))
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
