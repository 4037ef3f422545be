import XMPP

/// Asking for voice (XEP-0045 §7.13) and granting it (§8.6).
extension Room {
    /// A form to the room: somebody asks, or a moderator answers.
    func voice(_ element: Element, session: JID, now: Int64) throws(StanzaError) {
        let occupant = try requireOccupant(session)
        let form = try DataForm(element, maximumFields: limits.formFields)
        guard form.type == Namespace.mucRequest else { throw .badRequest("A room takes requests for voice only.") }
        if form.kind == .cancel { return }
        guard form.kind == .submit, form.value("muc#role") == Role.participant.rawValue else {
            throw .badRequest("Ask for the role of a participant.")
        }
        if form["muc#request_allow"] == nil {
            try requestVoice(occupant, session: session, now: now)
        } else {
            try grantVoice(form, session: session, now: now)
        }
    }

    private func requestVoice(_ occupant: Occupant, session: JID, now: Int64) throws(StanzaError) {
        guard occupant.role == .visitor else { throw .notAcceptable("You have voice.") }
        guard configuration.allowsVoiceRequests else { throw .notAllowed("This room takes no requests for voice.") }
        try voiceRequests.admit(occupant.person, limits, now: now)

        var form = DataForm(
            .form, type: Namespace.mucRequest, title: "Request for voice",
            instructions: "Should this person be allowed to speak?")
        form.fields = [
            DataForm.Field(
                "muc#role", "list-single", label: "Requested role", ["participant"], options: [.init("participant")]),
            DataForm.Field("muc#jid", "jid-single", label: "Address", [session.description]),
            DataForm.Field("muc#roomnick", "text-single", label: "Nick", [occupant.nick]),
            DataForm.Field("muc#request_allow", "boolean", label: "Grant voice", ["0"]),
        ]
        broadcast(Stanza(.message, from: jid, [form.element]), to: audience.moderators.elements)
    }

    /// The nick may be somebody else's by now: the form names the address too.
    private func grantVoice(_ form: DataForm, session: JID, now: Int64) throws(StanzaError) {
        let actor = try requireActor(session)
        guard actor.role == .moderator else { throw .forbidden("This is for moderators.") }
        guard let allow = form.value("muc#request_allow").flatMap(DataForm.boolean) else {
            throw .badRequest("Allow it, or do not.")
        }
        guard allow else { return }
        guard let nick = form.value("muc#roomnick"), let address = form.value("muc#jid") else {
            throw .badRequest("Who is it that asks?")
        }
        guard let occupant = occupants[nick], JID(address)?.bare == occupant.person else {
            throw .itemNotFound("Who asked is no longer here.")
        }
        guard occupant.role == .visitor else { return }
        try check(.participant, for: nick, by: actor)
        note(.role, by: actor, now: now) { act in
            act.target = occupant.person.description
            act.targetNick = nick
            act.before = occupant.role.rawValue
            act.after = Role.participant.rawValue
        }
        occupant.isMuted = false
        setRole(.participant, of: occupant)
        announce(occupant, Announcement(actor: actor.nick))
    }
}
