"""A conversation that never breaks: the real server behind a network that does."""

import asyncio
import os
import random
import time

from common.fault_proxy import BLACK_HOLE, NO_UPGRADE, OFFLINE, OPEN, FaultProxy, Faults
from harness.case import MANY, WireTest
from harness.connection import Connection, Ended
from harness.http import read_answer, request
from harness.managed import ManagedClient
from harness.talker import BOSHTalker, SocketTalker
from harness.websocket import handshake

# In a run of everything, from a seed that changes; `FAULT_SEED=7 Tests/Wire/run sentence` is that one again.
SEED = int(os.environ.get("FAULT_SEED", random.randrange(1_000_000)))
MESSAGES = 1_000
PATIENCE = 40


class Faulty(WireTest):
    flags = ("--limits-profile", "open", *MANY)

    def converse(self, kinds, faults):
        """Each of these clients says its share of a thousand messages while the network fails; all hear all of them, once
        and in the same order."""
        print(f"      FAULT_SEED={SEED}", flush=True)
        with FaultProxy(self.port, SEED, faults) as proxy:
            asyncio.run(self.conversation(kinds, proxy))
            self.assertGreater(proxy.cuts + proxy.lost, 20, "the network did not fail")
            print(f"      {proxy.connections} connections, {proxy.cuts} cuts, {proxy.lost} requests or answers lost", flush=True)

    async def conversation(self, kinds, proxy):
        # Who was in the room in another test may still be there.
        name = next(self.bodies)
        talkers = [kind(proxy.port, f"{name}-{number}-{kind.__name__}", SEED) for number, kind in enumerate(kinds)]
        began = time.monotonic()
        try:
            for talker in talkers:
                talker.start().join(self.room)
            for talker in talkers:
                await talker.until(lambda: talker.has_joined, "the room", 15)
            share = MESSAGES // len(talkers)
            await asyncio.gather(*(self.talk(talker, share) for talker in talkers))
            for talker in talkers:
                await talker.hear(MESSAGES, PATIENCE - (time.monotonic() - began))
            # What comes twice has come before this.
            proxy.faults = Faults()
            talkers[0].say("the end")
            for talker in talkers:
                await talker.hear(MESSAGES + 1, 10)
        finally:
            await asyncio.gather(*(talker.stop() for talker in talkers))

        first = talkers[0]
        self.assertEqual(len(set(first.heard)), MESSAGES + 1)
        self.assertEqual(first.heard[-1], (first.nick, "the end"))
        for talker in talkers:
            self.assertEqual(talker.heard, first.heard, talker.nick)
            own = [int(body) for nick, body in first.heard[:-1] if nick == talker.nick]
            self.assertEqual(own, list(range(share)), talker.nick)
            self.assertGreater(talker.breaks, 2, f"{talker.nick} met no fault")

    async def talk(self, talker, share):
        """A few at a time, so that there is something to break at every moment for some seconds."""
        for number in range(share):
            talker.say(str(number))
            if talker.random.random() < 0.3:
                await asyncio.sleep(talker.random.uniform(0, 0.12))

    def test_a_thousand_messages_over_bosh_arrive_once_and_in_order_while_everything_fails(self):
        self.converse([BOSHTalker] * 4, Faults(
            life=(0.1, 0.8), bytes=(200, 200_000), lag=(0, 0.2), delay=(0, 0.01), lose_request=0.1, lose_answer=0.1, double=0.1,
            keep_back=(0, 0.05)))  # fmt: skip

    def test_a_thousand_messages_over_websocket_arrive_once_and_in_order_while_connections_are_cut(self):
        self.converse([SocketTalker] * 4, Faults(life=(0.1, 0.6), bytes=(500, 40_000), lag=(0, 0.3), delay=(0, 0.01)))

    def test_a_thousand_messages_from_bosh_and_websocket_together_arrive_once_and_in_order(self):
        self.converse([BOSHTalker, SocketTalker] * 2, Faults(
            life=(0.1, 0.7), bytes=(200, 200_000), lag=(0, 0.2), delay=(0, 0.01), lose_request=0.05, lose_answer=0.05))  # fmt: skip


class Networks(WireTest):
    """The proxy does what the tests with it rely on."""

    def test_a_network_can_go_and_come_back(self):
        with FaultProxy(self.port, SEED) as proxy:
            client = ManagedClient(proxy.port)
            client.join(self.room, "Traveller")
            proxy.mode = OFFLINE
            with self.assertRaises((Ended, OSError)):
                client.ping()
            # Even the connecting may be answered with a reset.
            with self.assertRaises((Ended, OSError)), Connection(proxy.port) as connection:
                connection.send(request())
                read_answer(connection)
            proxy.mode = OPEN
            again = ManagedClient(proxy.port, former=client)
            self.addCleanup(again.close)
            self.assertIsNotNone(again.resumed)
            self.assertTrue(again.ping())

    def test_a_silent_network_goes_on_where_it_stopped(self):
        with FaultProxy(self.port, SEED) as proxy:
            client = ManagedClient(proxy.port)
            self.addCleanup(client.close)
            proxy.mode = BLACK_HOLE
            client.send_text('<iq xmlns="jabber:client" type="get" id="later"><ping xmlns="urn:xmpp:ping"/></iq>')
            with Connection(proxy.port) as connection:
                connection.send(request())
                self.assertTrue(client.is_silent(0.1))
                self.assertTrue(connection.is_silent())
                proxy.mode = OPEN
                self.assertEqual(read_answer(connection).status, 200)
            client.find(lambda stanza: stanza.get("id") == "later", "the answer to the ping")

    def test_a_network_may_let_nothing_but_http_through(self):
        with FaultProxy(self.port, SEED) as proxy:
            proxy.mode = NO_UPGRADE
            with Connection(proxy.port) as connection:
                connection.send(request())
                self.assertEqual(read_answer(connection).status, 200)
                connection.send(handshake())
                self.assertEqual(read_answer(connection).status, 403)
