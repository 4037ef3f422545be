"""Stream management: how long, how much and how many may wait, and the end."""

import contextlib
import signal
import time

from common.server import Server
from common.waiting import until
from harness.case import MANY
from harness.managed import SM, ManagedClient, acknowledge, resume
from harness.managed_case import FAST, TALKATIVE, ManagementTest, is_about
from harness.xmpp import CLIENT, END, STANZA_ERRORS, Client, condition, stanza_error, statuses


class Windows(ManagementTest):
    flags = (*FAST, "--limits-resume-window", "2", "--limits-resume-after-close", "1",
             "--limits-ping-interval", "1", "--limits-dead-after", "2")  # fmt: skip

    def test_time_is_up_after_a_cut_later_than_after_a_close(self):
        observer = self.joined("Observer")
        for name, leave, least, most in (("Cut", "cut", 1.7, 6), ("Closed", "leave_page", 0.7, 4)):
            with self.subTest(name):
                client = self.joined(name)
                observer.find(is_about(name), "the join")
                client.ping()
                start = time.monotonic()
                getattr(client, leave)()
                self.assert_gone(observer, name)
                took = time.monotonic() - start
                self.assertGreater(took, least)
                self.assertLess(took, most)
                late = self.managed(former=client)
                self.assertEqual(condition(late.failed, STANZA_ERRORS), "item-not-found")
                self.assertEqual(int(late.failed.get("h")), client.sent)
                self.assertEqual(late.bound.find(SM + "enabled").get("max"), "2")
                # To somebody else it is as if it had never been.
                stranger = self.managed(resume(client.id, 0))
                self.assertIsNone(stranger.failed.get("h"))

    def test_whoever_wrote_to_somebody_who_never_came_back_is_told(self):
        observer, client = self.joined("Observer"), self.joined("Tunnel")
        observer.find(is_about("Tunnel"), "the join")
        client.ping()
        self.write_to("Tunnel", observer, "read")
        client.hear("read")
        client.cut()
        # The answer comes from a turn of the loop that has seen the cut: from now on all is kept.
        observer.ping()
        observer.say(self.room, "for all")
        for number in range(3):
            self.write_to("Tunnel", observer, str(number))
        returned = []
        while True:
            element = observer.next()
            if element.tag == CLIENT + "message" and element.get("type") == "error":
                self.assertEqual(element.get("from"), f"{self.room}/Tunnel")
                returned.append((element.get("id"), stanza_error(element)))
            if is_about("Tunnel")(element):
                break
        self.assertEqual(returned, [(str(number), ("wait", "undefined-condition")) for number in range(3)])
        self.assertEqual((element.get("type"), statuses(element)), ("unavailable", set()))

    def write_to(self, nick, client, text):
        client.send_text(
            f'<message xmlns="jabber:client" type="chat" id="{text}" to="{self.room}/{nick}"><body>{text}</body></message>'
        )

    def test_the_client_may_want_less(self):
        bind = '<bind xmlns="urn:xmpp:bind:0"><enable xmlns="urn:xmpp:sm:3" resume="true" max="{}"/></bind>'
        for wish, granted in {"1": "1", "2000": "2", "x": "2"}.items():
            with self.subTest(wish):
                client = self.managed(bind.format(wish), bind=False)
                self.assertEqual(client.enabled.get("max"), granted)

    def dead(self, nick, observer):
        """A client that is deaf and dumb until its connection is dropped; the observer lives on and hears nothing."""
        client = self.joined(nick)
        observer.find(is_about(nick), "the join")
        client.ping()

        def is_dropped():
            self.assert_heard_nothing_of(nick, observer)
            with contextlib.suppress(AssertionError):
                return not client.fill(time.monotonic() + 0.1)

        until(is_dropped, "the connection to be dropped")
        return client

    def test_a_connection_that_died_without_a_word_keeps_its_session(self):
        observer = self.joined("Observer")
        client = self.dead("Silent", observer)
        observer.say(self.room, "anybody there?")
        client = self.back(client)
        client.hear("anybody there?")
        self.assert_heard_nothing_of("Silent", observer)

    def test_a_session_that_never_comes_back_from_there_is_an_error(self):
        observer = self.joined("Observer")
        self.dead("Dead", observer)
        self.assert_gone(observer, "Dead", 333)

    def test_the_client_is_asked_before_all_falls_idle(self):
        client = self.joined("Idle")
        client.ping()
        while True:
            element = Client.next(client)
            if element.tag == SM + "r":
                break


