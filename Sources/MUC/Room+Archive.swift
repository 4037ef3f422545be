import XMPP

/// The archive of the room (XEP-0313).
extension Room {
    /// Whether what is said from now on is archived; its owner may turn that off.
    var isArchived: Bool { context.settings.isArchived && configuration.isLogged }

    /// Messages, by time, sender, id and page. The answer comes later.
    func search(_ stanza: Stanza, _ request: Element, session: JID) throws(StanzaError) {
        try requireReader(session)
        let form = try ArchiveForm(request, room: localpart, limits)
        var query = form.query
        if let sender = form.with { try narrow(&query, to: sender, session: session) }
        let ticket = try ask(stanza, session: session) { question in
            question.queryID = request["queryid"]
            question.isFlipped = request.child("flip-page", Namespace.mam) != nil
        }
        context.effects.append(.archive(.find(query, ticket)))
    }

    /// Where the archive begins and ends (§5). The answer comes later.
    func measureArchive(_ stanza: Stanza, session: JID) throws(StanzaError) {
        try requireReader(session)
        let ticket = try ask(stanza, session: session)
        context.effects.append(.archive(.measure(room: localpart, ticket)))
    }

    /// The fields that a query may have (§4.1.6).
    func archiveForm(session: JID) throws(StanzaError) -> Element {
        try requireReader(session)
        return Element("query", Namespace.mam, [ArchiveForm.fields])
    }

    /// Says what the archive has found.
    func answer(_ question: ArchiveQuestions.Question, _ answer: ArchiveAnswer) {
        switch answer {
        case .page(let messages, let isComplete, let count):
            let showsJIDs = maySeeJIDs(question.session)
            for message in question.isFlipped ? messages.reversed() : messages {
                send(result(message, question, showsJID: showsJIDs), to: question.session)
            }
            self.answer(question.request.result(Self.end(messages, isComplete, count)))
        case .span(let span): self.answer(question.request.result(Self.metadata(span)))
        case .itemNotFound: refuse(question, .itemNotFound("There is no message with that id."))
        case .unavailable: refuse(question, .resourceConstraint("The archive cannot be read now."))
        }
    }

    // MARK: Who may ask

    /// §6.1.2: whoever may enter at the time of the query, and where the operator says so, only who is inside. Members may
    /// always.
    private func requireReader(_ session: JID) throws(StanzaError) {
        guard context.settings.isArchived else { throw .serviceUnavailable("This room has no archive.") }
        guard !isInside(session) else { return }
        try requireNotBanned(session)
        guard !affiliation(of: session.bare).isAtLeastMember else { return }
        let isOpen = !isLocked && !configuration.isMembersOnly && configuration.password.isEmpty
        guard isOpen, context.settings.isArchiveOpen else { throw .forbidden("Join the room to read its archive.") }
    }

    private func maySeeJIDs(_ session: JID) -> Bool {
        (configuration.whois == .anyone && !isReader(session)) || occupant(of: session)?.isModerator == true
            || moderatesFromOutside(session.bare)
    }

    /// §4.1.1: by address only for those who see addresses, since it would tell who is behind a nick.
    private func narrow(_ query: inout ArchiveQuery, to sender: JID, session: JID) throws(StanzaError) {
        if sender.bare == jid {
            query.nick = sender.resource
        } else {
            guard maySeeJIDs(session) else { throw .forbidden("Ask by nick: \(jid)/nick.") }
            query.occupantID = context.policy.occupantID(of: sender.bare, in: jid)
        }
    }

    private func ask(
        _ stanza: Stanza, session: JID, _ amend: (inout ArchiveQuestions.Question) -> Void = { _ in }
    ) throws(StanzaError) -> ArchiveTicket {
        var request = stanza
        request.payload = []
        var question = ArchiveQuestions.Question(room: self, session: session, request: request)
        amend(&question)
        return try context.questions.add(question, limits)
    }

    // MARK: Answers

    private func refuse(_ question: ArchiveQuestions.Question, _ error: StanzaError) {
        if let error = question.request.error(error, by: jid) { answer(error) }
    }

    /// §4.2, and §6.1.2 for the real address.
    private func result(
        _ message: ArchivedMessage, _ question: ArchiveQuestions.Question, showsJID: Bool
    ) -> Stanza {
        var stanza = message.stanza
        if showsJID, let person = message.person {
            let item = Element("item", Namespace.mucUser, ["jid": person.description])
            stanza.payload.append(Element("x", Namespace.mucUser, [item]))
        }
        let forwarded = Element(
            "forwarded", Namespace.forward,
            [
                Element("delay", Namespace.delay, ["stamp": DateTime.string(milliseconds: message.time)]),
                stanza.element,
            ])
        let result = Element(
            "result", Namespace.mam, ["queryid": question.queryID, "id": message.id.description], [forwarded])
        return Stanza(.message, from: jid, [result])
    }

    /// `<fin/>` (§4, §4.3).
    private static func end(_ messages: [ArchivedMessage], _ isComplete: Bool, _ count: Int?) -> Element {
        var set = Element("set", Namespace.resultSets)
        if let first = messages.first, let last = messages.last {
            set.append(Element("first", Namespace.resultSets, text: first.id.description))
            set.append(Element("last", Namespace.resultSets, text: last.id.description))
        }
        if let count { set.append(Element("count", Namespace.resultSets, text: String(count))) }
        return Element("fin", Namespace.mam, ["complete": isComplete ? "true" : nil], [set])
    }

    private static func metadata(_ span: ArchiveSpan?) -> Element {
        guard let span else { return Element("metadata", Namespace.mam) }
        func edge(_ name: String, _ id: StanzaID, _ time: Int64) -> Element {
            Element(
                name, Namespace.mam, ["id": id.description, "timestamp": DateTime.string(milliseconds: time)])
        }
        return Element(
            "metadata", Namespace.mam,
            [edge("start", span.first, span.firstTime), edge("end", span.last, span.lastTime)])
    }
}
