import XMPP

/// What visitors are told when the link to their rooms breaks and comes back.
///
/// A groupchat message from the room itself: every client shows one as a notice of the room (XEP-0045 §7.4 leaves the
/// room as a sender), and nobody is thrown out by it, as a presence of type unavailable would. Clients that know our
/// element take the state from there.
enum LinkNotice: String {
    case down
    case up

    private var text: String {
        switch self {
        case .down: "The connection to this room is interrupted. It will be restored by itself."
        case .up: "The connection to this room is back."
        }
    }

    func stanza(from room: JID, to session: JID) -> Stanza {
        Stanza(
            .message, type: "groupchat", from: room, to: session,
            [
                Element("body", Namespace.client, text: text),
                Element("x", Namespace.link, ["state": rawValue]),
                // XEP-0334: nothing to keep.
                Element("no-store", Namespace.hints),
            ])
    }
}
