/// The file: a line for each, `<identity> <role> <site> <issued> <expires> <revoked> <nick>`, with `-` for what is not.
extension StaffRecords {
    private static let nothing = "-"

    /// Reads the file. Lines that are not understood are passed over, and counted.
    static func parse(_ text: String) -> (records: StaffRecords, unreadable: Int) {
        var records: [StaffRecord] = []
        var unreadable = 0
        // By bytes: a Character may be a space, or the end of a line, with something that clings to it.
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            if let record = record(line), records.count < capacity {
                records.append(record)
            } else {
                unreadable += 1
            }
        }
        return (StaffRecords(records), unreadable)
    }

    private static func record(_ line: Substring.UTF8View) -> StaffRecord? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6, omittingEmptySubsequences: false)
            .map(Substring.init)
        guard fields.count == 7, RandomIdentity.isOne(fields[0]), let role = StaffRole(rawValue: String(fields[1])),
            !fields[2].isEmpty, let issued = time(fields[3]), let expires = time(fields[4]), !fields[6].isEmpty
        else { return nil }
        let revoked = time(fields[5])
        guard revoked != nil || fields[5] == nothing else { return nil }
        let site = fields[2] == nothing ? nil : String(fields[2])
        return StaffRecord(
            identity: String(fields[0]), claims: StaffClaims(role: role, nick: String(fields[6]), site: site),
            issued: issued, expires: expires, revoked: revoked)
    }

    var text: String {
        all.map { record in
            let site = record.claims.site ?? Self.nothing
            let revoked = record.revoked.map(String.init) ?? Self.nothing
            return "\(record.identity) \(record.claims.role.rawValue) \(site) \(record.issued) \(record.expires) "
                + "\(revoked) \(record.claims.nick)\n"
        }.joined()
    }

    /// Plain digits, and few enough to reckon with.
    private static func time(_ text: Substring) -> Int64? {
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ ASCII.digit($0) != nil }) else { return nil }
        return Int64(text)
    }
}
