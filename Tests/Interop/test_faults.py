"""Servers die, come back, and are told wrong things."""

import json
import time

from harness import names
from harness.bridge import Bridge
from harness.case import InteropTest, only, until
from harness.visitor import Visitor
from harness.world import USERS


class Faults(InteropTest):
    def test_a_server_that_is_killed_and_restarted_in_the_middle_of_a_conversation(self):
        ann = self.visitor_here("ann")
        ben = self.visitor_here("ben")
        romeo = self.person_here("romeo")
        self.talk(ann, ben, romeo)
        before = ann.bodies(self.room)
        if not self.world.is_hosted:
            until(lambda: self.server.has_written(self.room), "the server to have written the room down")

        self.server.kill()
        romeo.disconnect()
        until(lambda: not self.bridge.is_linked(), "samepage to notice")
        lost = ann.say(self.room, "Into the dark.")
        if self.world.is_hosted:
            # The rooms are ours: visitors go on among themselves.
            ben.read("Into the dark.")
        else:
            self.assertEqual(ann.error(lost), "wait/remote-server-timeout")
        self.assertFalse(ann.closed.is_set() or ben.closed.is_set(), "a visitor was thrown out")

        if self.world.is_hosted:
            self.server.start()
            self.world.wait_linked()
            romeo = self.person_here("romeo")
            romeo.say(self.room, "I am back.")
        else:
            # He is back before we are: what he says then, the visitors have missed.
            with self.bridge.paused():
                self.server.start()
                romeo = self.person_here("romeo")
                romeo.say(self.room, "I am back.")
                romeo.read("I am back.")
            self.world.wait_linked()
        for visitor in (ann, ben):
            heard = visitor.read("I am back.", seconds=20)
            if not self.world.is_hosted:
                self.assertIsNotNone(heard.find(names.DELAY), "no word of when it was said")
            romeo.sees(self.room, visitor.name, seconds=20)
            visitor.sees(self.room, "Romeo")
        self.talk(ann, ben, romeo)
        for visitor in (ann, ben):
            said = visitor.bodies(self.room)
            self.assertEqual(len(said), len(set(said)), f"{visitor.name} read something twice: {said}")
            self.assertEqual(said[: len(before)], before)
        since = ann.mark()
        romeo.leave(self.room, "Romeo")
        ann.sees_leave(self.room, "Romeo", since)  # no ghost of his first session holds the nick

    def test_our_process_is_killed_and_its_visitors_are_gone_for_the_xmpp_user(self):
        self.visitor_here("ann")
        romeo = self.person_here("romeo")
        romeo.sees(self.room, "ann")
        self.bridge.kill()
        # Hosted: the room itself is gone, and whoever speaks is told. Remote: the server learns of it when something
        # bounces, and the room puts out whom it cannot reach. What the server had sent just before is lost, so that it
        # may take more than one question.
        if self.world.is_hosted:
            asked = self.ask_until(romeo, lambda: told(romeo))
            self.assertIn(asked[0], ("wait/remote-server-timeout", "cancel/remote-server-not-found"))
        else:
            self.ask_until(romeo, lambda: "ann" not in romeo.occupants(self.room))

        self.bridge.start()
        self.world.wait_linked()
        ann = self.visitor_here("ann")
        if self.world.is_hosted:
            romeo.leave(self.room, "Romeo")
            romeo.join(self.room, "Romeo")
        romeo.sees(self.room, "ann")
        self.talk(ann, romeo)

    def test_our_process_is_stopped_in_order_and_says_good_bye(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        romeo.sees(self.room, "ann")
        since = romeo.mark()
        self.assertEqual(self.bridge.terminate(), 0)
        if self.world.is_hosted:
            left = romeo.sees_leave(self.room, "Romeo", since)
            self.assertIn("332", names.codes(left))
        else:
            romeo.sees_leave(self.room, "ann", since)
        ann.expect("the end", lambda it: it.closed.is_set())
        self.assertEqual(ann.stream_errors, ["system-shutdown"])

    def test_a_wrong_secret_is_told_and_never_tried_in_a_tight_loop(self):
        before = self.bridge.links()
        refused = self.server.links_refused()
        wrong = self.another_bridge(secret="not-the-secret")
        until(lambda: self.server.links_refused() > refused, "the server to refuse")
        first = time.monotonic()
        until(lambda: self.server.links_refused() > refused + 1, "another attempt", 30)
        self.assertGreater(time.monotonic() - first, 0.4, "tried again at once")
        second = time.monotonic()
        until(lambda: self.server.links_refused() > refused + 2, "a third attempt", 30)
        self.assertGreater(time.monotonic() - second, 0.8, "tried again without doubling the pause")

        status, text = wrong.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn(wrong.link, text)
        json.loads(text)
        told = [line for line in wrong.output().splitlines() if wrong.link in line and "secret" in line.lower()]
        self.assertEqual(len(told), 1, f"the log should say once that the secret is wrong:\n{wrong.output()}")
        self.assertNotIn("not-the-secret", wrong.output())
        self.assertLinkStayedUp(before)

    def test_a_second_process_for_the_same_domain(self):
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        second = self.another_bridge()
        if not self.server.has_conflict:
            # ejabberd lets it in and deals the stanzas out between the two: docs/deploy-ejabberd.md.
            until(second.is_linked, "the second to be linked", 20)
            second.terminate()
            self.talk(ann, romeo)
            return
        until(lambda: "conflict" in second.output(), "the second to tell of the conflict", 20)
        self.assertEqual(second.get("/readyz")[0], 503)
        self.assertIn("conflict", second.get("/readyz")[1])
        self.talk(ann, romeo)
        # When the first goes, the second takes over by itself.
        self.bridge.terminate()
        until(second.is_linked, "the second to take over", 40)

    @only("remote")
    def test_a_server_that_lets_us_make_no_rooms_is_told_to_the_visitor_and_to_the_operator(self):
        server = type(self.server)(USERS, self.server.forbids_rooms)
        self.addCleanup(server.remove)
        server.start()
        bridge = Bridge(self.world.shape, server)
        self.bridges.append(bridge)
        bridge.start()
        until(bridge.is_linked, "the link", 20)
        for name in ("ann", "ben"):
            visitor = Visitor(name, bridge.port, bridge.domain)
            self.people.append(visitor)
            visitor.ask_in(self.room, name, self.page)
            presence = visitor.expect("an answer", lambda it: it.all("presence"), 20)[0]
            self.assertEqual(names.condition(presence), "cancel/not-allowed")
        told = [line for line in bridge.output().splitlines() if server.remedy in line]
        self.assertEqual(len(told), 1, bridge.output())

    def ask_until(self, person, found):
        """Says something once a second until `found()` is true, and returns that."""
        for number in range(10):
            person.say(self.room, f"Anybody? {number}")
            try:
                return until(found, "an effect", 1)
            except AssertionError:
                continue
        raise AssertionError(f"{person.name} asked in vain:\n{person.last()}")

    def another_bridge(self, **how):
        bridge = Bridge(self.world.shape, self.server, **how)
        self.bridges.append(bridge)
        bridge.start()
        return bridge


def told(listener):
    """The errors that somebody's messages came back with."""
    return [names.condition(each) for each in listener.all("message") if each.get("type") == "error"]
