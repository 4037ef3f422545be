"""Real clients in real browsers behind a network that fails: what is said reaches everybody, once and in order."""

import asyncio
import os
import random
import threading
import time

from common.fault_proxy import NO_UPGRADE, FaultProxy, Faults
from common.server import Server
from harness.case import DEMO, BrowserTest
from harness.strophe import StropheClient
from harness.waiting import until
from harness.wire import talker

SEED = int(os.environ.get("FAULT_SEED", random.randrange(1_000_000)))
MESSAGES = 1_000

# What the list of messages shows, in order, though it keeps the newest only: what is pruned is noted as it goes.
WATCH = """
const list = root.querySelector('[data-sp=message]').parentNode;
const gone = window.__gone = [];
new MutationObserver(records => {
  for (const { removedNodes } of records) for (const node of removedNodes) {
    const body = node.querySelector?.('[data-sp=body]');
    if (body && !node.isConnected) gone.push(body.textContent.trim());
  }
}).observe(list, { childList: true });
"""


class Crowd:
    """An occupant without a browser and on a good network, who talks as well, and knows what was said."""

    def __init__(self, port, room):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.talker = talker.SocketTalker(port, "Crowd", SEED)
        self.loop.call_soon_threadsafe(lambda: self.talker.start().join(room))
        until(lambda: self.talker.has_joined, "the crowd to be there")

    def say(self, body):
        self.loop.call_soon_threadsafe(self.talker.say, body)

    @property
    def bodies(self):
        return [body for _, body in list(self.talker.heard)]

    def leave(self):
        asyncio.run_coroutine_threadsafe(self.talker.stop(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)


class Faulty(BrowserTest):
    def setUp(self):
        super().setUp()
        self.server.stop()
        self.server = Server("--limits-profile", "open")
        print(f"      FAULT_SEED={SEED}", flush=True)

    def network(self, faults=None):
        proxy = FaultProxy(self.server.port, SEED, faults)
        self.addCleanup(proxy.stop)
        return proxy.__enter__()

    def crowd(self, page):
        crowd = Crowd(self.server.port, self.server.rooms(page)["rooms"][0]["jid"])
        self.addCleanup(crowd.leave)
        return crowd

    def strophe(self, name, proxy):
        strophe = StropheClient(self, name, port=proxy.port)
        strophe.visitor.tolerate(r"ERR_CONNECTION_\w+|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH|WebSocket connection to .* failed")
        return strophe

    def test_strophe_over_bosh_says_and_hears_everything_once_while_requests_and_answers_are_lost(self):
        proxy = self.network()
        page = self.server.url(DEMO)
        strophe = self.strophe("strophe", proxy).join(page, "Strophe", "bosh")
        crowd = self.crowd(page)
        # Strophe gives up after five failures in a row, and waits long before it repeats a request for the third time.
        proxy.faults = Faults(lose_request=0.05, lose_answer=0.05, double=0.05, keep_back=(0, 0.02))
        rounds = 100
        share = MESSAGES // rounds
        for number in range(rounds):
            strophe.visitor.run("for (let i = 0; i < 4; i++) client.say(`own ${arguments[0] * 4 + i}`)", number)
            for more in range(share - 4):
                crowd.say(f"crowd {number * share + more}")
            if number % 10 == 9:
                proxy.cut()
            until(lambda: strophe.count("heard") >= number * share // 2, "Strophe to hear some of it", 60)
        until(lambda: len(crowd.bodies) >= MESSAGES, "the crowd to hear everybody", 60)
        until(lambda: strophe.count("heard") >= MESSAGES, "Strophe to hear everybody", 60)
        proxy.faults = Faults()
        crowd.say("the end")
        strophe.wait_for("the end")
        # It reads an answer as it comes, even before the one to an earlier request that was lost: the order is not ours.
        heard = [message["body"] for message in strophe.get("heard")]
        self.check(crowd.bodies, sorted(heard, key=crowd.bodies.index))
        self.assertEqual(strophe.get("status"), "CONNECTED")
        self.assertGreater(proxy.lost + proxy.cuts, 2)

    def test_strophe_over_websocket_comes_back_after_cuts_and_reads_what_it_missed(self):
        proxy = self.network()
        page = self.server.url(DEMO)
        crowd = self.crowd(page)
        strophe = self.strophe("strophe", proxy)
        for number in range(5):
            strophe.join(page, f"Strophe {number}", "websocket")
            crowd.say(f"live {number}")
            strophe.wait_for(f"live {number}")
            proxy.cut()
            until(lambda: strophe.get("status") == "DISCONNECTED", "Strophe to notice")
            crowd.say(f"missed {number}")
        strophe.join(page, "Strophe at last", "websocket")
        crowd.say("the end")
        strophe.wait_for("the end")
        heard = [message["body"] for message in strophe.get("heard")]
        self.assertEqual(heard[-len(crowd.bodies):], crowd.bodies)

    def test_the_widget_shows_everything_once_and_in_order_while_its_connection_is_cut(self):
        self.widget_talks(self.network(), MESSAGES, own=30, cuts=5)

    def test_over_bosh_the_widget_shows_everything_once_and_in_order_though_requests_are_lost_and_doubled(self):
        proxy = self.network()
        proxy.mode = NO_UPGRADE
        faults = Faults(lose_request=0.03, lose_answer=0.03, double=0.6, keep_back=(0, 0.02))
        self.widget_talks(proxy, MESSAGES // 4, own=15, faults=faults)
        self.assertGreater(proxy.doubled, 5)

    def widget_talks(self, proxy, messages, own, cuts=0, faults=None):
        """The widget says `own` of the messages, and somebody else the others, while the network fails."""
        page = f"http://localhost:{proxy.port}{DEMO}"
        ann = self.visitor("ann")
        ann.tolerate(r"WebSocket connection to .* failed|ERR_CONNECTION_\w+|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH")
        ann.visit(page)
        widget = ann.widget.open()
        crowd = self.crowd(page)
        crowd.say("the beginning")
        widget.wait_for("the beginning")
        widget.run(WATCH)
        proxy.faults = faults or Faults()
        others = messages - own
        next_cut, made = time.monotonic(), 0
        for number in range(own):
            widget.say(f"own {number}")
            for more in range(number * others // own, (number + 1) * others // own):
                crowd.say(f"crowd {more}")
            if cuts and time.monotonic() > next_cut:
                # A few hundred milliseconds are what a connection has.
                made += proxy.cut()
                next_cut = time.monotonic() + random.uniform(0.2, 0.6)
        until(lambda: len(crowd.bodies) >= messages + 1, "the crowd to hear everybody", 60)
        proxy.faults = Faults()
        crowd.say("the end")
        until(lambda: widget.bodies()[-1:] == ["the end"], "the widget to hear everybody", 60)
        self.check(crowd.bodies, ann.run("return window.__gone") + widget.bodies())
        self.assertEqual({message["state"] for message in widget.messages()}, {"sent"})
        self.assertGreaterEqual(made, cuts)

    def check(self, said, seen):
        doubled = sorted({body for body in seen if seen.count(body) > 1})
        missing = sorted(set(said) - set(seen))
        self.assertFalse(doubled, f"seen twice: {doubled[:10]}, FAULT_SEED={SEED}")
        self.assertFalse(missing, f"not seen: {missing[:10]}, FAULT_SEED={SEED}")
        self.assertEqual(seen, said)
        own = [body for body in said if body.startswith("own")]
        self.assertEqual(own, [f"own {number}" for number in range(len(own))])
