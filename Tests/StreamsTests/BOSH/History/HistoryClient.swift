import Streams
import XMPP

/// The client's side of a history: it follows XEP-0124 to the letter, and reads nothing that it should not have.
struct HistoryClient {
    struct Request {
        let rid: Int64
        let body: BOSHRequest
        /// Milliseconds, when it asks for a pause.
        let pause: Int64?
        /// Whether it only asked for what waits.
        let isPoll: Bool
        /// What it was answered: the numbers of messages. Kept until all before it are answered.
        var answer: [Int]?
    }

    let settings: HistorySettings
    /// Requests from the oldest that has no answer on.
    private(set) var requests: [Request] = []
    /// Messages so far, and how many of them are in a request.
    private(set) var said = 0
    private var sent = 0
    /// Messages of the server so far.
    private(set) var received = 0
    private(set) var fault: String?

    private let sid: String
    private var nextRid: Int64
    private var script: [Element] = [
        Element("auth", Namespace.sasl, attributes: [.init(name: "mechanism", value: "ANONYMOUS")]),
        HistoryClient.restart,
        Element("iq", Namespace.client, ["type": "set", "id": "b"], [Element("bind", Namespace.bind)]),
    ]
    private var keys: HistoryKeys?
    /// When whoever polls may do so again.
    private var pollFrom: Int64 = 0

    private static let restart = Element("restart", "")

    /// Makes the request that makes the session; it is answered when `sid` is known.
    static func creation(_ settings: HistorySettings) -> BOSHRequest? {
        var body = Element("body", Namespace.httpBind)
        body["rid"] = "\(settings.rid)"
        body["to"] = "localhost"
        body["wait"] = "\(settings.wait)"
        body["hold"] = "\(settings.hold)"
        if settings.acknowledges { body["ack"] = "1" }
        if settings.usesKeys { body["newkey"] = HistoryKeys(settings).first }
        return try? BOSHRequest(body)
    }

    init(_ settings: HistorySettings, sid: String) {
        self.settings = settings
        self.sid = sid
        nextRid = settings.rid + 1
        keys = settings.usesKeys ? HistoryKeys(settings) : nil
    }

    var isDone: Bool {
        script.isEmpty && sent == said && requests.allSatisfy { $0.answer != nil || $0.body.payload.isEmpty }
    }

    mutating func say() { said += 1 }

    // MARK: - Requests

    /// The next request, with all that is to be said, if one may be made now. Nil for `pause`: none is asked for.
    mutating func ask(pause: Int64? = nil, now: Int64) -> Request? {
        let window = Int64(pause == nil ? settings.requests : settings.requests + 1)
        let oldest = requests.first?.rid ?? nextRid
        guard nextRid - oldest < window, script.isEmpty || requests.isEmpty else { return nil }
        let isEmpty = script.isEmpty && sent == said
        guard !(settings.hold == 0 && isEmpty && now < pollFrom) else { return nil }

        var body = Element("body", Namespace.httpBind)
        body["rid"] = "\(nextRid)"
        body["sid"] = sid
        if let pause { body["pause"] = "\(pause)" }
        if settings.acknowledges && !requests.isEmpty { body["ack"] = "\(oldest - 1)" }
        if let (key, newKey) = keys?.next() {
            body["key"] = key
            body["newkey"] = newKey
        }
        if let first = script.first {
            script.removeFirst()
            if first == Self.restart {
                body.attributes.append(.init(name: "restart", namespace: Namespace.xbosh, value: "true"))
            } else {
                body.append(first)
            }
        } else {
            for number in sent..<said { body.append(Self.message(number)) }
            sent = said
        }
        guard let parsed = try? BOSHRequest(body) else {
            fault = "the client made no request"
            return nil
        }
        let request = Request(
            rid: nextRid, body: parsed, pause: pause.map { $0 * 1_000 }, isPoll: isEmpty && pause == nil)
        nextRid += 1
        requests.append(request)
        return request
    }

    private static func message(_ number: Int) -> Element {
        Element(
            "message", Namespace.client, ["to": "r@rooms.localhost"],
            [Element("body", Namespace.client, text: String(number))])
    }

    // MARK: - Answers

    /// An answer to a request came, perhaps not the first one.
    mutating func receive(_ bytes: [UInt8], for rid: Int64, now: Int64) {
        // A copy that the network made may be answered when nobody cares any more.
        guard let index = requests.firstIndex(where: { $0.rid == rid && $0.answer == nil }) else { return }
        let answer = HistoryAnswer(bytes)
        switch answer.type {
        case "terminate":
            fault = fault ?? "the client was told that the session is over"
            return
        // §17.3: to be sent again, which a client does with whatever has no answer.
        case "error": return
        default: break
        }
        if requests[index].pause != nil && !answer.isEmpty {
            fault = fault ?? "the answer to a pause carried something"
        }
        if let acknowledged = answer.acknowledged, acknowledged <= rid || acknowledged >= nextRid {
            fault = fault ?? "the answer to \(rid) acknowledged \(acknowledged)"
        }
        requests[index].answer = answer.numbers
        // §12: only two polls in a row can be too near to each other.
        if rid == nextRid - 1 {
            pollFrom = answer.isEmpty && requests[index].isPoll ? now + settings.polling : now
        }
        while let numbers = requests.first?.answer {
            for number in numbers {
                if number != received { fault = fault ?? "the client received \(number) instead of \(received)" }
                received += 1
            }
            requests.removeFirst()
        }
    }
}
