import SeededTesting
import Streams

/// One history: a client and a server that keep to the rules, and a network between them that does not. Requests and
/// answers are delayed, overtake each other, are doubled and lost, connections break on both ends or on one. What each side
/// says must reach the other once and in order.
///
/// A step is a number: what happens, and to which of those it could happen to, is taken from it. So any part of the steps
/// of a history is a history, and one that fails can be made smaller.
struct BOSHHistory {
    /// A connection with one request on it.
    private struct Connection {
        enum State {
            case toServer
            case atServer
            case toClient([UInt8])
        }

        let ticket: BOSHSession.Ticket
        let request: HistoryClient.Request
        var state = State.toServer
        /// The client has given it up, or does not know that the connection was lost.
        var isForsaken = false
    }

    private let settings: HistorySettings
    private var client: HistoryClient
    private var server: HistoryServer
    private var connections: [Connection] = []
    private var tickets = 1
    /// The last rid that has come, with all before it, and when each of those was processed.
    private var processed: Int64
    private var processedAt: [Int64: Int64] = [:]
    /// Requests that have come before their turn.
    private var early: [Int64: HistoryClient.Request] = [:]
    /// What each rid was answered first.
    private var answers: [Int64: [UInt8]] = [:]
    /// When the server last heard or answered somebody, and how long it may be left alone from then on.
    private var lastContact: Int64 = 0
    private var patience: Int64
    private var isCalm = false
    private var ownFault: String?
    /// What happened, in words; nil when nobody reads it.
    private let journal: Journal?

    final class Journal {
        var lines: [String] = []
    }

    var fault: String? { ownFault ?? server.fault ?? client.fault }

    init?(seed: UInt64, journal: Journal? = nil) {
        var dice = SeededGenerator(seed: seed)
        settings = HistorySettings(&dice)
        guard let creation = HistoryClient.creation(settings) else { return nil }
        server = HistoryServer(creation, limits: settings.limits)
        server.receive(creation, ticket: 1)
        client = HistoryClient(settings, sid: server.session.sid)
        processed = creation.rid
        patience = settings.inactivity
        self.journal = journal
        journal?.lines.append("\(settings)")
        guard server.takeAnswers().count == 1 else { return nil }
    }

    /// The numbers of a history.
    static func steps(seed: UInt64) -> [UInt64] {
        var dice = SeededGenerator(seed: ~seed)
        return (0..<(40 + dice.roll(below: 160))).map { _ in dice.next() }
    }

    /// Plays a history to its end; what went wrong.
    static func play(seed: UInt64, steps: [UInt64]) -> String? {
        guard var history = BOSHHistory(seed: seed) else { return "the session was not made" }
        return history.run(steps)
    }

    mutating func run(_ steps: [UInt64]) -> String? {
        for step in steps where fault == nil {
            take(step)
            check()
        }
        calmDown()
        return fault
    }

    // MARK: - Steps

    private mutating func take(_ step: UInt64) {
        let number = Int(truncatingIfNeeded: step >> 32)
        switch step % 100 {
        case 0..<20: pick(number) { if case .toServer = $0.state { true } else { false } }.map { arrive($0) }
        case 20..<40: pick(number) { if case .toClient = $0.state { true } else { false } }.map { comeBack($0) }
        case 40..<54: ask()
        case 54..<62: for _ in 0...(number & 1) { client.say() }
        case 62..<72: server.push()
        case 72..<80: retry(number)
        case 80..<83:
            pick(number) { if case .toServer = $0.state { true } else { false } }.map {
                note("request \(connections[$0].request.rid) is lost")
                connections.remove(at: $0)
            }
        case 83..<86:
            pick(number) { if case .toClient = $0.state { true } else { false } }.map {
                note("answer \(connections[$0].request.rid) is lost")
                connections.remove(at: $0)
            }
        case 86..<88:
            pick(number) { if case .toServer = $0.state { true } else { false } }.map {
                note("request \(connections[$0].request.rid) is doubled")
                send(connections[$0].request)
            }
        case 88..<92: pick(number) { !$0.isForsaken }.map { forsake($0) }
        case 92..<95: pick(number) { $0.isForsaken }.map { notice($0) }
        case 95..<98: pass(Int64(number % 40_000))
        // Whoever polls has to be able to do so before it is over.
        default: ask(pause: Int64(10 + number % 110))
        }
        // Steps take time, too.
        pass(Int64(number & 15))
        collect()
    }

    private func pick(_ number: Int, _ matches: (Connection) -> Bool) -> Int? {
        let count = connections.count(where: matches)
        guard count > 0 else { return nil }
        var left = number % count
        return connections.indices.first {
            guard matches(connections[$0]) else { return false }
            defer { left -= 1 }
            return left == 0
        }
    }

    private mutating func send(_ request: HistoryClient.Request) {
        tickets += 1
        connections.append(Connection(ticket: tickets, request: request))
    }

    private mutating func ask(pause: Int64? = nil) {
        guard let request = client.ask(pause: pause, now: server.now) else { return }
        note("the client asks \(request.rid), \(request.body.payload.count) inside, pause \(pause ?? 0)")
        send(request)
    }

