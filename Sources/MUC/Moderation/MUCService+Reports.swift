import XMPP

/// Reports of visitors (XEP-0377): to the moderators who are in the room, to the room of the staff, and into the log.
extension MUCService {
    /// A message to the room that is a report. Whether it was one.
    func reported(_ stanza: Stanza, from session: JID, in room: Room, now: Int64) throws(StanzaError) -> Bool {
        guard let element = stanza.child("report", Report.namespace) else { return false }
        try report(element, from: session, in: room, now: now)
        return true
    }

    func report(_ element: Element, from session: JID, in room: Room, now: Int64) throws(StanzaError) {
        let reporter = try room.requireOccupant(session)
        let report = try Report(element, room: room.jid, settings.limits)
        // An id that the room never gave would make moderators look for a message that never was.
        for id in report.ids {
            guard let id = StanzaID(id), context.ids.mayHaveGiven(id, now: now) else {
                throw .itemNotFound("There is no such message.")
            }
        }
        try room.speech.reports.admit(reporter.person, settings.limits.moderation, now: now)

        let messages = report.ids.compactMap { room.history.message($0, by: room.jid) }
        let authors = Set(messages.compactMap { $0.from?.resource })
        let text = Self.text(report, by: reporter.nick, authors, messages)
        let payload = Self.payload(report, room, messages)
        room.broadcast(
            Stanza(.message, from: room.jid, [Element("body", Namespace.client, text: text)] + payload),
            to: room.audience.moderators.elements)
        tellStaff("\(room.configuration.name): \(text)", payload, except: room, now: now)
        context.note(.report, room: room.localpart, by: reporter.person, nick: reporter.nick, now: now) { act in
            act.target = report.ids.joined(separator: " ")
            act.targetNick = authors.sorted().joined(separator: ", ")
            act.after = report.reason.word
            act.reason = report.text
        }
    }

    private func tellStaff(_ text: String, _ payload: [Element], except room: Room, now: Int64) {
        guard let localpart = settings.staffRoom?.localpart, localpart != room.localpart else { return }
        let report = StaffReport(text: text, payload: payload)
        if let staff = rooms[localpart] { return tell(staff, report, now: now) }
        // Nobody was there since the start: it comes from the archive, if it is there.
        guard settings.isArchived, staffReports.count < settings.limits.moderation.staffReports else { return }
        staffReports.append(report)
        guard !loads.contains(localpart) else { return }
        loads.begin(localpart)
        context.effects.append(.archive(.load(room: localpart)))
    }

    /// A room has come from the archive, or has not: what waited for the room of the staff is told there.
    func tellStaff(arrivedIn localpart: String, now: Int64) {
        guard !staffReports.isEmpty, settings.staffRoom?.localpart == localpart else { return }
        let waiting = staffReports
        staffReports = []
        // There is none, or the archive cannot be read: the log has them, and the moderators in their own room.
        guard let staff = rooms[localpart] else { return }
        for report in waiting { tell(staff, report, now: now) }
    }

    private func tell(_ staff: Room, _ report: StaffReport, now: Int64) {
        let body = Element("body", Namespace.client, text: report.text)
        staff.post(Stanza(.message, type: "groupchat", from: staff.jid, [body] + report.payload), now: now)
        settle(staff)
    }

    private static func text(_ report: Report, by nick: String, _ authors: Set<String>, _ messages: [Stanza]) -> String
    {
        var text = "\(nick) reports \(report.reason.word)"
        if !authors.isEmpty { text += " by " + authors.sorted().joined(separator: ", ") }
        if let words = report.text { text += " (\(words))" }
        if let body = messages.first?.child("body", Namespace.client)?.text { text += ": " + body.prefix(bytes: 500) }
        return text
    }

    private static func payload(_ report: Report, _ room: Room, _ messages: [Stanza]) -> [Element] {
        [report.element(room: room.jid)]
            + messages.map { Element("forwarded", "urn:xmpp:forward:0", [$0.element]) }
    }
}

extension Room {
    /// A message of the room itself that newcomers are to see too. While the archive takes none, those who are here get
    /// it all the same.
    func post(_ stanza: Stanza, now: Int64) {
        do throws(StanzaError) {
            try utter(stanza, .spoken, id: context.ids.next(now: now), now: now)
        } catch {
            broadcast(stanza, to: audience.all.elements)
        }
    }
}
