"""What one visitor does must not hurt another, and nothing of it may end the link."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from harness import names
from harness.case import InteropTest, until

FLOOD = Path(__file__).resolve().parent / "harness/flood.py"
SAMPLES = 9  # as many as a visitor may say at once
MOST_DELAY = 0.100


class BadInput(InteropTest):
    def test_a_forged_sender_dies_at_our_door_and_the_link_stays_up(self):
        before = self.bridge.links()
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        forgeries = {
            "an xmpp user": romeo.jid,
            "another visitor": f"{ann.bare}/other",
            "the room": self.room,
            "an occupant": f"{self.room}/Romeo",
            "a stranger": "somebody@elsewhere.example/there",
            "no jid at all": "@@//",
        }
        for case, sender in forgeries.items():
            with self.subTest(case):
                since = romeo.mark()
                eve = self.visitor_here("eve")
                text = f"Not from me but from {case}"
                eve.message(self.room, f"<body>{text}</body>", sender=sender)
                eve.expect("an end", lambda it, said=text: it.stream_errors or it.messages(said) or refused(it))
                ann.say(self.room, f"after {case}")
                romeo.read(f"after {case}")
                for stanza in romeo.messages(text):
                    self.assertEqual(stanza.get("from"), f"{self.room}/eve")
                eve.close_tab()
                romeo.sees_leave(self.room, "eve", since)
        self.assertLinkStayedUp(before)

    def test_a_stanza_of_300_kib_from_the_network_passes_and_one_of_a_visitor_ends_only_its_own_stream(self):
        before = self.bridge.links()
        ann = self.visitor_here("ann")
        romeo = self.person_here("romeo")
        text = "x" * (300 * 1024)
        romeo.say(self.room, text)
        ann.read(text, seconds=30)
        romeo.read(text, seconds=30)

        eve = self.visitor_here("eve")
        eve.say(self.room, "y" * (300 * 1024))
        eve.expect("its stream to end", lambda it: it.stream_errors or it.closed.is_set(), 15)
        self.assertIn(eve.stream_errors, (["policy-violation"], []))
        romeo.sees_leave(self.room, "eve")
        self.talk(ann, romeo)
        self.assertLinkStayedUp(before)

    def test_a_flood_of_one_visitor_hardly_delays_another(self):
        before = self.bridge.links()
        ann = self.visitor_here("ann")
        ben = self.visitor_here("ben")
        romeo = self.person_here("romeo")
        # This is about delays: our own rooms slow down whom they do not know while they are flooded.
        self.person_here("juliet").set_affiliation(self.room, ben.bare, "member")
        quiet = self.delays(ann, romeo)
        command = [sys.executable, str(FLOOD), str(self.bridge.port), self.bridge.domain, self.room, self.page]
        flood = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        try:
            romeo.sees(self.room, "flood")
            loud = self.delays(ben, romeo)
            counts, _ = flood.communicate("", timeout=20)
        finally:
            flood.kill()
            flood.wait()
        sent, visits = map(int, counts.split())
        self.tell_figure(
            f"delay from a visitor to an XMPP user, median and most: quiet {report(quiet)}, while one sent "
            f"{sent:,} messages and was thrown out {visits} times {report(loud)}"
        )
        self.assertLess(statistics.median(loud) - statistics.median(quiet), MOST_DELAY)
        self.assertLinkStayedUp(before)

    def delays(self, visitor, person):
        """Seconds from the moment a visitor speaks to that in which the XMPP user has it."""
        seen = []
        for number in range(SAMPLES):
            text = f"{visitor.name} {number}"
            started = time.monotonic()
            visitor.say(self.room, text)
            seen.append(person.arrived(person.read(text)) - started)
            until(lambda started=started: time.monotonic() - started > 0.2, "the next sample")
        return seen


def report(delays):
    return f"{statistics.median(delays) * 1000:.1f} and {max(delays) * 1000:.1f} ms"


def refused(listener):
    return [each for each in listener.all("message") if each.get("type") == "error" and names.condition(each)]
