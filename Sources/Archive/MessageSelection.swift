import GRDB
import MUC

/// The messages of a room that match a query, as SQL: those in the index, and those that are still behind it.
///
/// Both halves come in the order of ids, and the second is the newer one. So a page is one stretch of the index and a few
/// messages, whatever is asked.
struct MessageSelection {
    /// Rows of `MessageRecord.columns`; `ORDER BY id` may follow.
    let sql: String
    /// How many there are.
    let countSQL: String
    /// Of either.
    let arguments: StatementArguments

    /// All of them.
    init(room: Int64) {
        self.init(ArchiveQuery(room: "", max: 1), room: room)
    }

    init(_ query: ArchiveQuery, room: Int64) {
        // Of messages in one half, of entries in the other: both have ids.
        let ids = Self.conditions(query)
        var key = MessageIndex.key(room: room)
        var names = Self.Conditions()
        if let nick = query.nick {
            key = MessageIndex.key(room: room, nick: nick)
            names.add("messages.nick = ?", nick)
        }
        if let occupantID = query.occupantID {
            key = MessageIndex.key(room: room, occupant: occupantID)
            names.add("messages.occupant = ?", occupantID)
        }
        let indexed = "entries.key = ?" + ids.sql("entries.id") + names.sql("")
        let behind = "messages.room = ? AND \(MessageIndex.isBehind)" + ids.sql("messages.id") + names.sql("")
        let entries = "message_index AS entries CROSS JOIN messages ON messages.id = entries.id"
        // Named by the entries, or SQLite would sort all of them before it takes the first.
        sql = """
            SELECT entries.id, \(Self.otherColumns) FROM \(entries) WHERE \(indexed)
            UNION ALL SELECT messages.id, \(Self.otherColumns) FROM messages WHERE \(behind)
            """
        // The index alone answers where no name has to be compared.
        let counted = names.isEmpty ? "message_index AS entries" : entries
        countSQL = """
            SELECT (SELECT count(*) FROM \(counted) WHERE \(indexed)) + (SELECT count(*) FROM messages WHERE \(behind))
            """
        let arguments = ids.arguments + names.arguments
        self.arguments = [key] + arguments + [room] + arguments
    }

    private static let otherColumns = MessageRecord.columns.split(separator: ", ").dropFirst()
        .map { "messages.\($0)" }.joined(separator: ", ")

    private struct Conditions {
        private var conditions: [String] = []
        private(set) var arguments = StatementArguments()

        var isEmpty: Bool { conditions.isEmpty }

        mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
            conditions.append(condition)
            arguments += [value]
        }

        mutating func add(_ comparison: String, _ id: StanzaID?) {
            if let id { add("$ \(comparison) ?", Int64(id.value)) }
        }

        mutating func add(oneOf ids: [StanzaID]) {
            conditions.append("$ IN (\(ids.map { _ in "?" }.joined(separator: ", ")))")
            for id in ids { arguments += [Int64(id.value)] }
        }

        /// - Parameter column: What the conditions call `$`.
        func sql(_ column: String) -> String {
            conditions.map { " AND " + $0.replacing("$", with: column) }.joined()
        }
    }

    /// Times are compared by the ids that were made then.
    private static func conditions(_ query: ArchiveQuery) -> Conditions {
        var conditions = Conditions()
        if let start = query.start { conditions.add(">=", StanzaID(earliestAt: start)) }
        if let end = query.end { conditions.add("<", StanzaID(earliestAt: end == .max ? end : end + 1)) }
        conditions.add(">", query.afterID)
        conditions.add("<", query.beforeID)
        switch query.page {
        case .after(let id): if query.max > 0 { conditions.add(">", id) }
        case .before(let id): if query.max > 0 { conditions.add("<", id) }
        }
        if let ids = query.ids { conditions.add(oneOf: ids) }
        return conditions
    }
}
