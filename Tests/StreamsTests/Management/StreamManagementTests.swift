import Streams
import Testing
import XMPP

/// XEP-0198: what is counted and kept.
struct StreamManagementTests {
    private static func make(stanzas: Int = 500, bytes: Int = 1_000_000, start: UInt32 = 0) -> StreamManagement {
        StreamManagement(
            recipient: StanzaBytes.Recipient(Fixture.session),
            limits: StreamManagement.Limits(stanzas: stanzas, bytes: bytes), start: start)
    }

    private static func stanza(_ text: String = "") -> StanzaBytes {
        StanzaBytes(Stanza(.message, [Element("body", Namespace.client, text: text)]))
    }

    @Test func whatIsAcknowledgedIsForgottenAndTheRestIsSentAgainInOrder() {
        var management = Self.make()
        let stanzas = (0..<5).map { Self.stanza("\($0)") }
        for stanza in stanzas { #expect(management.append(stanza, isConnected: true) == .queued) }
        #expect(management.acknowledge(2) == .accepted(2))
        #expect(management.acknowledge(2) == .accepted(0))
        var again: [StanzaBytes] = []
        management.resume { again.append($0) }
        #expect(again.count == 3 && zip(again, stanzas[2...]).allSatisfy { $0 === $1 })
        #expect(management.acknowledge(5) == .accepted(3))
        #expect(management.unacknowledged == 0 && management.sent == 5)
    }

    /// XEP-0198 §4: after 2^32 - 1 comes 0, in both directions.
    @Test func countersWrapAround() {
        var management = Self.make(start: .max - 1)
        for _ in 0..<5 { _ = management.append(Self.stanza(), isConnected: true) }
        for _ in 0..<3 { management.handle() }
        #expect(management.handled == 1)
        #expect(management.sent == 3)
        #expect(management.acknowledge(.max) == .accepted(1))
        #expect(management.acknowledge(1) == .accepted(2))
        #expect(management.acknowledge(4) == .tooHigh)
        #expect(management.acknowledge(.max) == .stale)
        #expect(management.acknowledge(3) == .accepted(2))
    }

    @Test(arguments: [6, 7, 1_000, 1 << 31, .max - 1, .max] as [UInt32])
    func moreThanWasSentCannotBeAcknowledged(_ h: UInt32) {
        var management = Self.make()
        for _ in 0..<5 { _ = management.append(Self.stanza(), isConnected: true) }
        _ = management.acknowledge(1)
        #expect(management.acknowledge(h) == .tooHigh)
        #expect(management.unacknowledged == 4)
    }

    @Test func lessThanWasAcknowledgedIsNoNews() {
        var management = Self.make()
        for _ in 0..<5 { _ = management.append(Self.stanza(), isConnected: true) }
        _ = management.acknowledge(3)
        for h in [0, 1, 2] as [UInt32] { #expect(management.acknowledge(h) == .stale) }
        #expect(management.unacknowledged == 2)
    }

    @Test func whileNobodyIsConnectedTheNumberOfStanzasIsBounded() {
        var management = Self.make(stanzas: 10)
        for _ in 0..<10 { #expect(management.append(Self.stanza(), isConnected: false) == .queued) }
        #expect(management.append(Self.stanza(), isConnected: false) == .full)
        #expect(management.unacknowledged == 10)
    }

    @Test(arguments: [false, true]) func theirBytesAreBoundedAlways(_ isConnected: Bool) {
        var management = Self.make(bytes: 10_000)
        let large = Self.stanza(String(repeating: "x", count: 3_000))
        for _ in 0..<3 { #expect(management.append(large, isConnected: isConnected) != .full) }
        #expect(management.append(large, isConnected: isConnected) == .full)
        #expect(management.append(Self.stanza(), isConnected: isConnected) != .full)
        // What is acknowledged makes room for as much.
        #expect(management.acknowledge(1) == .accepted(1))
        #expect(management.append(large, isConnected: isConnected) != .full)
        #expect(management.append(large, isConnected: isConnected) == .full)
        #expect(management.acknowledge(management.sent) == .accepted(4))
        for _ in 0..<3 { #expect(management.append(large, isConnected: isConnected) != .full) }
    }

    @Test func oneStanzaOfAnySizeIsTaken() {
        var management = Self.make(bytes: 10)
        #expect(management.append(Self.stanza("more than ten bytes"), isConnected: false) == .queued)
        #expect(management.append(Self.stanza(), isConnected: false) == .full)
    }

    /// Whoever joins a large room is sent more at once than may wait otherwise.
    @Test func aConnectedClientMayBeBehindForAMoment() {
        var management = Self.make(stanzas: 10)
        for _ in 0..<100 { #expect(management.append(Self.stanza(), isConnected: true) != .full) }
        var verdicts = [management.isStuck()]
        _ = management.acknowledge(1)
        verdicts.append(management.isStuck())
        // Now nothing was acknowledged between two looks.
        verdicts.append(management.isStuck())
        _ = management.acknowledge(95)
        verdicts.append(management.isStuck())
        // Five are not too many.
        verdicts.append(management.isStuck())
        #expect(verdicts == [false, false, true, false, false])
        for _ in 0..<5 { _ = management.append(Self.stanza(), isConnected: false) }
        #expect(management.append(Self.stanza(), isConnected: false) == .full)
    }

    @Test func theClientIsAskedSeldom() {
        var management = Self.make()
        for round in 1...3 {
            for _ in 1..<StreamManagement.requestInterval {
                #expect(management.append(Self.stanza(), isConnected: true) == .queued, "round \(round)")
            }
            #expect(management.hasNews)
            #expect(management.append(Self.stanza(), isConnected: true) == .queuedToBeAsked)
            management.openRequest()
            #expect(!management.hasNews)
        }
        // The fourth answers nothing.
        let answers = (0..<4).map { _ in management.closeRequest() }
        #expect(answers == [true, true, true, false])
    }

    @Test func largeStanzasAreAskedForEarlier() {
        var management = Self.make(bytes: 80_000)
        let large = Self.stanza(String(repeating: "x", count: 6_000))
        #expect(management.append(large, isConnected: true) == .queued)
        #expect(management.append(large, isConnected: true) == .queuedToBeAsked)
    }

    @Test func nobodyIsAskedWhoIsNotThere() {
        var management = Self.make()
        for _ in 0..<200 { #expect(management.append(Self.stanza(), isConnected: false) == .queued) }
        var count = 0
        management.resume { _ in count += 1 }
        #expect(count == 200 && management.hasNews)
        management.openRequest()
        let isAnswer = management.closeRequest()
        #expect(isAnswer)
    }
}
