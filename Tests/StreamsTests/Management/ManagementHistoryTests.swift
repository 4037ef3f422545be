import SeededTesting
import Streams
import Testing
import XMPP

/// Random histories of a connection that is cut anywhere, against an exactly-once oracle.
struct ManagementHistoryTests {
    @Test(arguments: 0..<8)
    func everythingArrivesOnceAndInOrderWhereverTheCutIs(_ part: UInt64) {
        var generator = SeededGenerator(seed: 0xC0FF_EE00 &+ part)
        for history in 0..<400 {
            var play = CutPlay(generator)
            play.run(steps: 200)
            play.calmDown()
            generator = play.generator
            let name: Comment = "part \(part), history \(history)"
            #expect(play.received == play.said, name)
            #expect(play.arrived == play.sent, name)
            #expect(play.faults.isEmpty, name)
            guard play.received == play.said, play.arrived == play.sent, play.faults.isEmpty else { return }
        }
    }
}

/// A server and a client that follow XEP-0198, over connections that are cut at any time. Either side may go on for a
/// while without noticing.
private struct CutPlay {
    enum Item {
        case stanza(Int)
        case request
        case answer(UInt32)
    }

    /// A connection: what is under way in both directions. Everything arrives in order, or not at all.
    struct Wire {
        var up: [Item] = []
        var down: [Item] = []
    }

    var generator: SeededGenerator
    private var server: StreamManagement
    /// Whether the server believes in the connection.
    private var serverIsConnected = true
    /// Nil while the client has none.
    private var wire: Wire? = Wire()
    /// The stanzas of the server, by the object that carries them.
    private var names: [ObjectIdentifier: Int] = [:]
    private var kept: [StanzaBytes] = []

    // The client's side of XEP-0198, written down again and more simply.
    private var clientHandled: UInt32
    private var clientAcknowledged: UInt32
    private var clientQueue: [Int] = []

    private(set) var said: [Int] = []
    private(set) var received: [Int] = []
    private(set) var sent: [Int] = []
    private(set) var arrived: [Int] = []
    private(set) var faults: [String] = []

    init(_ generator: SeededGenerator) {
        self.generator = generator
        // Often just before the counters begin anew.
        let start = UInt32.max - UInt32.random(in: 0..<100, using: &self.generator)
        server = StreamManagement(
            recipient: StanzaBytes.Recipient(Fixture.session), limits: .init(stanzas: 10_000, bytes: 10_000_000),
            start: start)
        clientHandled = start
        clientAcknowledged = start
    }

    mutating func run(steps: Int) {
        for _ in 0..<steps {
            switch Int.random(in: 0..<20, using: &generator) {
            case 0...4: serverSpeaks()
            case 5...8: clientSpeaks()
            case 9...11: moveUp()
            case 12...14: moveDown()
            case 15: wire?.up.append(.request)
            case 16: wire?.up.append(.answer(clientHandled))
            case 17: cut()
            default: if wire == nil { resume() }
            }
        }
    }

    mutating func calmDown() {
        if wire == nil { resume() }
        while let wire, !wire.up.isEmpty || !wire.down.isEmpty {
            moveUp()
            moveDown()
        }
    }

    private mutating func serverSpeaks() {
        let stanza = StanzaBytes(Stanza(.message, id: "\(said.count)"))
        kept.append(stanza)
        names[ObjectIdentifier(stanza)] = said.count
        let outcome = server.append(stanza, isConnected: serverIsConnected)
        if outcome == .full { faults.append("full") }
        if serverIsConnected { wire?.down.append(.stanza(said.count)) }
        said.append(said.count)
        if outcome == .queuedToBeAsked {
            server.openRequest()
            wire?.down.append(.request)
        }
    }

    private mutating func clientSpeaks() {
        clientQueue.append(sent.count)
        wire?.up.append(.stanza(sent.count))
        sent.append(sent.count)
    }

    /// The next thing reaches the server.
    private mutating func moveUp() {
        guard wire?.up.isEmpty == false, let item = wire?.up.removeFirst() else { return }
        reachServer(item)
    }

    private mutating func reachServer(_ item: Item) {
        switch item {
        case .stanza(let number):
            arrived.append(number)
            server.handle()
        case .request: wire?.down.append(.answer(server.handled))
        case .answer(let h): if case .tooHigh = server.acknowledge(h) { faults.append("too high: \(h)") }
        }
    }

    /// The next thing reaches the client.
    private mutating func moveDown() {
        guard wire?.down.isEmpty == false, let item = wire?.down.removeFirst() else { return }
        switch item {
        case .stanza(let number):
            received.append(number)
            clientHandled &+= 1
        case .request: wire?.up.append(.answer(clientHandled))
        case .answer(let h): clientAcknowledge(h)
        }
    }

    private mutating func clientAcknowledge(_ h: UInt32) {
        let count = Int(h &- clientAcknowledged)
        guard count <= clientQueue.count else {
            faults.append("the server has handled \(h)")
            return
        }
        clientQueue.removeFirst(count)
        clientAcknowledged = h
    }

    /// What is on its way is lost, but for some of what the server has in its buffers; and the server may take a while
    /// to notice.
    private mutating func cut() {
        guard let broken = wire else { return }
        wire = nil
        let arriving = Int.random(in: 0...broken.up.count, using: &generator)
        for item in broken.up.prefix(arriving) { reachServer(item) }
        serverIsConnected = Bool.random(using: &generator)
    }

    private mutating func resume() {
        wire = Wire()
        guard case .accepted = server.acknowledge(clientHandled) else {
            faults.append("cannot resume at \(clientHandled)")
            return
        }
        serverIsConnected = true
        let handled = server.handled
        var again: [Item] = []
        server.resume { stanza in names[ObjectIdentifier(stanza)].map { again.append(.stanza($0)) } }
        wire?.down += again
        clientAcknowledge(handled)
        wire?.up += clientQueue.map { .stanza($0) }
    }
}
