/// Makes the ids of messages in rooms (XEP-0359).
///
/// An id is the time in milliseconds and a count within it, as 13 characters that sort as the ids were made. Ids grow even
/// when the clock steps back, so none is given twice.
struct StanzaIDGenerator {
    private var last: UInt64

    /// `last`: the greatest id that was given before, for ids that outlive the process.
    init(after last: UInt64 = 0) {
        self.last = last
    }

    private static let countBits: UInt64 = 20
    /// Base 32 with digits before letters: sorts like the number.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Whether an id may be one that was given until now, in this run of the service or an earlier one.
    func mayHaveGiven(_ id: String, now: Int64) -> Bool {
        let digits = Array(id.utf8)
        guard digits.count == 13 else { return false }
        var value: UInt64 = 0
        for digit in digits {
            guard let place = Self.alphabet.firstIndex(of: digit), value <= UInt64.max >> 5 else { return false }
            value = value << 5 | UInt64(place)
        }
        let (next, overflows) = min(UInt64(clamping: now), UInt64.max >> Self.countBits).addingReportingOverflow(1)
        return value <= last || (!overflows && value < next << Self.countBits)
    }

    mutating func next(now: Int64) -> String {
        let time = min(UInt64(clamping: now), UInt64.max >> Self.countBits) << Self.countBits
        last = max(time, last &+ 1)
        var digits: [UInt8] = []
        digits.reserveCapacity(13)
        for position in stride(from: 60, through: 0, by: -5) {
            digits.append(Self.alphabet[Int(truncatingIfNeeded: last >> UInt64(position)) & 31])
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
