import EventLoop
import LoopTesting
import MUC
import Testing
import XMPP

@testable import SamepageServer

/// The order of the router: local, the link that owns `from`, else `remote-server-not-found`.
struct RouterTests {
    init() { LoopThread.start() }

    @EventLoop @Test func withoutALinkAnotherDomainIsNotFound() throws {
        let house = try House(.rooms)
        try house.ann("<iq type='get' id='1' to='elsewhere.example'><ping xmlns='urn:xmpp:ping'/></iq>")
        #expect(house.ann.take().first?.contains("<remote-server-not-found ") == true)
        #expect(house.link.sent.isEmpty)
    }

    @EventLoop @Test func errorsAndResultsAreNeverAnswered() throws {
        let house = try House(.visitors)
        house.link.refusal = .down
        try house.ann("<iq type='result' id='1' to='elsewhere.example'/>")
        try house.ann("<message type='error' id='1' to='elsewhere.example'/>")
        try house.network("<iq type='result' id='1' from='a@b.example/c' to='nobody@web.example/tab'/>")
        try house.network("<message type='error' from='a@b.example/c' to='nobody@web.example/tab'/>")
        #expect(house.ann.received.isEmpty && house.link.sent.isEmpty)
    }

    @EventLoop @Test func theLinkThatOwnsTheSendersDomainCarriesAStanza() throws {
        let house = try House(.visitors)
        try house.ann("<message to='r@rooms.example'><body>hi</body></message>")
        #expect(
            house.link.sent == ["<message to='r@rooms.example' from='ann@web.example/tab'><body>hi</body></message>"])
    }

    @EventLoop @Test func visitorsWriteToNobodyOnTheNetworkButRoomsAndAnswerWhoAsksThem() throws {
        let house = try House(.visitors)
        for stanza in [
            "<message id='1' to='a@b.example'><body>spam</body></message>", "<presence id='1' to='r@c.example/n'/>",
            "<iq type='get' id='1' to='a@b.example'><x/></iq>",
        ] {
            try house.ann(stanza)
            #expect(house.ann.take().first?.contains("<forbidden ") == true)
        }
        #expect(house.link.sent.isEmpty)
        try house.ann("<iq type='result' id='1' to='a@b.example'/>")
        #expect(house.link.sent.count == 1)
    }

    @EventLoop @Test func whatALinkRefusesComesBackToTheSender() throws {
        let house = try House(.visitors)
        for (refusal, error) in [
            (LinkRefusal.down, "type='wait'><remote-server-timeout "), (.full, "type='wait'><resource-constraint "),
            (.tooLarge(limit: 5), "type='modify'><policy-violation "),
        ] {
            house.link.refusal = refusal
            try house.ann("<message id='1' to='r@rooms.example'><body>hi</body></message>")
            let answer = try #require(house.ann.take().first)
            #expect(answer.contains(error) && answer.contains("from='r@rooms.example'") && answer.contains("id='1'"))
        }
        #expect(house.router.counters.refused == 3)
    }

    @EventLoop @Test func aStanzaThatWaitedInVainComesBackToo() throws {
        let house = try House(.visitors)
        var head = try House.stanza("<iq type='get' id='7' to='a@b.example'><x/></iq>")
        head.from = house.annJID
        head.payload = []
        house.router.link(house.link, gaveUp: head, .down)
        #expect(house.ann.take().first?.contains("<remote-server-timeout ") == true)
    }

    // MARK: - In

    @EventLoop @Test func whatIsNotForTheLinksDomainIsDroppedAndCounted() throws {
        let house = try House(.rooms)
        try house.network("<message from='a@b.example/c' to='ann@web.example/tab'><body>hi</body></message>")
        try house.network("<message from='a@b.example/c' to='other.example'><body>hi</body></message>")
        try house.network("<message from='a@b.example/c'><body>hi</body></message>")
        try house.network("<message to='r@rooms.example'><body>hi</body></message>")
        #expect(house.router.counters.misaddressed == 4)
        #expect(house.ann.received.isEmpty && house.link.sent.isEmpty)
    }

    @EventLoop @Test func nobodyOfTheNetworkSpeaksUnderAnAddressOfOurs() throws {
        let house = try House(.rooms)
        try house.ann("<presence to='r@rooms.example/Ann'>\(House.join)</presence>")
        _ = house.ann.take()
        for from in ["ann@web.example/tab", "ann@web.example/other", "web.example", "r@rooms.example/Ann"] {
            try house.network("<message from='\(from)' to='r@rooms.example' type='groupchat'><body>hi</body></message>")
        }
        #expect(house.router.counters.forged == 4)
        #expect(house.ann.received.isEmpty && house.link.sent.isEmpty)
    }

    @EventLoop @Test func aVisitorWhoIsGoneIsReportedToWhoWritesToIt() throws {
        let house = try House(.visitors)
        try house.network(
            "<message type='groupchat' from='r@c.example/n' to='old@web.example/tab'><body>hi</body></message>")
        try house.network(
            "<iq type='get' id='1' from='a@b.example' to='ann@web.example'><query xmlns='jabber:iq:version'/></iq>")
        try house.network("<presence from='a@b.example' to='old@web.example/tab'/>")
        let sent = house.link.takeSent()
        #expect(sent.count == 2 && sent.allSatisfy { $0.contains("<service-unavailable ") })
    }

    @EventLoop @Test func aVisitorsSessionIsReachedAndItsDomainAnswersForItself() throws {
        let house = try House(.visitors)
        try house.network("<message from='a@b.example/c' to='ann@web.example/tab'><body>hi</body></message>")
        #expect(house.ann.take().count == 1)
        try house.network(
            "<iq type='get' id='1' from='a@b.example' to='web.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
        )
        #expect(house.link.takeSent().first?.contains("category='server'") == true)
    }

    @EventLoop @Test func whatCouldNotBeReadIsAnsweredWhereThatIsAllowed() throws {
        let house = try House(.rooms)
        let error = StanzaError(.policyViolation, .modify, "Too large.")
        let head = Stanza(.message, id: "1", from: jid("a@b.example/c"), to: jid("r@rooms.example"))
        house.router.link(house.link, refused: head, error)
        #expect(house.link.takeSent().first?.contains("<policy-violation ") == true)
        house.router.link(house.link, refused: nil, error)
        house.router.link(house.link, refused: Stanza(.message, type: "error", from: jid("a@b.example/c")), error)
        house.router.link(house.link, refused: Stanza(.message, from: house.annJID), error)
        #expect(house.link.sent.isEmpty && house.router.counters.unreadable == 4)
    }
}
