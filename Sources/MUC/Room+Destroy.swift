import XMPP

/// The end of a room (XEP-0045 §10.9).
extension Room {
    /// An owner wants it gone, with a reason and another place to go, perhaps.
    func destroy(_ request: Element) throws(StanzaError) {
        var notice = Element("destroy", Namespace.mucUser)
        if let address = request["jid"] {
            guard let alternate = JID(address)?.bare else { throw .jidMalformed("The other place is no JID.") }
            notice["jid"] = alternate.description
        }
        if let password = request.child("password", Namespace.mucOwner)?.text {
            guard password.utf8.count <= limits.passwordLength else {
                throw .notAcceptable("A password has at most \(limits.passwordLength) bytes.")
            }
            notice.append(Element("password", Namespace.mucUser, text: password))
        }
        if let reason = request.child("reason", Namespace.mucOwner)?.text {
            notice.append(Element("reason", Namespace.mucUser, text: reason.prefix(bytes: limits.reasonLength)))
        }
        end(notice)
    }

    /// Everybody is told of it once, and of nobody else's leaving.
    func end(_ notice: Element) {
        let item = Element("item", Namespace.mucUser, ["affiliation": "none", "role": "none"])
        let x = Element("x", Namespace.mucUser, [item, .status(.selfPresence), notice])
        for occupant in occupants.values {
            exit(occupant)
            let farewell = Stanza(.presence, type: "unavailable", from: occupant.address, [occupant.occupantID, x])
            broadcast(farewell, to: occupant.sessionJIDs)
        }
        dismissReaders(Announcement(isAvailable: false, farewell: [notice]))
        isDestroyed = true
    }
}
