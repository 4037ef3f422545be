"""Whatever a person does in the browser, they stay the same person in the same room: reload, next page, second tab,
back button, a page that changes its address, a window that may store nothing."""

from selenium.webdriver.common.keys import Keys

from harness.case import DEMO, BrowserTest
from harness.strophe import StropheClient
from harness.waiting import until

NO_STORAGE = """
for (const kind of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, kind, { get() { throw new DOMException('No.', 'SecurityError'); } });
}
"""
# How many listeners, timers and sockets there are, for whoever made them.
LEDGER = """
(() => {
  const open = new Map();
  const name = (target) => target === window ? 'window' : target === document ? 'document' : target.constructor.name;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const lasting = (target) => target === window || target === document || target === window.navigation
    || target === window.visualViewport || target instanceof MediaQueryList;
  let last = 0;
  EventTarget.prototype.addEventListener = function (type, run, options) {
    const target = this ?? window;
    if (lasting(target)) {
      const mark = `listener ${name(target)} ${type} ${last += 1}`;
      open.set(mark, { target, type, run });
      options?.signal?.addEventListener('abort', () => open.delete(mark));
    }
    return addEventListener.call(target, type, run, options);
  };
  EventTarget.prototype.removeEventListener = function (type, run, options) {
    for (const [mark, one] of open) {
      if (one.target === (this ?? window) && one.type === type && one.run === run) open.delete(mark);
    }
    return removeEventListener.call(this ?? window, type, run, options);
  };
  for (const [set, clear, repeats] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval', true],
    ['requestAnimationFrame', 'cancelAnimationFrame']]) {
    const [reallySet, reallyClear] = [window[set], window[clear]];
    window[set] = (run, ...rest) => {
      const id = reallySet((...what) => {
        if (!repeats) open.delete(`${set} ${id}`);
        run(...what);
      }, ...rest);
      open.set(`${set} ${id}`, true);
      return id;
    };
    window[clear] = (id) => {
      open.delete(`${set} ${id}`);
      reallyClear(id);
    };
  }
  const RealWebSocket = window.WebSocket;
  window.WebSocket = class extends RealWebSocket {
    constructor (...how) {
      super(...how);
      const mark = `socket ${last += 1}`;
      open.set(mark, true);
      addEventListener.call(this, 'close', () => open.delete(mark));
    }
  };
  window.ledger = () => [...open.keys()];
})();
"""
OWN = """
return [...root.querySelectorAll('[data-sp=message].own')]
  .some((each) => each.querySelector('[data-sp=body]').textContent === arguments[0]);
"""
SCROLL = "root.querySelector('[data-sp=log]').scrollTop = arguments[0]"
# The first message that is not above the upper edge, and where it begins.
FIRST_IN_VIEW = """
const { top } = root.querySelector('[data-sp=log]').getBoundingClientRect();
const row = [...root.querySelectorAll('[data-sp=message]')].find((each) => each.getBoundingClientRect().bottom > top);
return [row.querySelector('[data-sp=body]').textContent, Math.round(row.getBoundingClientRect().top - top)];
"""


class ContinuityTest(BrowserTest):
    def observer(self, page=DEMO):
        """Somebody else in the room, who notes all presence."""
        return StropheClient(self, "observer").join(self.server.url(page), "Observer")

    def noise(self, observer):
        """What the observer saw since the last call. What comes after a word of its own has come before."""
        self.words = getattr(self, "words", 0) + 1
        observer.say(f"Word {self.words}")
        observer.wait_for(f"Word {self.words}")
        return observer.visitor.run("return client.seen.splice(0)")

    def draft(self, visitor):
        return visitor.run("return arguments[0].value", visitor.widget.wait("composer"))

    def is_own(self, visitor, body):
        return visitor.widget.run(OWN, body)

    def nick(self, visitor):
        return visitor.widget.run("return root.querySelector('[data-sp=nick] bdi').textContent")


