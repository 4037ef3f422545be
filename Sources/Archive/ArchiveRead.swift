import GRDB
import MUC

/// One thing to be read.
enum ArchiveRead: Sendable {
    case room(String)
    case messages(ArchiveQuery, ArchiveTicket)
    case span(String, ArchiveTicket)

    /// The report, and what went wrong.
    func run(in pool: DatabasePool, history: Int) -> (report: Archive.Report, failure: (any Error)?) {
        do {
            let found = try pool.read { database in
                try look(ArchiveSearch(database: database, reader: StanzaText.Reader()), history: history)
            }
            return (found, nil)
        } catch {
            switch self {
            case .room(let room): return (.loaded(room: room, .failure(ArchiveUnavailable())), error)
            case .messages(_, let ticket), .span(_, let ticket): return (.found(.unavailable, ticket), error)
            }
        }
    }

    private func look(_ search: ArchiveSearch, history: Int) throws -> Archive.Report {
        switch self {
        case .room(let room): .loaded(room: room, .success(try search.room(room, history: history)))
        case .messages(let query, let ticket): .found(try search.find(query), ticket)
        case .span(let room, let ticket): .found(.span(try search.span(room)), ticket)
        }
    }
}
