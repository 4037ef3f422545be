/// The status codes of XEP-0045 §15.6 that we send.
enum StatusCode: Int {
    /// The room is non-anonymous.
    case nonAnonymous = 100
    case selfPresence = 110
    /// The configuration has changed, in what does not touch privacy.
    case configurationChanged = 104
    /// The room keeps a log.
    case logged = 170
    case notLogged = 171
    case nowNonAnonymous = 172
    case nowSemiAnonymous = 173
    case roomCreated = 201
    /// The service changed the nick that was asked for.
    case nickAssigned = 210
    case banned = 301
    case nickChanged = 303
    case kicked = 307
    /// An affiliation changed and the room is for members only.
    case affiliationLost = 321
    /// The room became one for members only.
    case membersOnly = 322
    case shutdown = 332
    case removedByError = 333

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
