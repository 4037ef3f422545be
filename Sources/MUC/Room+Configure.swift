import XMPP

/// The owner's configuration of a room (XEP-0045 §10).
extension Room {
    /// The form as it stands (§10.2).
    ///
    /// Whoever asks for it right after having made the room wants to configure it first: until that is done the room is
    /// locked to everybody else (§10.1.3).
    func configurationForm(session: JID, now: Int64) throws(StanzaError) -> Element {
        try requireOwner(session)
        if case .fresh(let since) = opening {
            opening = now - since < Self.freshness ? .locked(since: now) : .open
        }
        var form = DataForm(.form, type: Namespace.mucRoomConfig, title: configuration.name)
        form.fields = RoomConfiguration.fields.map { field in
            DataForm.Field(
                field.name, field.type, label: field.label, field.values(configuration), options: field.options)
        }
        return Element("query", Namespace.mucOwner, [form.element])
    }

    /// Takes the form that an owner sends: filled in, cancelled, or empty, which is the "instant room" of §10.1.2.
    func configure(_ query: Element, session: JID) throws(StanzaError) {
        try requireOwner(session)
        if let request = query.child("destroy", Namespace.mucOwner) { return try destroy(request) }
        guard let element = query.child("x", Namespace.dataForms) else {
            throw .badRequest("A form, or the wish to destroy the room.")
        }
        let form = try DataForm(element, maximumFields: limits.formFields)
        switch form.kind {
        // §10.1.3: a room that was never configured is not to be. A room that was stays as it is.
        case .cancel: if isLocked { end(Element("destroy", Namespace.mucUser)) }
        case .submit:
            try configure(form)
            opening = .open
        case .form, .result: throw .badRequest("Send the form filled in, or cancelled.")
        }
    }

    /// How long after it was made a room is locked by its form, in milliseconds: clients ask for it at once. Later on,
    /// somebody looks at the settings of a room that is in use.
    private static let freshness: Int64 = 60_000
    /// How long the form keeps the room locked: somebody who closed the window must not keep others out for ever.
    private static let patience: Int64 = 600_000

    /// Opens a room whose owner never sent the form.
    func unlockAbandoned(now: Int64) {
        if case .locked(let since) = opening, now < since || now - since >= Self.patience { opening = .open }
    }

    private func requireOwner(_ session: JID) throws(StanzaError) {
        guard affiliation(of: session.bare) == .owner else { throw .forbidden("This is for owners.") }
    }

    /// All of the form, or nothing.
    private func configure(_ form: DataForm) throws(StanzaError) {
        guard form.type == nil || form.type == Namespace.mucRoomConfig else {
            throw .badRequest("That is a form for something else.")
        }
        for field in form.fields where !RoomConfiguration.fields.contains(where: { $0.name == field.name }) {
            throw .badRequest("This room has no field \(field.name.prefix(bytes: 64)).")
        }
        var wanted = configuration
        for field in RoomConfiguration.fields {
            // What stays as it is was accepted once, even if the limits are tighter today.
            guard let values = form[field.name]?.values, values != field.values(wanted) else { continue }
            try field.set(&wanted, values, limits)
        }
        guard wanted != configuration else { return }
        let previous = configuration
        configuration = wanted
        keep(.configuration(wanted))
        follow(previous)
        let message = Stanza(
            .message, type: "groupchat", from: jid,
            [Element("x", Namespace.mucUser, Self.statuses(previous, wanted).map(Element.status))])
        broadcast(message, to: audience.all.elements)
    }

    /// What a change means for those who are inside.
    private func follow(_ previous: RoomConfiguration) {
        if configuration.isMembersOnly, !previous.isMembersOnly {
            for occupant in Array(occupants.values) where !occupant.affiliation.isAtLeastMember {
                remove(occupant, Announcement(isAvailable: false, statuses: [.membersOnly]))
            }
            dismissReaders(Announcement(isAvailable: false, statuses: [.membersOnly])) { person in
                !affiliation(of: person).isAtLeastMember
            }
        }
        // Who only has no voice because newcomers had none gets it; whose voice a moderator took does not.
        let newcomer = configuration.initialRole(.none)
        if newcomer == .participant, previous.initialRole(.none) == .visitor {
            for occupant in Array(occupants.values) where occupant.role == .visitor && !occupant.isMuted {
                setRole(newcomer, of: occupant)
                announce(occupant, Announcement())
            }
        }
        if configuration.shownRoles != previous.shownRoles { showRoles() }
    }

    /// §10.2.1: one code for each change that touches privacy, 104 for all others.
    private static func statuses(_ old: RoomConfiguration, _ new: RoomConfiguration) -> [StatusCode] {
        var statuses: [StatusCode] = []
        if old.isLogged != new.isLogged { statuses.append(new.isLogged ? .logged : .notLogged) }
        if old.whois != new.whois { statuses.append(new.whois == .anyone ? .nowNonAnonymous : .nowSemiAnonymous) }
        var rest = old
        rest.isLogged = new.isLogged
        rest.whois = new.whois
        return rest == new ? statuses : [.configurationChanged] + statuses
    }
}