class Bounds(ManagementTest):
    flags = (*FAST, "--rooms-history", "0", "--limits-unacknowledged", "20", "--limits-send-queue", "64KiB",
             "--limits-ping-interval", "1", "--limits-dead-after", "60")  # fmt: skip

    def test_who_is_flooded_while_away_leaves_with_333(self):
        for name, count, size in (("Many", 60, 1), ("Large", 10, 10_000)):
            with self.subTest(name):
                observer, client = self.watcher("Observer" + name), self.joined(name)
                observer.find(is_about(name), "the join")
                client.ping()
                client.cut()
                heard = []
                for number in range(count):
                    text = f"{number} " + "x" * size
                    observer.say(self.room, text)
                    # One after the other: all at once they would be too much for the observer, too.
                    while not heard or heard[-1].findtext(CLIENT + "body") != text:
                        heard.append(observer.next())
                self.assert_gone(observer, name, 333, heard=heard)
                late = self.managed(former=client)
                self.assertIsNone(late.resumed)
                self.assertEqual(int(late.failed.get("h")), client.sent)
                observer.send_text(END)

    def test_as_many_as_may_wait_are_kept(self):
        observer, client = self.watcher("Observer"), self.joined("Exact")
        client.ping()
        client.send_text(acknowledge(client.handled))
        client.ask()
        client.cut()
        for number in range(20):
            observer.say(self.room, f"kept {number}")
        observer.hear("kept 19")
        client = self.back(client)
        self.assertEqual(client.bodies("kept 19"), [f"kept {number}" for number in range(20)])

    def test_who_reads_but_acknowledges_nothing_loses_the_session(self):
        observer, client = self.watcher("Observer"), self.joined("Mute")
        observer.find(is_about("Mute"), "the join")
        client.answers = False
        for number in range(60):
            observer.say(self.room, f"{number}")
        self.assertEqual(client.read_end(), ("policy-violation", True, 1000, "closed"))
        self.assert_gone(observer, "Mute", 333)
        self.assertIsNone(self.managed(former=client).resumed)

    def test_a_client_that_is_asked_and_answers_may_be_sent_any_number(self):
        observer, client = self.watcher("Observer"), self.joined("Attentive")
        for number in range(500):
            observer.say(self.room, f"a{number}")
            if number % 50 == 49:
                client.hear(f"a{number}")
        self.assertTrue(client.ping())


class Places(ManagementTest):
    """How many may wait."""

    flags = (*FAST, "--limits-detached-sessions", "3")

    def test_past_the_number_that_may_wait_a_session_ends_with_its_connection(self):
        observer = self.joined("Observer")
        clients = [self.joined(f"Waiting{number}") for number in range(4)]
        for client in clients:
            client.ping()
        for number, client in enumerate(clients):
            observer.find(is_about(f"Waiting{number}"), "the join")
        for client in clients:
            client.cut()
        # One of the four, whichever the server notices last.
        gone = observer.find(lambda element: element.get("type") == "unavailable", "one to leave")
        self.assertEqual(statuses(gone), set())
        number = int(gone.get("from")[-1])
        self.assertIsNone(self.managed(former=clients.pop(number)).resumed)
        # Each that comes back makes room for itself again.
        for client in clients:
            self.back(self.cut_again(self.back(client)))
        self.assert_heard_nothing_of(f"Waiting{(number + 1) % 4}", observer)

    def cut_again(self, client):
        client.cut()
        return client


class AddressPlaces(ManagementTest):
    flags = (*TALKATIVE, "--limits-sessions-per-address", "3", "--limits-new-sessions-per-address", "1000")

    def test_a_network_that_fails_for_a_moment_keeps_nobody_out(self):
        clients = [self.joined(f"Office{number}") for number in range(3)]
        for client in clients:
            client.ping()
            client.cut()
        until(lambda: self.is_free(), "the three connections to be gone")
        clients = [self.back(client) for client in clients]
        for client in clients:
            self.assertTrue(client.ping())
            client.cut()
        # They cannot be piled up either: three wait, and so does nobody else of this address.
        until(lambda: self.is_free(), "the three connections to be gone")
        others = [self.joined(f"Other{number}") for number in range(2)]
        for client in others:
            client.ping()
            client.cut()
        late = self.managed(former=others[0])
        self.assertIsNone(late.resumed)
        late.send_text(END)
        for client in clients:
            client = self.back(client)
            client.send_text(END)
            client.read_end()

    def is_free(self):
        try:
            with Client(self.port, until="open"):
                return True
        except AssertionError:
            return False


class Rates(ManagementTest):
    flags = (*MANY, "--limits-message-rate", "1/min", "--limits-message-burst", "3",
             "--limits-stanza-rate", "1/min", "--limits-stanza-burst", "30")  # fmt: skip

    def test_a_new_connection_is_no_new_allowance(self):
        client = self.joined("Chatty")
        for number in range(3):
            client.say(self.room, f"{number}")
        client.hear("2")
        client.cut()
        client = self.back(client)
        client.say(self.room, "one more", id="more")
        refused = client.find(lambda element: element.get("id") == "more", "an answer")
        self.assertEqual(stanza_error(refused), ("wait", "policy-violation"))
        # A refused stanza is handled all the same.
        self.assertEqual(client.ask(), client.sent)
        for _ in range(10):
            client.ping()
        client.cut()
        client = self.back(client)
        error = None
        for _ in range(40):
            client.send_text('<presence xmlns="jabber:client" to="localhost"/>')
        error = client.read_end()[0]
        self.assertEqual(error, "policy-violation")

    def assert_serves(self):
        # These rates do not allow what the other tests end with.
        self.assertIsNone(self.server.process.poll())


class TheEnd(ManagementTest):
    flags = FAST

    def test_at_sigterm_sessions_that_nobody_is_connected_to_end_too(self):
        server = Server(*FAST)
        self.addCleanup(server.kill)
        room = server.rooms(server.url("/demo/"))["rooms"][0]["jid"]
        clients = [ManagedClient(server.port) for _ in range(3)]
        for number, client in enumerate(clients):
            self.addCleanup(client.close)
            client.join(room, f"Detached{number}")
            client.ping()
        for client in clients[1:]:
            client.cut()
        self.assertTrue(clients[0].ping())
        start = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        gone = clients[0].find(lambda element: element.get("type") == "unavailable", "to be told to leave")
        self.assertIn(332, statuses(gone))
        self.assertEqual(clients[0].read_end(), ("system-shutdown", True, 1000, "closed"))
        server.stop()
        self.assertLess(time.monotonic() - start, 3)