    /// The client sends a request again, exactly as it was: one whose connection is gone, or one that takes it too long.
    private mutating func retry(_ number: Int) {
        let waiting = client.requests.filter { $0.answer == nil }
        guard !waiting.isEmpty else { return }
        let request = waiting[number % waiting.count]
        let current = connections.indices.filter {
            connections[$0].request.rid == request.rid && !connections[$0].isForsaken
        }
        guard current.isEmpty || number & 0x700 == 0 else { return }
        for index in current { connections[index].isForsaken = true }
        note("the client repeats \(request.rid)")
        send(request)
    }

    /// A request arrives.
    private mutating func arrive(_ index: Int) {
        let request = connections[index].request
        note("request \(request.rid) arrives")
        connections[index].state = .atServer
        if request.rid > processed { early[request.rid] = request }
        while let next = early.removeValue(forKey: processed + 1) {
            processed += 1
            processedAt[processed] = server.now
            patience = next.pause ?? settings.inactivity
            lastContact = server.now
        }
        server.receive(request.body, ticket: connections[index].ticket)
        collect()
    }

    /// An answer arrives.
    private mutating func comeBack(_ index: Int) {
        let connection = connections.remove(at: index)
        guard case .toClient(let bytes) = connection.state, !connection.isForsaken else { return }
        note("answer \(connection.request.rid) arrives")
        client.receive(bytes, for: connection.request.rid, now: server.now)
    }

    /// The client gives a connection up, or loses it; the server may or may not notice.
    private mutating func forsake(_ index: Int) {
        note("the client loses its connection for \(connections[index].request.rid)")
        connections[index].isForsaken = true
        if tickets & 1 == 0 { notice(index) }
    }

    private mutating func notice(_ index: Int) {
        guard case .atServer = connections[index].state else { return }
        note("the server notices, for \(connections[index].request.rid)")
        server.lose(connections.remove(at: index).ticket)
    }

    /// Time passes, but never so much that a client who follows the rules would have been thought dead. One that polls
    /// may not do so at once.
    private mutating func pass(_ time: Int64) {
        let reserve = settings.hold == 0 && !isCalm ? settings.polling : 0
        let time = max(0, min(time, lastContact + patience - reserve - 1 - server.now))
        if time > 100 { note("\(time) ms pass") }
        server.pass(time)
    }

    /// Takes the answers of the server and puts them on their connections.
    private mutating func collect() {
        for answer in server.takeAnswers() {
            let bytes = answer.bytes
            guard let index = connections.firstIndex(where: { $0.ticket == answer.ticket }),
                case .atServer = connections[index].state
            else {
                ownFault = ownFault ?? "ticket \(answer.ticket) was answered, and nobody waits for it"
                return
            }
            let rid = connections[index].request.rid
            note("the server answers \(rid): \(String(decoding: bytes, as: UTF8.self))")
            connections[index].state = .toClient(bytes)
            guard HistoryAnswer(bytes).type.isEmpty else { continue }
            lastContact = max(lastContact, answer.time)
            if let first = answers[rid], first != bytes { ownFault = ownFault ?? "\(rid) was answered in two ways" }
            answers[rid] = bytes
        }
    }

    // MARK: - What always holds

    private mutating func check() {
        var held = 0
        for connection in connections {
            guard case .atServer = connection.state, connection.request.rid <= processed else { continue }
            held += 1
            let since = processedAt[connection.request.rid] ?? server.now
            if server.now - since > Int64(settings.wait) * 1_000 {
                ownFault = ownFault ?? "\(connection.request.rid) is held for longer than it may"
            }
        }
        if held > settings.hold { ownFault = ownFault ?? "\(held) requests are held" }
    }

    /// The network mends itself, nobody says anything new, and all that was said arrives.
    private mutating func calmDown() {
        note("all is calm")
        isCalm = true
        var rounds = 0
        while fault == nil, !isComplete, rounds < 50 + server.pushed + client.said {
            rounds += 1
            while let index = connections.firstIndex(where: \.isForsaken) {
                if case .atServer = connections[index].state { notice(index) } else { connections.remove(at: index) }
            }
            for request in client.requests where request.answer == nil {
                if !connections.contains(where: { $0.request.rid == request.rid }) { send(request) }
            }
            while let index = pick(0, { if case .toServer = $0.state { true } else { false } }) { arrive(index) }
            while let index = pick(0, { if case .toClient = $0.state { true } else { false } }) { comeBack(index) }
            if !isComplete { ask() }
            pass(max(settings.polling, 1))
            collect()
        }
        guard fault == nil, !isComplete else { return }
        ownFault =
            "in the end, \(server.heard) of \(client.said) have been heard, \(client.received) of \(server.pushed) received"
    }

    private var isComplete: Bool {
        client.isDone && server.heard == client.said && client.received == server.pushed
    }

    private func note(_ text: @autoclosure () -> String) {
        journal?.lines.append("\(server.now) ms: \(text())")
    }
}
