import XMPP

/// The rooms that a moderator of a site looks after, listed by command at the service's address.
extension MUCService {
    /// Those that are open now, the fullest first, then those where something was said last.
    func listRooms(_ step: CommandStep) -> CommandStep.Reply {
        let search = step.text("search", maximum: settings.limits.nameLength)?.lowercased()
        let skip = step.form?.value("skip").flatMap { Int($0) }.map { max(0, $0) } ?? 0
        var found = rooms(for: step)
        if let search {
            found.removeAll { room in
                !room.configuration.name.lowercased().contains(search)
                    && !(room.configuration.pageURL ?? "").lowercased().contains(search)
                    && !room.jid.description.contains(search)
            }
        }
        found.sort(by: Self.isFirst)
        let page = found.dropFirst(skip).prefix(settings.limits.moderation.actsPerPage)
        let reports = openReportCounts(step)
        var table = FormTable(
            title: ModerationCommand.rooms.title,
            columns: [
                .init(name: "jid", label: "Room"), .init(name: "name", label: "Name"),
                .init(name: "url", label: "Page"), .init(name: "occupants", label: "Occupants"),
                .init(name: "readers", label: "Readers"),
                .init(name: "last-activity", label: "Last message"), .init(name: "held", label: "Messages that wait"),
                .init(name: "reports", label: "Open reports"), .init(name: "slow-mode", label: "Slow mode (s)"),
            ])
        table.rows = page.map { room in
            [
                room.jid.description, room.configuration.name, room.configuration.pageURL,
                String(room.occupants.count), String(room.readers.count), room.lastMessage.map(DateTime.string),
                String(room.speech.held.entries.count), String(reports[room.localpart] ?? 0),
                String(room.configuration.moderation.slowMode),
            ]
        }
        return .done(
            found.count == 1 ? "1 room." : "\(found.count) rooms.", table.element(type: ModerationCommand.rooms.node))
    }

    private static func isFirst(_ one: Room, _ other: Room) -> Bool {
        if one.occupants.count != other.occupants.count { return one.occupants.count > other.occupants.count }
        if one.lastMessage != other.lastMessage { return (one.lastMessage ?? 0) > (other.lastMessage ?? 0) }
        return one.localpart < other.localpart
    }
}
