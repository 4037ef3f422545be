import XMPP

/// Reserving a nick, and becoming a member by it (XEP-0045 §7.10).
extension Room {
    private static let nickField = "muc#register_roomnick"

    /// The form, and what is registered already.
    func registrationForm(session: JID) throws(StanzaError) -> Element {
        let person = session.bare
        try requireRegistrant(session)
        var query = Element("query", Namespace.register)
        let nick = affiliations[person]?.nick
        if let nick {
            query.append(Element("registered", Namespace.register))
            query.append(Element("username", Namespace.register, text: nick))
        }
        var form = DataForm(
            .form, type: Namespace.mucRegister, title: configuration.name,
            instructions: "Choose the nick that is to be yours in this room.")
        form.fields = [DataForm.Field(Self.nickField, "text-single", label: "Nick", nick.map { [$0] } ?? [])]
        query.append(form.element)
        return query
    }

    /// Takes the form, or gives the nick back. Who does that stays a member: membership is the admins' to take.
    func register(_ query: Element, session: JID, now: Int64) throws(StanzaError) {
        let person = session.bare
        try requireNotBanned(session)
        try requireRegistrant(session)
        if query.child("remove", Namespace.register) != nil {
            guard var entry = affiliations[person], entry.nick != nil else {
                throw .itemNotFound("You have no nick in this room.")
            }
            entry.nick = nil
            return setEntry(entry, of: person)
        }
        guard let element = query.child("x", Namespace.dataForms) else { throw .badRequest("Send the form.") }
        let form = try DataForm(element, maximumFields: limits.formFields)
        if form.kind == .cancel { return }
        guard form.kind == .submit, form.type == nil || form.type == Namespace.mucRegister,
            let requested = form.value(Self.nickField)
        else { throw .badRequest("Send the form with a nick.") }
        let nick = try NickRules.prepare(requested, maximumLength: limits.nickLength)
        try NickRules.requirePortable(nick, limits)
        try requireUnused(nick, by: person)

        var entry = affiliations[person] ?? AffiliationEntry(.member, since: now)
        if affiliations[person] == nil {
            guard !MUCLimits.isReached(limits.affiliationsPerRoom, by: affiliations.count) else {
                throw .resourceConstraint("This room has as many members as it may have.")
            }
        }
        entry.nick = nick
        setEntry(entry, of: person)
        applyAffiliation(of: person)
    }

    private func requireRegistrant(_ session: JID) throws(StanzaError) {
        guard !isReader(session) else { throw .notAcceptable("You only read here. Join with a nick first.") }
        let affiliation = affiliation(of: session.bare)
        guard affiliation != .outcast else { throw .forbidden("You are banned from this room.") }
        guard affiliation.isAtLeastMember || configuration.isRegistrationOpen else {
            throw .notAllowed("Only members reserve nicks in this room.")
        }
    }
}
