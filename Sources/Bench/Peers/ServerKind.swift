/// Whom the table has a column for.
package enum ServerKind: String, CaseIterable, Sendable {
    case samepage
    case prosody
    case ejabberd
    case floor

    package var title: String {
        switch self {
        case .samepage: "samepage"
        case .prosody: "Prosody"
        case .ejabberd: "ejabberd"
        case .floor: "floor"
        }
    }
}
