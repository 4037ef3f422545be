/// The tokens that `samepage token` made and that have not expired, as the file `tokens` in the data directory says it.
///
/// A token that is not in here is worth nothing, however well it is signed.
struct StaffRecords: Hashable, Sendable {
    /// Why something cannot be done, in words for the operator.
    struct Failure: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    /// Records there may be at once.
    static let capacity = 1_000
    /// Characters of an id that name it, if there is no other that begins so.
    private static let shortest = 4

    /// In the order of their making.
    private(set) var all: [StaffRecord]

    init(_ all: [StaffRecord] = []) {
        self.all = Array(all.prefix(Self.capacity))
    }

    /// - Throws: when there are as many as may be, or when the nick is another's where the role counts.
    mutating func add(_ record: StaffRecord, _ sites: SiteList, now: Int64) throws(Failure) {
        guard all.count < Self.capacity else {
            throw Failure(description: "there are \(Self.capacity) tokens; one has to expire before another is made")
        }
        let namesake = all.first { other in
            other.isValid(now: now) && other.claims.overlap(record.claims, sites)
                && StaffClaims.fold(other.claims.nick) == StaffClaims.fold(record.claims.nick)
        }
        if let namesake {
            throw Failure(description: "\(namesake.claims.nick) is the nick of \(namesake.identity): revoke that first")
        }
        all.append(record)
    }

    /// Revokes the token of an id, or of the beginning of one. One that is revoked already stays as it is.
    mutating func revoke(_ id: String, now: Int64) throws(Failure) -> StaffRecord {
        let matches = all.indices.filter { all[$0].identity.hasPrefix(id) }
        guard id.utf8.count >= Self.shortest, let index = matches.first else {
            throw Failure(description: "there is no token \(id)")
        }
        guard matches.count == 1 else {
            throw Failure(description: "there are \(matches.count) tokens whose id begins with \(id)")
        }
        if all[index].revoked == nil { all[index].revoked = now }
        return all[index]
    }

    /// Drops what has expired, revoked or not.
    mutating func expire(now: Int64) { all.removeAll { $0.expires <= now } }
}

extension StaffClaims {
    /// Whether there is a page on which both count.
    fileprivate func overlap(_ other: StaffClaims, _ sites: SiteList) -> Bool {
        guard let site, let otherSite = other.site else { return true }
        return cover(host: otherSite, sites) || other.cover(host: site, sites)
    }
}
