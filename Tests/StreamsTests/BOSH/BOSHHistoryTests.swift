import Streams
import Testing
import XMPP

/// Random histories of a bad network against an exactly-once oracle: whatever is reordered, duplicated, dropped or
/// aborted, each side gets every message of the other once, in order.
struct BOSHHistoryTests {
    @Test(arguments: 0..<4)
    func everythingArrivesOnceAndInOrder(_ part: UInt64) throws {
        var generator = Generator(state: 0x5A3E_9A6E &+ part)
        for history in 0..<40 {
            var network = try BadNetwork(generator)
            try network.run(steps: 120)
            try network.calmDown()
            generator = network.generator
            let name: Comment = "seed part \(part), history \(history)"
            #expect(network.received == network.sent, name)
            #expect(network.arrived == network.said, name)
            #expect(network.play.ending == nil, name)
            guard network.received == network.sent, network.arrived == network.said else { return }
        }
    }
}

/// A small linear congruential generator: the same history for the same seed.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// A client that follows XEP-0124 over a network that does not.
private struct BadNetwork {
    struct Request {
        let rid: Int64
        let text: String?
        /// The connection it is under way on; nil when it has to be sent again.
        var ticket: BOSHSession.Ticket?
    }

    var generator: Generator
    var play: BOSHPlay
    private var isCalm = false
    private var nextRid: Int64
    private var requests: [Request] = []
    /// Answers by rid that wait for their turn.
    private var answers: [Int64: [String]] = [:]
    private var nextAnswer: Int64
    private(set) var sent: [String] = []
    private(set) var received: [String] = []
    private(set) var said: [String] = []

    /// What has reached the server.
    var arrived: [String] { play.routed.compactMap { $0.child("body", Namespace.client)?.text } }

    init(_ generator: Generator) throws {
        self.generator = generator
        play = try BOSHPlay()
        nextRid = try play.logIn()
        nextAnswer = nextRid
    }

    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...2: try request()
            case 3: try request(swapped: true)
            case 4, 5: speak()
            case 6: abort(afterArrival: true)
            case 7: try duplicate()
            case 8:
                // A client never stays away for as long as the session lives without it.
                if requests.isEmpty { try request() }
                play.pass(Int64.random(in: 0..<20_000, using: &generator))
            default: break
            }
            try collect()
        }
    }

    /// Lets everything arrive; nobody says anything new.
    mutating func calmDown() throws {
        isCalm = true
        for _ in 0..<10 {
            try collect()
            try request()
            play.pass(1_000)
        }
        try collect()
    }

    private var isFull: Bool { requests.count >= 2 }

    /// A new request, or two that overtake each other.
    private mutating func request(swapped: Bool = false) throws {
        guard !isFull else { return }
        var fresh = [newRequest()]
        if swapped && requests.isEmpty { fresh.append(newRequest()) }
        requests += fresh
        for request in fresh.reversed() { try send(request.rid) }
    }

    private mutating func newRequest() -> Request {
        defer { nextRid += 1 }
        guard !isCalm, Bool.random(using: &generator) else { return Request(rid: nextRid, text: nil) }
        said.append("c\(nextRid)")
        return Request(rid: nextRid, text: "c\(nextRid)")
    }

    private mutating func send(_ rid: Int64) throws {
        guard let index = requests.firstIndex(where: { $0.rid == rid }) else { return }
        // Lost on its way: the client will notice and send it again.
        guard isCalm || Int.random(in: 0..<10, using: &generator) > 0 else { return }
        let payload = requests[index].text.map {
            "<message xmlns='jabber:client' to='r@rooms.localhost'><body>\($0)</body></message>"
        }
        requests[index].ticket = try play.say(rid: rid, "", payload ?? "")
    }

    private mutating func speak() {
        let text = "s\(sent.count)"
        sent.append(text)
        play.deliver(text)
    }

    /// A connection breaks while its request is held.
    private mutating func abort(afterArrival: Bool) {
        guard let index = requests.indices.randomElement(using: &generator), let ticket = requests[index].ticket else {
            return
        }
        // An answer that is already under way is lost with it.
        if play.answers[ticket] == nil { play.lose(ticket) }
        requests[index].ticket = nil
    }

    /// The same request once more, though nothing was wrong.
    private mutating func duplicate() throws {
        guard let request = requests.randomElement(using: &generator) else { return }
        try send(request.rid)
    }

    /// Takes the answers that have come, in the order of the rids, and sends again what was lost.
    private mutating func collect() throws {
        for request in requests {
            guard let ticket = request.ticket else { continue }
            if play.answers[ticket] != nil { answers[request.rid] = play.texts(ticket) }
        }
        while let texts = answers.removeValue(forKey: nextAnswer) {
            received += texts
            requests.removeAll { $0.rid == nextAnswer }
            nextAnswer += 1
        }
        for request in requests where request.ticket == nil { try send(request.rid) }
    }
}
