import GRDB
import MUC

/// Decisions that could not be written and that nobody would make again: they are written before anything that comes
/// later.
///
/// A message goes back to its sender, and the state of a room is asked for again (`MUCService.tick`). But a room that is
/// gone has no state any more, and whoever took back a message or banned somebody has been told that it is done.
struct OwedWrites {
    private(set) var writes: [ArchiveWrite] = []
    /// How many of them may wait.
    private static let bound = 10_000

    var isEmpty: Bool { writes.isEmpty }

    /// Returns how many there was no place for.
    mutating func append(_ failed: [ArchiveWrite]) -> Int {
        let owed = failed.filter(\.isOwed)
        let taken = owed.prefix(max(0, Self.bound - writes.count))
        writes += taken
        return owed.count - taken.count
    }

    mutating func removeFirst() { writes.removeFirst() }

    /// Whether a room is still there only because it could not be deleted.
    func hasDestroyed(_ localpart: String) -> Bool {
        writes.contains { if case .change(.destroyed, localpart) = $0 { true } else { false } }
    }
}

extension ArchiveWrite {
    fileprivate var isOwed: Bool {
        switch self {
        case .change(.destroyed, _), .change(.retraction, _), .moderation: true
        case .change, .message, .room, .pruning: false
        }
    }
}

extension DatabaseError {
    /// Whether it is about what was to be written, and not about the disk: then it would fail for ever.
    var isLasting: Bool {
        [.SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE].contains(resultCode)
    }
}
