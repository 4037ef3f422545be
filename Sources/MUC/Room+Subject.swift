import XMPP

/// The room's subject (XEP-0045 §7.2.15, §8.1).
extension Room {
    /// A subject with a body or a thread is a message that has a subject.
    func isSubjectChange(_ stanza: Stanza) -> Bool {
        stanza.hasChild("subject") && !stanza.hasChild("body") && !stanza.hasChild("thread")
    }

    func changeSubject(_ stanza: Stanza, by occupant: Occupant, now: Int64) throws(StanzaError) {
        guard occupant.role.maySetSubject(in: configuration) else {
            throw .forbidden("You may not change the subject of this room.")
        }
        let subjects = stanza.payload.filter { $0.isNamed("subject", Namespace.client) }
        guard subjects.reduce(0, { $0 + $1.footprint }) <= limits.subjectSize else {
            throw .notAcceptable("A subject has at most \(limits.subjectSize) bytes.")
        }
        let before = subject?.child("subject", Namespace.client)?.text
        let message = reflection(of: stanza, by: occupant, now: now)
        subject = remembered(message, at: now)
        keep(.subject(subject))
        noteSubject(before: before, by: occupant, now: now)
        broadcast(message, to: audience.all.elements)
    }

    /// What a newcomer hears while there is no subject.
    var noSubject: Stanza {
        Stanza(.message, type: "groupchat", from: jid, [Element("subject", Namespace.client)])
    }

    private func remembered(_ message: Stanza, at time: Int64) -> Stanza {
        var stanza = message
        stanza.removeChildren { child in
            !child.isNamed("subject", Namespace.client) && !child.isNamed("occupant-id", Namespace.occupantID)
                && !(child.isNamed("stanza-id", Namespace.stanzaIDs) && child["by"] == jid.description)
        }
        stanza.otherAttributes = []
        stanza.payload.append(.delay(by: jid, at: time))
        return stanza
    }
}
