import XMPP

/// Messages to one occupant (XEP-0045 §7.5).
extension Room {
    /// Goes to every session of the nick.
    func privateMessage(_ stanza: Stanza, session: JID, to nick: String) throws(StanzaError) {
        let sender = try requireOccupant(session)
        guard stanza.type != "groupchat" else { throw .badRequest("To one occupant, type groupchat is wrong.") }
        guard sender.role.maySendPrivately(in: configuration) else {
            throw .forbidden("You may not send private messages in this room.")
        }
        guard let recipient = occupants[nick] else { throw .itemNotFound("Nobody here has that nick.") }
        // To a moderator one may quote what is not welcome.
        if !recipient.isModerator { try requireWelcome(stanza, by: sender) }

        var message = passed(stanza, by: sender)
        message.payload.append(Element("x", Namespace.mucUser))
        broadcast(message, to: recipient.sessionJIDs)
    }
}
