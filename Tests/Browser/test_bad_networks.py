"""Networks that block WebSockets, break, crawl and vanish: the conversation goes on, with nothing lost or twice."""

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, BrowserTest
from harness.gateway import CLOSED, NO_UPGRADES, OPEN, SILENT_UPGRADES
from harness.strophe import StropheClient
from harness.waiting import until

SLOW_3G = {"latency": 2_000, "throughput": 50_000}
PENDING = "return [...root.querySelectorAll('[data-state=pending] [data-sp=body]')].map((each) => each.textContent)"
BROKEN = r"WebSocket connection to .* failed|ERR_|Failed to load resource|net::"


class BadNetworks(BrowserTest):
    def behind(self, gateway, name="ann"):
        """A visitor of the demo page behind a gateway, who has not opened the chat."""
        visitor = self.visitor(name)
        visitor.tolerate(BROKEN)
        visitor.visit(gateway.url(DEMO))
        return visitor

    def observer(self, gateway):
        return StropheClient(self, "observer").join(gateway.url(DEMO), "Observer")

    def noise(self, observer):
        """What the observer saw since the last call. What comes after a word of its own has come before."""
        self.words = getattr(self, "words", 0) + 1
        observer.say(f"Word {self.words}")
        observer.wait_for(f"Word {self.words}")
        return observer.visitor.run("return client.seen.splice(0)")

    def heard(self, observer, *, but="Word"):
        return [one["body"] for one in observer.get("heard") if not one["body"].startswith(but)]

    def pending(self, visitor):
        return visitor.widget.run(PENDING)

    def nick(self, visitor):
        return visitor.widget.run("return root.querySelector('[data-sp=nick] bdi').textContent")

    def type(self, visitor, text):
        visitor.widget.wait("composer").send_keys(text, Keys.ENTER)

    # Blocked WebSockets

    def test_where_websockets_are_refused_bosh_carries_the_chat_and_the_next_page_knows(self):
        gateway = self.gateway(NO_UPGRADES)
        ann = self.behind(gateway)
        observer = self.observer(gateway)
        ann.widget.open()
        self.assertEqual(ann.widget.carrier(), "bosh")
        tried = gateway.upgrades
        self.assertEqual(tried, 2, "one WebSocket may fail, two are a rule")
        ann.widget.say("Over plain requests.")
        observer.wait_for("Over plain requests.")
        observer.say("And back.")
        ann.widget.wait_for("And back.")
        nick = self.nick(ann)
        self.noise(observer)

        ann.driver.refresh()
        ann.widget.wait_joined()
        self.assertEqual(gateway.upgrades, tried, "it was remembered")
        self.assertEqual(self.nick(ann), nick)
        ann.widget.say("After the reload.")
        observer.wait_for("After the reload.")
        self.assertEqual(self.noise(observer), [], "the session of before went on")

        ann.run("localStorage.removeItem('samepage:bosh')")
        gateway.mode = OPEN
        ann.run("samepage.destroy()")
        until(lambda: nick not in observer.get("here"), "her to leave at once")
        ann.run("samepage.create()")
        ann.widget.open()
        self.assertEqual(gateway.upgrades, tried + 1)

    def test_where_websockets_are_left_without_an_answer_bosh_carries_the_chat(self):
        gateway = self.gateway(SILENT_UPGRADES)
        ann = self.behind(gateway)
        ann.widget.wait("bubble").click()
        ann.widget.wait_joined(seconds=40)
        self.assertEqual(ann.widget.carrier(), "bosh")
        ann.widget.say("Slowly, but surely.")
        ann.widget.wait_for("Slowly, but surely.")

    def test_a_network_that_changes_is_tried_with_websockets_again(self):
        gateway = self.gateway(NO_UPGRADES)
        ann = self.behind(gateway)
        ann.widget.open()
        self.assertEqual(ann.widget.carrier(), "bosh")
        self.assertTrue(ann.run("return localStorage['samepage:bosh']"))
        ann.run("dispatchEvent(new Event('online'))")
        self.assertFalse(ann.run("return localStorage['samepage:bosh']"))
        ann.run("localStorage['samepage:bosh'] = `${Date.now() + 1e6} carrier pigeon`")
        gateway.mode = OPEN
        tried = gateway.upgrades
        ann.run("samepage.destroy(); samepage.create()")
        ann.widget.open()
        self.assertEqual(gateway.upgrades, tried + 1)

    def test_bosh_survives_cuts_with_every_message_once_and_in_order(self):
        gateway = self.gateway(NO_UPGRADES)
        ann = self.behind(gateway)
        observer = self.observer(gateway)
        ann.widget.open()
        self.noise(observer)
        said = []
        for number in range(6):
            gateway.cut()
            said.append(f"Line {number}")
            self.type(ann, said[-1])
            ann.widget.wait_for(said[-1])
        self.assertEqual(self.heard(observer), said)
        self.assertEqual(self.noise(observer), [])

    # Breaks

    def test_a_websocket_that_breaks_is_resumed_and_nobody_sees_it(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        observer = self.observer(gateway)
        ann.widget.open()
        self.noise(observer)
        said = []
        for number in range(6):
            tried = gateway.upgrades
            gateway.cut()
            said.append(f"Line {number}")
            self.type(ann, said[-1])
            observer.say(f"Word of the observer {number}")
            ann.widget.wait_for(said[-1])
            ann.widget.wait_for(f"Word of the observer {number}")
            self.assertGreater(gateway.upgrades, tried)
        self.assertEqual(ann.widget.carrier(), "websocket", "a drop is no block")
        self.assertEqual(self.heard(observer), said)
        self.assertEqual(self.noise(observer), [])
        bodies = ann.widget.bodies()
        self.assertEqual(len(bodies), len(set(bodies)), bodies)

    def test_an_attempt_that_fails_now_and_then_where_websockets_work_is_no_block(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        ann.widget.open()
        gateway.mode = CLOSED
        tried = gateway.upgrades
        gateway.cut()
        until(ann.widget.trouble, "ann to be told")
        ann.widget.wait("state")
        gateway.mode = OPEN
        ann.widget.wait_joined(seconds=20)
        self.assertEqual(ann.widget.carrier(), "websocket")
        self.assertGreater(gateway.upgrades, tried)

    def test_a_server_that_has_forgotten_the_stream_is_joined_anew_and_nothing_is_lost_or_twice(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        ann.widget.open()
        ann.widget.say("Before.")
        ann.widget.wait_for("Before.")
        gateway.mode = CLOSED
        gateway.cut()
        until(ann.widget.trouble, "ann to be told")
        self.type(ann, "Meanwhile.")
        self.server.kill()
        self.server.start()
        gateway.mode = OPEN
        ann.widget.wait_for("Meanwhile.")
        ann.widget.wait_joined(seconds=20)
        self.assertEqual(ann.widget.bodies().count("Meanwhile."), 1)

    def test_a_token_that_is_worth_nothing_makes_a_stranger_and_no_trouble(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        token = ann.run("return localStorage['samepage:token']")
        self.assertTrue(token.startswith("sp1."), token)
        ann.run("samepage.destroy(); localStorage['samepage:token'] = 'sp1.forged'; samepage.create()")
        ann.widget.open()
        fresh = ann.run("return localStorage['samepage:token']")
        self.assertTrue(fresh.startswith("sp1."), fresh)
        self.assertNotIn(fresh, (token, "sp1.forged"))

    # No network

    def test_what_is_written_without_a_network_waits_over_a_move_and_a_reload_and_is_sent_once_in_order(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        observer = self.observer(gateway)
        ann.widget.open()
        self.noise(observer)
        gateway.mode = CLOSED
        gateway.cut()
        until(ann.widget.trouble, "ann to be told")
        lines = [f"Line {number}" for number in range(4)]
        for line in lines:
            self.type(ann, line)
        self.assertEqual(self.pending(ann), lines)
        gateway.mode = NO_UPGRADES  # pages load, chats do not: the WebSocket counts as one that has passed here
        ann.tolerate("http-bind")
        ann.tell("Network.setBlockedURLs", urls=["*/http-bind"])
        ann.driver.refresh()
        ann.widget.wait("panel")
        until(lambda: self.pending(ann) == lines, "what waits to be there again")
        self.type(ann, "Line 4")
        self.assertEqual(self.heard(observer), [])
        gateway.mode = OPEN
        for line in [*lines, "Line 4"]:
            until(lambda line=line: line in self.heard(observer), f"{line} to be heard", seconds=30)
        ann.widget.wait_for("Line 4")
        self.assertEqual(self.heard(observer), [*lines, "Line 4"])
        self.assertEqual(self.pending(ann), [])
        self.assertEqual([body for body in ann.widget.bodies() if body.startswith("Line")], [*lines, "Line 4"])

    def test_a_page_that_moves_while_the_chat_connects_is_joined_where_it_is_then(self):
        gateway = self.gateway(SILENT_UPGRADES)
        ann = self.behind(gateway)
        observer = self.observer(gateway)
        ann.widget.wait("bubble").click()
        until(lambda: "Connecting" in ann.widget.trouble(), "the widget to connect")
        other = self.other_demo()
        ann.widget.run("root.querySelector('[data-sp=panel]').isOld = true")
        ann.run(f"history.pushState(null, '', '{other}')")
        until(lambda: not ann.widget.run("return root.querySelector('[data-sp=panel]').isOld"), "the chat to move")
        self.type(ann, "Where am I?")
        ben = self.visitor("ben")
        ben.visit(gateway.url(other))
        gateway.mode = OPEN
        gateway.cut()
        ann.widget.wait_for("Where am I?")
        ben.widget.open().wait_for("Where am I?")
        gateway.cut()
        self.type(ann, "And now?")
        ben.widget.wait_for("And now?")
        ann.widget.wait_joined()
        self.assertEqual(ben.widget.bodies(), ["Where am I?", "And now?"])
        self.assertEqual(self.noise(observer), ["Observer"])

    def test_more_than_can_wait_is_refused_and_stays_in_the_composer(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        ann.widget.open()
        gateway.mode = CLOSED
        gateway.cut()
        until(ann.widget.trouble, "ann to be told")
        for number in range(50):
            self.type(ann, f"{number}")
        self.type(ann, "One too many")
        self.assertIn("Too many messages wait", ann.widget.text("hint"))
        self.assertEqual(ann.run("return arguments[0].value", ann.widget.wait("composer")), "One too many")
        self.assertEqual(len(self.pending(ann)), 50)

    def test_a_browser_that_is_offline_says_so_and_goes_on_when_it_is_online(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.tolerate(BROKEN)
        ann.widget.open()
        ben = self.visitor_on(DEMO, "ben").widget.open()
        ann.network(offline=True)
        until(lambda: "You are offline" in ann.widget.trouble(), "the widget to say so")
        self.type(ann, "From the tunnel.")
        ben.say("Into the tunnel.")
        ben.wait_for("Into the tunnel.")
        self.assertEqual(self.pending(ann), ["From the tunnel."])
        ann.network()
        ann.widget.wait_joined()
        ben.wait_for("From the tunnel.")
        ann.widget.wait_for("Into the tunnel.")
        self.assertEqual(self.pending(ann), [])

    def test_a_page_that_was_hidden_comes_back_at_once_when_it_is_looked_at(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        ann.widget.open()
        gateway.mode = CLOSED
        gateway.cut()
        until(lambda: "Try now" in ann.widget.trouble(), "ann to be told")
        # Long after the first attempts the next one is far away.
        ann.run("window.realNow = performance.now()")
        gateway.mode = OPEN
        ann.run("document.dispatchEvent(new Event('visibilitychange'))")
        ann.widget.wait_joined(seconds=3)

    def test_on_a_slow_network_the_chat_opens_over_a_websocket_and_talks(self):
        gateway = self.gateway()
        ann = self.behind(gateway)
        observer = self.observer(gateway)
        ann.network(**SLOW_3G)
        ann.widget.wait("bubble").click()
        until(lambda: ann.widget.find("panel"), "the panel to show", seconds=60)
        ann.widget.wait_joined(seconds=60)
        self.assertEqual(ann.widget.carrier(), "websocket")
        ann.widget.say("Patience.")
        observer.wait_for("Patience.")
