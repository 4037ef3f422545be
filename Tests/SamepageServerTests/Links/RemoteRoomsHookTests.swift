import EventLoop
import LoopTesting
import MUC
import Testing
import XMPP

@testable import SamepageServer

/// What passes through `RemoteRooms`, and what it can do.
struct RemoteRoomsHookTests {
    init() { LoopThread.start() }

    private final class Script: RemoteRooms {
        var calls: [String] = []
        var answer: [RemoteRoomsEffect] = [.pass]

        func fromVisitor(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect] {
            calls.append("visitor \(stanza.kind)")
            return answer
        }
        func fromService(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect] {
            calls.append("service \(stanza.kind) \(stanza.type ?? "-")")
            return answer
        }
        func passes(copyOf stanza: RepeatedStanza, to session: JID, now: Int64) -> Bool {
            calls.append("copy for \(session)")
            return answer == [.pass]
        }
        func sessionEnded(_ session: JID, _ end: SessionEnd, now: Int64) -> [RemoteRoomsEffect] {
            calls.append("ended \(session)")
            return []
        }
        func linkChanged(isUp: Bool, now: Int64) -> [RemoteRoomsEffect] {
            calls.append(isUp ? "up" : "down")
            return []
        }
        func tick(now: Int64) -> [RemoteRoomsEffect] { [] }
        let tickInterval: Int64 = 1_000
        func shutdown(now: Int64) -> [RemoteRoomsEffect] { [] }
        func summary(localpart: String) -> RoomSummary? { nil }
    }

    @EventLoop @Test func bothDirectionsPassThroughIt() throws {
        let script = Script()
        let house = try House(.visitors, remoteRooms: script)
        try house.ann("<presence to='r@rooms.example/Ann'/>")
        try house.network("<presence from='r@rooms.example/Ann' to='ann@web.example/tab'/>")
        try house.network("<presence from='r@other.example/Ann' to='ann@web.example/tab'/>")
        #expect(script.calls == ["visitor presence", "service presence -"])
        #expect(house.link.sent.count == 1 && house.ann.received.count == 2)
    }

    /// A copy is judged like what it is a copy of.
    @EventLoop
    @Test(arguments: [
        ("for a visitor of ours", "r@rooms.example/Bob", "ann@web.example/tab", ["copy for ann@web.example/tab"], 1),
        (
            "for somebody who is not here", "r@rooms.example/Bob", "bob@web.example/tab", ["service message groupchat"],
            0
        ),
        ("for the domain of others", "r@rooms.example/Bob", "ann@rooms.example/tab", [], 0),
        ("under an address of ours", "bob@web.example/tab", "ann@web.example/tab", [], 0),
        ("of somebody of the network", "bob@other.example/x", "ann@web.example/tab", [], 1),
    ])
    func aCopyPassesThroughItToo(
        _ name: String, from: String, to: String, calls: [String], received: Int
    ) throws {
        let script = Script()
        let house = try House(.visitors, remoteRooms: script)
        let parser = StreamParser(mode: .stream)
        var events: [StreamParser.Event] = []
        func message(_ to: String) -> String {
            "<message to='\(to)' from='\(from)' type='groupchat'><body>hi</body></message>"
        }
        let text = "<stream xmlns='jabber:client'>" + message("first@web.example/tab") + message(to)
        try parser.feed(Array(text.utf8).span, into: &events)
        guard case .copy(let stanza, let recipient) = events.last else {
            Issue.record("no copy")
            return
        }
        house.router.link(house.link, receivedCopyOf: stanza, to: recipient)
        #expect(script.calls == calls && house.ann.received.count == received)
    }

    @EventLoop @Test func whatItKeepsGoesNowhere() throws {
        let script = Script()
        script.answer = []
        let house = try House(.visitors, remoteRooms: script)
        try house.ann("<presence to='r@rooms.example/Ann'/>")
        try house.network("<presence from='r@rooms.example/Ann' to='samepage@web.example/keeper'/>")
        #expect(script.calls.count == 2 && house.link.sent.isEmpty && house.ann.received.isEmpty)
    }

    @EventLoop @Test func itSpeaksInBothDirections() throws {
        let script = Script()
        let house = try House(.visitors, remoteRooms: script)
        script.answer = [
            .toService(Stanza(.presence, from: jid("samepage@web.example/keeper"), to: jid("r@rooms.example/k"))),
            .toVisitor(Stanza(.message, from: jid("r@rooms.example"), to: house.annJID)),
        ]
        try house.ann("<presence to='r@rooms.example/Ann'/>")
        #expect(house.link.sent == ["<presence to='r@rooms.example/k' from='samepage@web.example/keeper'/>"])
        #expect(house.ann.received.count == 1)
    }

    @EventLoop @Test func whatTheLinkRefusesComesBackAsIfTheServiceHadSaidIt() throws {
        let script = Script()
        let house = try House(.visitors, remoteRooms: script)
        house.link.refusal = .down
        try house.ann("<presence to='r@rooms.example/Ann'/>")
        #expect(script.calls == ["visitor presence", "service presence error"])
        #expect(house.ann.take().first?.contains("<remote-server-timeout ") == true)
    }

    @EventLoop @Test func itHearsOfSessionsAndOfTheLink() throws {
        let script = Script()
        let house = try House(.visitors, remoteRooms: script)
        house.router.linkChanged(house.link, isUp: true)
        house.router.linkChanged(house.link, isUp: false)
        house.router.sessionEnded(house.annJID, .left)
        #expect(script.calls == ["up", "down", "ended ann@web.example/tab"])
    }
}
