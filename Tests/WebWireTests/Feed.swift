import WebWire

/// Feeds decoders whole, at every split, and byte by byte.
enum Feed {
    static func cuts(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var ways = [[bytes], bytes.map { [$0] }]
        for index in bytes.indices.dropFirst() {
            ways.append([Array(bytes[..<index]), Array(bytes[index...])])
        }
        return ways
    }

    /// What a decoder makes of pieces, until it fails or wants more. Invitations to continue depend on the timing
    /// and are left out.
    static func http(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) -> [HTTPRequestDecoder.Event] {
        var decoder = HTTPRequestDecoder(limits: limits)
        var events: [HTTPRequestDecoder.Event] = []
        for piece in pieces {
            decoder.receive(piece.span)
            loop: while true {
                let event = decoder.next()
                switch event {
                case .needMore:
                    break loop
                case .expectContinue:
                    continue
                case .request:
                    events.append(event)
                case .failure:
                    if events.last != event { events.append(event) }
                    break loop
                }
            }
        }
        return events
    }

    static func http(_ text: String, limits: HTTPLimits = HTTPLimits()) -> [HTTPRequestDecoder.Event] {
        http([Array(text.utf8)], limits: limits)
    }

    static func webSocket(
        _ pieces: [[UInt8]], limits: WebSocketLimits = WebSocketLimits()
    ) -> [WebSocketDecoder.Event] {
        var decoder = WebSocketDecoder(limits: limits)
        return pieces.flatMap { decoder.receive($0.span) }
    }
}

extension HTTPRequestDecoder.Event {
    var request: HTTPRequest? {
        guard case .request(let request) = self else { return nil }
        return request
    }

    var status: Int? {
        guard case .failure(let status, _) = self else { return nil }
        return status.code
    }
}

/// A reproducible source of randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Cuts bytes into random pieces.
    mutating func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...Swift.max(1, rest.count), using: &self)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    /// Changes a few bytes: flips, insertions, deletions, doubled parts.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            guard !bytes.isEmpty else { break }
            let index = Int.random(in: bytes.indices, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: bytes[index] = [0, 10, 13, 32, 44, 58, 59, 126, 255].randomElement(using: &self) ?? 0
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &self), at: index)
            case 3: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(8), at: index)
            }
        }
        return bytes
    }
}
