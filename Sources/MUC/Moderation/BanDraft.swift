import XMPP

/// A ban as it was asked for, until it is confirmed.
struct BanDraft: Hashable {
    /// A bare JID.
    let person: JID
    /// The nick that it was given by.
    let nick: String?
    let reason: String?
    /// Milliseconds; nil for ever.
    let duration: Int64?
    let scope: Ban.Scope
    /// Whether it is about networks too.
    let isWide: Bool

    /// What the form offers, in seconds; `never` besides.
    static let durations: [(seconds: Int64, label: String)] = [
        (3_600, "An hour"), (86_400, "A day"), (7 * 86_400, "A week"), (30 * 86_400, "30 days"),
    ]
    static let forever = "never"
    /// Ten years, in seconds: what is longer is for ever.
    static let longest: Int64 = 3_650 * 86_400
}
