import EventLoop
import LoopTesting
import MUC
import Testing
import XMPP

@testable import SamepageServer

/// Rooms of ours with people of other servers inside.
struct HostedRoomsTests {
    init() { LoopThread.start() }

    @EventLoop private func meeting(isArchived: Bool = false) throws -> House {
        let house = try House(.rooms, isArchived: isArchived)
        try house.ann("<presence to='r@rooms.example/Ann'>\(House.join)</presence>")
        house.router.deliver(house.router.rooms.loaded("r", .success(nil), now: 0))
        try house.network("<presence from='ben@b.example/gajim' to='r@rooms.example/Ben'>\(House.join)</presence>")
        try house.network("<presence from='cia@c.example/dino' to='r@rooms.example/Cia'>\(House.join)</presence>")
        _ = house.ann.take()
        _ = house.link.takeSent()
        return house
    }

    @EventLoop @Test func aJoinOverTheLinkIsAnsweredOverTheLinkAndSeenByVisitors() throws {
        let house = try House(.rooms)
        try house.ann("<presence to='r@rooms.example/Ann'>\(House.join)</presence>")
        _ = house.ann.take()
        try house.network("<presence from='ben@b.example/gajim' to='r@rooms.example/Ben'>\(House.join)</presence>")
        let sent = house.link.takeSent()
        #expect(sent.allSatisfy { $0.contains(" to='ben@b.example/gajim' ") })
        #expect(sent.contains { $0.contains("from='r@rooms.example/Ann'") })
        #expect(sent.contains { $0.contains("<status code='110'/>") })
        #expect(house.ann.take().contains { $0.contains("from='r@rooms.example/Ben'") })
    }

    @EventLoop @Test func aMessageReachesEverybodyWhereverTheyAre() throws {
        let house = try meeting()
        try house.ann("<message type='groupchat' id='1' to='r@rooms.example'><body>hi</body></message>")
        #expect(house.ann.take().count == 1)
        let sent = house.link.takeSent()
        #expect(sent.map { $0.contains("to='ben@b.example/gajim'") } == [true, false])
        #expect(sent.allSatisfy { $0.contains("<body>hi</body>") && !$0.contains("xmlns='jabber:client'") })
    }

    @EventLoop @Test func whenTheLinkIsGoneRemoteOccupantsLeaveAndHearOfItLater() throws {
        let house = try meeting()
        house.link.refusal = .down
        house.router.linkChanged(house.link, isUp: false)
        let seen = house.ann.take()
        #expect(seen.count == 2 && seen.allSatisfy { $0.contains("unavailable") && $0.contains("code='333'") })
        #expect(house.link.kept.count == 2)
        #expect(house.link.kept.allSatisfy { $0.contains("code='110'") && $0.contains("code='333'") })
        #expect(house.router.rooms.sessions { _ in true } == [house.annJID])
        try house.ann("<message type='groupchat' id='1' to='r@rooms.example'><body>alone</body></message>")
        #expect(house.ann.take().count == 1)
    }

    @EventLoop @Test func whenTheLinkIsGoneWhileAMessageIsStoredRemoteOccupantsHearOfItLaterToo() throws {
        let house = try meeting(isArchived: true)
        var message = try House.stanza(
            "<message type='groupchat' id='1' to='r@rooms.example'><body>hi</body></message>")
        message.from = house.annJID
        let id = try #require(
            house.router.rooms.handle(message, now: 0).effects.compactMap { effect in
                if case .archive(.store(let message)) = effect { message.id } else { nil }
            }.first)
        house.link.refusal = .down
        house.router.linkChanged(house.link, isUp: false)
        #expect(house.ann.take().isEmpty && house.link.kept.isEmpty)
        house.router.deliver(house.router.rooms.stored(id, in: "r", isKept: true))
        let seen = house.ann.take()
        #expect(seen.first?.contains("<body>hi</body>") == true)
        #expect(seen.count == 3 && seen.dropFirst().allSatisfy { $0.contains("code='333'") })
        #expect(house.link.kept.count == 2)
        #expect(house.link.kept.allSatisfy { $0.contains("code='110'") && $0.contains("code='333'") })
    }

    @EventLoop @Test func aPrivateMessageThatTheLinkRefusesComesBack() throws {
        let house = try meeting()
        house.link.refusal = .full
        try house.ann("<message type='chat' id='1' to='r@rooms.example/Ben'><body>hi</body></message>")
        let answer = try #require(house.ann.take().first)
        #expect(answer.contains("<resource-constraint ") && answer.contains("from='r@rooms.example/Ben'"))
        try house.ann("<message type='groupchat' id='2' to='r@rooms.example'><body>hi</body></message>")
        #expect(house.ann.take().count == 1)
    }

    @EventLoop @Test func aFloodIsRefusedThenExpelled() throws {
        let house = try meeting()
        for index in 0..<40 {
            try house.network(
                "<message type='groupchat' id='\(index)' from='ben@b.example/gajim' to='r@rooms.example'><body>x</body></message>"
            )
        }
        let seen = house.ann.take()
        #expect(seen.filter { $0.contains("<body>x</body>") }.count < 15)
        #expect(seen.contains { $0.contains("unavailable") && $0.contains("code='333'") })
        #expect(house.link.sent.contains { $0.contains("<policy-violation ") })
        #expect(house.router.counters.limited > 0)
        // Others are not touched.
        try house.network(
            "<message type='groupchat' id='c' from='cia@c.example/dino' to='r@rooms.example'><body>y</body></message>")
        #expect(house.ann.take().count == 1)
    }

    @EventLoop @Test func answersBeyondTheRateAreDroppedAndNobodyIsExpelledForThem() throws {
        let house = try meeting()
        for index in 0..<100 {
            try house.network("<iq type='result' id='\(index)' from='ben@b.example/gajim' to='r@rooms.example/Ann'/>")
        }
        #expect(house.ann.take().count < 100)
        #expect(house.router.rooms.sessions { _ in true }.count == 3)
    }

    @EventLoop @Test func theServiceAnswersForItself() throws {
        let house = try House(.rooms)
        for (payload, answer) in [
            ("<ping xmlns='urn:xmpp:ping'/>", "type='result'"),
            ("<query xmlns='jabber:iq:version'/>", "<name>samepage</name>"),
            ("<vCard xmlns='vcard-temp'/>", "<FN>Page rooms</FN>"),
            ("<query xmlns='http://jabber.org/protocol/disco#info'/>", "category='conference'"),
            ("<query xmlns='urn:unknown'/>", "<service-unavailable "),
        ] {
            try house.network("<iq type='get' id='1' from='a@b.example/c' to='rooms.example'>\(payload)</iq>")
            let sent = house.link.takeSent()
            #expect(sent.count == 1 && sent[0].contains(answer) && sent[0].contains("to='a@b.example/c'"))
        }
    }
}
