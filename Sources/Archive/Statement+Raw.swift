import GRDB
import GRDBSQLite

/// Statements that run for every message, by SQLite's own functions: values are read where they lie. GRDB puts them into an
/// array of values first, which costs more than the statement does.
extension Statement {
    func bind(_ value: Int64, at index: CInt) { sqlite3_bind_int64(sqliteStatement, index, value) }

    /// - Parameter text: UTF-8; nil for NULL. Must stay where it is until the statement has run.
    func bind(_ text: UnsafeBufferPointer<UInt8>?, at index: CInt) {
        guard let text else {
            sqlite3_bind_null(sqliteStatement, index)
            return
        }
        text.withMemoryRebound(to: CChar.self) { characters in
            // No destructor: SQLite makes no copy.
            _ = sqlite3_bind_text64(
                sqliteStatement, index, characters.baseAddress, UInt64(characters.count), nil, UInt8(SQLITE_UTF8))
        }
    }

    /// Runs a statement that returns no rows, with the values that were bound, and forgets them.
    func run(in database: Database) throws {
        let code = sqlite3_step(sqliteStatement)
        let message = code == SQLITE_DONE ? nil : sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) }
        sqlite3_reset(sqliteStatement)
        sqlite3_clear_bindings(sqliteStatement)
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }
}
