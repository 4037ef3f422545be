import XMPP

/// The owner's configuration of a room (XEP-0045 §10).
extension Room {
    /// Takes an empty form, the "instant room" of §10.1.2, which clients send when they were told 201; and a cancelled
    /// one, which changes nothing. A room is open from its beginning, so there is nothing to do for either.
    ///
    /// - Throws: `forbidden` for those who do not own the room, `service-unavailable` for a form with fields.
    func configure(_ query: Element, session: JID) throws(StanzaError) {
        guard affiliation(of: session.bare) == .owner else { throw .forbidden("This is for owners.") }
        guard let form = query.child("x", Namespace.dataForms) else { throw .serviceUnavailable() }
        let fields = form.children.filter { $0.name == "field" && $0["var"] != "FORM_TYPE" }
        guard form["type"] == "cancel" || (form["type"] == "submit" && fields.isEmpty) else {
            throw .serviceUnavailable("This room cannot be configured.")
        }
    }
}
