import XMPP

/// What the room of the staff is told of a report.
struct StaffReport {
    let text: String
    let payload: [Element]
}
