import GRDB

/// Why the archive cannot be used, in words for the operator.
package struct ArchiveFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    init(_ doing: String, _ path: String, _ error: any Error) {
        self.init("\(doing) the archive \(path)", error)
    }

    init(_ doing: String, _ error: any Error) {
        let reason =
            switch error {
            case let failure as ArchiveFailure: failure.description
            case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB: "it is no database of samepage"
            case let error as DatabaseError: error.message ?? "\(error.resultCode)"
            default: "\(error)"
            }
        description = "cannot \(doing): \(reason)"
    }
}
