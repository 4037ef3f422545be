import GRDB
import MUC

/// How much is kept, and for how long. 0 lifts.
package struct Retention: Hashable, Sendable {
    /// Milliseconds.
    package var maximumAge: Int64
    package var messagesPerRoom: Int
    package var messages: Int

    package init(maximumAge: Int64 = 0, messagesPerRoom: Int = 0, messages: Int = 0) {
        self.maximumAge = maximumAge
        self.messagesPerRoom = messagesPerRoom
        self.messages = messages
    }

    /// The next steps of deleting, which may not be the last; none when all is within bounds.
    func steps(now: Int64, in database: Database) throws -> [Pruning] {
        var steps: [Pruning] = []
        if maximumAge > 0 {
            let edge = StanzaID(earliestAt: now - maximumAge)
            let oldest = try Int64.fetchOne(database, sql: "SELECT min(id) FROM messages")
            if let oldest, oldest < Int64(edge.value) { steps.append(Pruning(target: .before(edge))) }
        }
        if messagesPerRoom > 0 {
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, messages FROM rooms WHERE localpart IS NOT NULL AND messages > ? LIMIT 20",
                arguments: [messagesPerRoom])
            for row in rows {
                let count: Int = row[1]
                steps.append(Pruning(target: .oldestOfRoom(row[0], count - messagesPerRoom)))
            }
        }
        if messages > 0 {
            let count = try Int.fetchOne(database, sql: "SELECT total(messages) FROM rooms") ?? 0
            if count > messages { steps.append(Pruning(target: .oldest(count - messages))) }
        }
        if try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT * FROM rooms WHERE localpart IS NULL)") == true {
            steps.append(Pruning(target: .gone))
        }
        return steps
    }
}
