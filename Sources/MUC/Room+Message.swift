import XMPP

/// Messages to the room itself that are not for everybody.
extension Room {
    func message(_ stanza: Stanza, session: JID, now: Int64) throws(StanzaError) {
        let isNormal = stanza.type == nil || stanza.type == "normal"
        if isNormal, let x = stanza.child("x", Namespace.mucUser) {
            if let decline = x.child("decline", Namespace.mucUser) {
                return try self.decline(decline, stanza, session: session, now: now)
            }
            if x.child("invite", Namespace.mucUser) != nil {
                return try invite(x, stanza, session: session, now: now)
            }
        }
        if isNormal, let form = stanza.child("x", Namespace.dataForms) {
            return try voice(form, session: session, now: now)
        }
        throw .serviceUnavailable("A room takes messages of type groupchat only.")
    }
}
