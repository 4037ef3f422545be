import EventLoop
import LoopTesting
import Testing
import XMPP

@testable import SamepageServer

struct VisitorRegistryTests {
    init() { LoopThread.start() }

    @Test @EventLoop func anAddressLeadsToItsSessionWithAndWithoutItsHint() throws {
        let visitors = VisitorRegistry(domain: jid("web.example"))
        let ann = FakeSession(jid("ann@web.example/tab"))
        let address = try visitors.bind(ann, identity: jid("ann@web.example"), resource: "tab")
        #expect(address.hint != 0)
        #expect(visitors.session(address) === ann)
        #expect(visitors.session(jid("ann@web.example/tab")) === ann)
        #expect(visitors.session(jid("ann@web.example/other")) == nil)
    }

    @Test @EventLoop func theAddressOfSomebodyGoneNeverLeadsToWhoeverHasItsPlace() throws {
        let visitors = VisitorRegistry(domain: jid("web.example"))
        let former = try visitors.bind(
            FakeSession(jid("ann@web.example/tab")), identity: jid("ann@web.example"), resource: "tab")
        visitors.remove(former)
        let ben = FakeSession(jid("ben@web.example/tab"))
        let address = try visitors.bind(ben, identity: jid("ben@web.example"), resource: "tab")
        #expect(address.hint == former.hint)
        #expect(visitors.session(former) == nil)
        #expect(visitors.session(address) === ben)
        #expect(visitors.count == 1)
    }

    @Test @EventLoop func whoComesBackElsewhereIsFoundByAnAddressWithAnOldHint() throws {
        let visitors = VisitorRegistry(domain: jid("web.example"))
        func bind(_ name: String) throws -> (FakeSession, JID) {
            let session = FakeSession(jid("\(name)@web.example/tab"))
            return (session, try visitors.bind(session, identity: jid("\(name)@web.example"), resource: "tab"))
        }
        let (_, old) = try bind("ann")
        visitors.remove(old)
        _ = try bind("ben")
        let (ann, _) = try bind("ann")
        #expect(visitors.session(old) === ann)
    }

    @Test @EventLoop func aHintOfNowhereIsHarmless() {
        let visitors = VisitorRegistry(domain: jid("web.example"))
        var stranger = jid("ann@web.example/tab")
        stranger.hint = .max
        #expect(visitors.session(stranger) == nil)
    }

    @Test @EventLoop func aSessionThatTakesTheAddressOverIsFoundByTheOldCopies() throws {
        let visitors = VisitorRegistry(domain: jid("web.example"))
        let first = FakeSession(jid("ann@web.example/tab"))
        let address = try visitors.bind(first, identity: jid("ann@web.example"), resource: "tab")
        let second = FakeSession(address)
        visitors.replace(first, by: second)
        #expect(visitors.session(address) === second)
    }
}
