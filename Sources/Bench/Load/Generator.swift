import CLinux
import Glibc

/// The load: some thousand clients on one thread, and what they have counted.
///
/// A scenario reads from top to bottom: `run` turns the loop until something is so.
package final class Generator {
    /// Who is told of each delivery.
    typealias Delivery = (_ client: Client, _ sequence: Int) -> Void

    /// What one read may bring.
    private static let scratchSize = 1 << 18
    /// How long nothing may come before everything is taken to have come, in milliseconds.
    private static let quiet = 100

    let poller: Poller
    private let scratch: UnsafeMutableRawBufferPointer
    private var sockets: [Socket?] = []
    private var tls: TLSContext?
    private var failure: BenchFailure?
    private(set) var clients: [Client] = []

    // MARK: Counters

    var bound = 0
    var joined = 0
    var presences = 0
    private(set) var deliveries = 0
    private var onDelivery: Delivery = { _, _ in }
    /// When somebody is to speak next; the loop does not sleep past it.
    var nextDue: UInt64?
    /// Called with every turn.
    var eachTurn: () -> Void = {}
    /// When the last thing came.
    private var lastEvent: UInt64 = 0

    package init() throws(BenchFailure) {
        poller = try Poller()
        scratch = .allocate(byteCount: Self.scratchSize, alignment: 64)
    }

    deinit {
        scratch.deallocate()
    }

    /// Ends all connections.
    package func close() {
        for client in clients {
            client.mayEnd = true
            client.end("over")
        }
        clients = []
        eachTurn = {}
        onDelivery = { _, _ in }
    }

    func whenDelivered(_ body: @escaping Delivery) {
        onDelivery = body
    }

    @inline(__always)
    func delivered(_ client: Client, _ sequence: Int) {
        deliveries &+= 1
        onDelivery(client, sequence)
    }

    func failed(_ reason: String) {
        failure = failure ?? BenchFailure(reason)
    }

    // MARK: Sockets

    func watch(_ socket: Socket) {
        let index = Int(socket.descriptor)
        if index >= sockets.count { sockets += [Socket?](repeating: nil, count: index + 256 - sockets.count) }
        sockets[index] = socket
    }

    func forget(_ socket: Socket) {
        let index = Int(socket.descriptor)
        if index < sockets.count { sockets[index] = nil }
    }

    // MARK: The loop

    /// Turns the loop until `done`; called once a turn, it may also start what is next.
    func run(within seconds: Double, _ what: @autoclosure () -> String, until done: () throws(BenchFailure) -> Bool)
        throws(BenchFailure)
    {
        let deadline = Clock.now + UInt64(seconds * 1e9)
        while try !done() {
            if let failure { throw failure }
            guard Clock.now < deadline else { throw BenchFailure("waited \(Int(seconds)) s in vain for \(what())") }
            try Interruption.check()
            eachTurn()
            turn(patience)
        }
        if let failure { throw failure }
    }

    /// How long a turn may wait, in milliseconds. Close to the time for something the loop spins: it has a core of its own.
    private var patience: Int32 {
        guard let nextDue else { return 10 }
        let now = Clock.now
        return nextDue > now ? Int32(min((nextDue - now) / 1_000_000, 10)) : 0
    }

    /// Turns the loop for some time.
    func run(for seconds: Double) throws(BenchFailure) {
        let end = Clock.now + UInt64(seconds * 1e9)
        try run(within: seconds + 5, "the time to pass") { Clock.now >= end }
    }

    /// Turns the loop until nothing comes any more.
    func settle() throws(BenchFailure) {
        lastEvent = Clock.now
        try run(within: 30, "quiet") { Clock.now - lastEvent > UInt64(Self.quiet) * 1_000_000 }
    }

    /// One turn, which waits so long at most, in milliseconds.
    func turn(_ milliseconds: Int32) {
        poller.wait(milliseconds) { descriptor, readable, writable in
            let index = Int(descriptor)
            guard index < sockets.count, let socket = sockets[index] else { return }
            lastEvent = Clock.now
            socket.ready(readable: readable, writable: writable, scratch: scratch)
        }
    }

    // MARK: Clients

    /// Brings so many further clients to where they may join, so many at once at most.
    @discardableResult
    func connect(_ count: Int, to endpoint: Endpoint, over transport: Transport = .webSocket, atOnce: Int = 50)
        throws(BenchFailure) -> [Client]
    {
        let start = bound
        var started = 0
        var fresh: [Client] = []
        let tls = endpoint.usesTLS ? try sharedTLS() : nil
        try run(within: 180, "\(count) sessions, \(bound - start) are there") { () throws(BenchFailure) in
            while started < count, started - (bound - start) < atOnce {
                fresh.append(try begin(endpoint, transport, tls))
                started += 1
            }
            return bound - start == count
        }
        return fresh
    }

    private func begin(_ endpoint: Endpoint, _ transport: Transport, _ tls: TLSContext?) throws(BenchFailure) -> Client
    {
        switch transport {
        case .webSocket:
            let client = WebSocketClient(clients.count, endpoint, self)
            clients.append(client)
            watch(try client.connect(tls))
            return client
        case .bosh:
            let client = BOSHClient(clients.count, endpoint, self)
            clients.append(client)
            try client.connect(tls)
            return client
        }
    }

    private func sharedTLS() throws(BenchFailure) -> TLSContext {
        if let tls { return tls }
        let context = try TLSContext()
        tls = context
        return context
    }

    /// Lets clients join, each the room of its place, so many at once at most.
    func join(_ clients: [Client], atOnce: Int = 20, room: (Int) -> String) throws(BenchFailure) {
        let start = joined
        var started = 0
        try run(within: 300, "\(clients.count) to join, \(joined - start) have") { () throws(BenchFailure) in
            while started < clients.count, started - (joined - start) < atOnce {
                clients[started].join(room(started))
                started += 1
            }
            return joined - start == clients.count
        }
    }
}
