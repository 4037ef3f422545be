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
        try requireWelcome(stanza, by: occupant)
        try utter(stanza, by: occupant, .subject, now: now)
    }

    /// The subject is what this message says.
    ///
    /// - Parameter isStored: The archive has it with the message.
    func remember(subject message: ArchivedMessage, isStored: Bool) {
        let before = subject?.child("subject", Namespace.client)?.text
        subject = message.rememberedSubject
        if !isStored { keep(.subject(subject)) }
        noteSubject(before: before, message)
    }

    /// What a newcomer hears while there is no subject.
    var noSubject: Stanza {
        Stanza(.message, type: "groupchat", from: jid, [Element("subject", Namespace.client)])
    }
}

extension ArchivedMessage {
    /// What newcomers are told of a message that set the subject.
    package var rememberedSubject: Stanza {
        let room = stanza.from?.bare
        var remembered = stanza
        remembered.removeChildren { child in
            !child.isNamed("subject", Namespace.client) && !child.isNamed("occupant-id", Namespace.occupantID)
                && !(child.isNamed("stanza-id", Namespace.stanzaIDs) && child["by"] == room?.description)
        }
        remembered.otherAttributes = []
        if let room { remembered.payload.append(.delay(by: room, at: time)) }
        return remembered
    }
}
