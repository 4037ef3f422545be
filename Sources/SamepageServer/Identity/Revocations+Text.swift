/// The file: a line for each entry, `<identity> <time>`, and `horizon <time>`; the last one of a kind counts.
extension Revocations {
    private static let horizonName = "horizon"

    /// Reads the file. Lines that are not understood are passed over, and counted.
    static func parse(_ text: String, capacity: Int) -> (revocations: Revocations, unreadable: Int) {
        var horizon: Int64 = 0
        var entries: [Entry] = []
        var unreadable = 0
        // By bytes: to a Character, a carriage return would hide the end of the line.
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = Substring(line).split(separator: " ", omittingEmptySubsequences: false)
            guard fields.count == 2, let time = time(fields[1]) else {
                unreadable += 1
                continue
            }
            if fields[0] == horizonName {
                horizon = max(horizon, time)
            } else if RandomIdentity.isOne(fields[0]) {
                entries.append(Entry(identity: String(fields[0]), time: time))
            } else {
                unreadable += 1
            }
        }
        return (Revocations(capacity: capacity, horizon: horizon, entries: entries), unreadable)
    }

    static func line(_ entry: Entry) -> String { "\(entry.identity) \(entry.time)\n" }

    /// All of it.
    var text: String { "\(Self.horizonName) \(horizon)\n" + entries.map(Self.line).joined() }

    /// Plain digits, and few enough to reckon with.
    private static func time(_ text: Substring) -> Int64? {
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ ASCII.digit($0) != nil }) else { return nil }
        return Int64(text)
    }
}