class Continuity(ContinuityTest):
    def test_after_a_reload_the_panel_is_open_as_it_was_with_draft_and_name_and_nobody_saw_one_go(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        nick = self.nick(ann)
        observer = self.observer()
        ann.widget.say("Before.")
        ann.widget.wait_for("Before.")
        ann.widget.wait("composer").send_keys("Half a sen")
        self.noise(observer)

        ann.driver.refresh()
        ann.widget.wait("panel")
        ann.widget.wait_joined()
        self.assertEqual(self.nick(ann), nick)
        self.assertEqual(self.draft(ann), "Half a sen")
        height = "return arguments[0].offsetHeight"
        self.assertGreater(ann.run(height, ann.widget.wait("composer")), 20)
        ann.widget.wait("composer").send_keys("tence.", Keys.ENTER)
        self.assertEqual(ann.widget.wait_for("Half a sentence.")["author"], nick)
        self.assertEqual(ann.widget.bodies()[:1], ["Before."])
        observer.wait_for("Half a sentence.")
        self.assertEqual(self.noise(observer), [])
        self.assertEqual(len(ann.widget.people()), 2)
        self.assertTrue(self.is_own(ann, "Before."))

    def test_a_reload_is_no_reason_to_take_the_focus(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        ann.driver.refresh()
        ann.widget.wait_joined()
        self.assertEqual(ann.run("return document.activeElement.localName"), "body")

    def test_the_next_page_of_the_site_is_another_room_for_the_same_person(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        nick = self.nick(ann)
        observer = self.observer()
        ann.widget.wait("composer").send_keys("For the first page")
        other = self.other_demo()
        ben = self.visitor_on(other, "ben").widget.open()

        ann.visit(self.server.url(other))
        ann.widget.wait_joined()
        until(lambda: ben.here() == 2, "ben to see ann")
        until(lambda: observer.get("here") == ["Observer"], "ann to leave the first page's room")
        self.assertEqual(self.draft(ann), "")
        self.assertEqual(self.nick(ann), nick)
        ann.widget.say("Here now.")
        self.assertEqual(ben.wait_for("Here now.")["author"], nick)

        ann.visit(self.server.url(DEMO))
        ann.widget.wait_joined()
        self.assertEqual(self.draft(ann), "For the first page")
        until(lambda: nick in observer.get("here"), "ann to be back")

    def test_a_closed_panel_stays_closed_and_the_unread_count_goes_on_over_a_reload(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        observer = self.observer()
        ann.widget.close()
        observer.say("One.")
        until(lambda: ann.widget.find("unread") and ann.widget.text("unread") == "1", "one unread message")
        ann.visit("about:blank")
        observer.say("Two.")
        observer.wait_for("Two.")
        ann.visit(self.server.url(DEMO))
        until(lambda: ann.widget.find("unread") and ann.widget.text("unread") == "2", "two unread messages")
        self.assertIsNone(ann.widget.find("panel"))
        ann.widget.wait("bubble").click()
        ann.widget.wait_for("Two.")
        self.assertIsNone(ann.widget.find("unread"))

    def test_a_second_tab_is_the_same_person_and_nobody_sees_it_come_or_go(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        observer = self.observer()
        ann.widget.say("From the first tab.")
        ann.widget.wait_for("From the first tab.")
        self.noise(observer)
        first = ann.driver.current_window_handle
        ann.driver.switch_to.new_window("tab")
        ann.visit(self.server.url(DEMO))
        ann.widget.open()
        self.assertEqual(ann.widget.here(), 2)
        ann.widget.wait_for("From the first tab.")
        self.assertTrue(self.is_own(ann, "From the first tab."))
        ann.widget.say("From the second tab.")
        ann.widget.wait_for("From the second tab.")
        ann.run("samepage.destroy()")
        ann.driver.close()
        ann.driver.switch_to.window(first)
        ann.widget.wait_for("From the second tab.")
        self.assertTrue(self.is_own(ann, "From the second tab."))
        ann.widget.say("And from the first again.")
        observer.wait_for("And from the first again.")
        self.assertEqual(self.noise(observer), [])

    def test_a_name_taken_in_one_tab_is_that_of_the_other_too(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        first = ann.driver.current_window_handle
        ann.driver.switch_to.new_window("tab")
        ann.visit(self.server.url(DEMO))
        ann.widget.open()
        ann.widget.rename("Ann the Second")
        until(lambda: self.nick(ann) == "Ann the Second", "the second tab to have the name")
        ann.driver.switch_to.window(first)
        until(lambda: self.nick(ann) == "Ann the Second", "the first tab to have the name")
        ann.driver.refresh()
        ann.widget.wait_joined()
        self.assertEqual(self.nick(ann), "Ann the Second")

    def test_a_stranger_s_name_is_not_taken_again_and_again(self):
        """Who got another name than the one wanted keeps it over a reload."""
        observer = self.observer()
        ann = self.visitor_on(DEMO, "ann")
        ann.run("localStorage.setItem('samepage:nick', 'Observer')")
        ann.driver.refresh()
        ann.widget.open()
        self.assertEqual(self.nick(ann), "Observer 2")
        until(lambda: "Observer 2" in observer.get("here"), "the observer to see her")
        self.noise(observer)
        ann.driver.refresh()
        ann.widget.wait_joined()
        self.assertEqual(self.nick(ann), "Observer 2")
        self.assertEqual(self.noise(observer), [])

    def test_a_window_that_may_store_nothing_chats_all_the_same(self):
        ann = self.visitor("ann")
        ann.at_every_page(NO_STORAGE)
        ann.visit(self.server.url(DEMO))
        ann.widget.open()
        nick = self.nick(ann)
        observer = self.observer()
        ann.widget.say("Nothing is kept.")
        observer.wait_for("Nothing is kept.")
        ann.widget.rename("Private Ann")
        until(lambda: "Private Ann" in observer.get("here"), "the observer to see the new name")
        self.assertNotEqual(nick, "Private Ann")
        ann.widget.wait("composer").send_keys("Kept by the page")
        ann.run(f"history.pushState(null, '', '{self.other_demo()}')")
        until(lambda: "Private Ann" not in observer.get("here"), "her to leave")
        ann.widget.wait_joined()
        ann.run("history.back()")
        until(lambda: "Private Ann" in observer.get("here"), "her to be back")
        ann.widget.wait_joined()
        self.assertEqual(self.draft(ann), "Kept by the page")
        ann.driver.refresh()
        ann.widget.open()

    def test_the_back_button_brings_the_page_out_of_the_cache_and_into_its_room_again(self):
        ann = self.visitor("ann")
        ann.at_every_page("addEventListener('pageshow', event => window.wasKept = event.persisted)")
        site = self.site({"/": "<!doctype html><title>Elsewhere</title><link rel=icon href='data:,'>Elsewhere."})
        ann.visit(self.server.url(DEMO))
        ann.widget.open()
        nick = self.nick(ann)
        observer = self.observer()
        ann.widget.say("Before.")
        ann.widget.wait_for("Before.")
        self.noise(observer)
        # To a strange page and back at once: the same stream.
        ann.visit(site.url("/"))
        observer.say("While she was away.")
        ann.driver.back()
        until(lambda: ann.run("return window.wasKept"), "the page to come out of the cache")
        ann.widget.wait_for("While she was away.")
        ann.widget.wait_joined()
        ann.widget.say("After.")
        observer.wait_for("After.")
        self.assertEqual(self.noise(observer), [])
        # Over another page of the site, which took the stream.
        ann.visit(self.server.url(self.other_demo()))
        ann.widget.wait_joined()
        until(lambda: nick not in observer.get("here"), "her to leave")
        observer.say("While she was next door.")
        ann.driver.back()
        until(lambda: ann.run("return window.wasKept"), "the page to come out of the cache")
        until(lambda: nick in observer.get("here"), "her to be back")
        ann.widget.wait_for("While she was next door.")
        ann.widget.wait_joined()
        self.assertEqual(ann.widget.here(), 2)
        bodies = ann.widget.bodies()
        self.assertEqual(len(bodies), len(set(bodies)), bodies)

    def test_a_single_page_application_takes_the_visitor_along_to_the_other_page_s_room(self):
        for name, prepare in (("with the navigation API", ""), ("without", "delete window.navigation")):
            with self.subTest(name):
                ann = self.visitor(f"ann-{len(name)}")
                ann.at_every_page(prepare)
                ann.visit(self.server.url(DEMO))
                ann.widget.open()
                nick = self.nick(ann)
                other = self.other_demo()
                ben = self.visitor_on(other, f"ben-{len(name)}").widget.open()
                observer = self.observer()
                ann.widget.say("In the first room.")
                ann.widget.wait_for("In the first room.")
                asked = "return performance.getEntriesByType('resource').filter(e => e.name.includes('/rooms')).length"
                before = ann.run(asked)
                ann.run("history.pushState(null, '', '#a'); location.hash = 'b'; window.mark = 1")
                ann.run(f"history.pushState(null, '', '{other}'); document.title = 'The other page'")
                until(lambda ben=ben: ben.here() == 2, "ann to come to the other room")
                until(lambda nick=nick, seen=observer: nick not in seen.get("here"), "her to leave the first one")
                ann.widget.wait_joined()
                self.assertEqual(ann.run(asked), before + 1, "an address without its fragment is asked for once")
                self.assertNotIn("In the first room.", ann.widget.bodies())
                ben.say(f"Welcome {name}.")
                ann.widget.wait_for(f"Welcome {name}.")
                ann.run("history.back()")
                ann.widget.wait_for("In the first room.")
                ann.widget.wait_joined()
                self.assertEqual(ann.run("return window.mark"), 1, "the page was loaded anew")
                for one in (ann, ben.visitor, observer.visitor):
                    one.run("window.samepage?.destroy()")
                observer.visitor.run("client.disconnect()")

    def test_a_move_while_the_chat_is_closed_changes_the_count_on_the_bubble(self):
        self.visitor_on(self.other_demo(), "ben").widget.open()
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.wait("bubble")
        ann.run(f"history.pushState(null, '', '{self.other_demo()}')")
        until(lambda: ann.widget.count() == 1, "the bubble to count ben")

    def test_destroy_leaves_no_listener_timer_socket_or_node_behind(self):
        ann = self.visitor("ann")
        ann.at_every_page(LEDGER)
        ann.visit(self.server.url(DEMO))
        observer = self.observer()
        for _ in range(3):
            ann.widget.open()
            nick = self.nick(ann)
            until(lambda nick=nick: nick in observer.get("here"), "her to be here")
            ann.widget.say("A word")
            ann.widget.wait_for("A word")
            ann.widget.people()
            ann.widget.close()
            self.assertTrue(ann.run("return ledger()"))
            ann.run("samepage.destroy()")
            until(lambda nick=nick: nick not in observer.get("here"), "her to be gone")
            until(lambda: ann.run("return ledger()") == [], "nothing to be left")
            self.assertFalse(ann.run("return document.querySelector('samepage-chat')"))
            self.assertFalse(ann.run("return sessionStorage['samepage:open'] ?? sessionStorage['samepage:stream']"))
            ann.run("samepage.create()")


class PlaceInTheMessages(ContinuityTest):
    flags = ("--limits-profile", "open")

    def test_the_place_in_the_messages_is_kept_over_a_reload(self):
        ann = self.visitor_on(DEMO, "ann")
        ann.widget.open()
        observer = self.observer()
        for number in range(40):
            observer.say(f"Line {number}")
        ann.widget.wait_for("Line 39")
        ann.widget.run(SCROLL, 333)
        until(lambda: ann.widget.find("latest"), "the way back to the end to be offered")
        place = ann.widget.run(FIRST_IN_VIEW)
        ann.driver.refresh()
        ann.widget.wait_for("Line 39")
        until(lambda: ann.widget.run(FIRST_IN_VIEW) == place, f"{place} to be where it was")
        ann.widget.wait("latest").click()
        until(lambda: not ann.widget.find("latest"), "the end to be shown")
        ann.driver.refresh()
        ann.widget.wait_for("Line 39")
        observer.say("Line 40")
        ann.widget.wait_for("Line 40")
        until(lambda: not ann.widget.find("latest"), "the end to be followed")
