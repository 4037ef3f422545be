/// What a message takes back (XEP-0424, XEP-0425).
struct Retraction {
    /// XEP-0359, as the client wrote it.
    let stanzaID: String
    /// The occupant id of who says to be its author; nil for a moderator.
    let author: String?
    let tombstone: Tombstone
}
