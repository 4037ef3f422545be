import EventLoop
import MUC
import XMPP

/// What moderators look at.
extension AdminCall {
    func me(service: JID) -> JSONValue {
        .object([
            "jid": .text(session.jid.bare.description), "nick": .text(claims.nick), "role": .text(claims.role.rawValue),
            "site": claims.site.map(JSONValue.text), "expires": .text(DateTime.string(milliseconds: token.expires)),
            "service": .text(service.description),
        ])
    }

    /// Those that are open; or the room of one page, which comes from the archive if it has to.
    func listRooms() async throws(StanzaError) -> JSONValue {
        if let url = parameter("url") { return try await findRoom(of: url) }
        let fields = ["search", "skip"].compactMap { name in parameter(name).map { DataForm.Field(name, [$0]) } }
        return Self.list("rooms", try await session.command("rooms", in: nil, fields))
    }

    private func findRoom(of url: String) async throws(StanzaError) -> JSONValue {
        guard let page = try? PageAddress.make(url: url, sites: sites) else {
            throw .badRequest("That is no page here.")
        }
        let room = try room(page.roomJID(service: session.service.domain))
        _ = try await session.ask("get", Element("query", Namespace.discoInfo), of: room)
        let reply = try await session.command("rooms", in: nil, [DataForm.Field("search", [page.localpart])])
        let rows = reply.rows.filter { $0["jid"] == room.description }
        return .object(["rooms": .list(rows.map(JSONValue.init(row:)))])
    }

    func listHeld() async throws(StanzaError) -> JSONValue {
        let room = try room()?.description
        let reply = try await session.command("held", in: nil)
        let rows = reply.rows.filter { room == nil || $0["room"] == room }
        return .object(["held": .list(rows.map(JSONValue.init(row:)))])
    }

    func listBans() async throws(StanzaError) -> JSONValue {
        Self.list("bans", try await session.command("bans", in: room()))
    }

    func listActs() async throws(StanzaError) -> JSONValue {
        let before = parameter("before").map { [DataForm.Field("before-id", [$0])] }
        return Self.list("log", try await session.command("log", in: room(), before))
    }

    /// Open ones, with what was reported as far as it is still there.
    func listReports() async throws(StanzaError) -> JSONValue {
        // Whoever only counts them, and often, need not trouble the archive.
        let isBrief = parameter("messages") == "no"
        var reports: [JSONValue] = []
        for row in try await session.command("reports", in: room()).rows {
            let ids = row["messages"]?.split(separator: " ").map(String.init) ?? []
            var columns = row
            columns["messages"] = nil
            columns["body"] = nil
            guard case .object(var report) = JSONValue(row: columns) else { continue }
            var said: [JSONValue] = []
            if let room = row["room"].flatMap(JID.init), !ids.isEmpty, !isBrief {
                // What has left the archive, or never was in one, is no reason to show no reports.
                said = (try? await messages(in: room, ids: ids)) ?? []
            }
            if said.isEmpty, let body = row["body"], let id = ids.first {
                said = [.object(["id": .text(id), "body": .text(body), "nick": row["authors"].map(JSONValue.text)])]
            }
            report["ids"] = .list(ids.map(JSONValue.text))
            report["messages"] = .list(said)
            reports.append(.object(report))
        }
        return .object(["reports": .list(reports)])
    }

    /// Who is in a room, by role (XEP-0045 §8, §9).
    func listOccupants() async throws(StanzaError) -> JSONValue {
        let room = try requireRoom()
        var occupants: [JSONValue] = []
        for role in ["moderator", "participant", "visitor"] {
            let item = Element("item", Namespace.mucAdmin, ["role": role])
            let list = try await session.ask("get", Element("query", Namespace.mucAdmin, [item]), of: room)
            for item in list?.children ?? [] {
                occupants.append(
                    .object([
                        "nick": item["nick"].map(JSONValue.text), "role": item["role"].map(JSONValue.text),
                        "affiliation": item["affiliation"].map(JSONValue.text),
                        "jid": item["jid"].flatMap(JID.init).map { .text($0.bare.description) },
                    ]))
            }
        }
        return .object(["occupants": .list(occupants)])
    }

    static func list(_ name: String, _ reply: CommandReply) -> JSONValue {
        .object([name: .list(reply.rows.map(JSONValue.init(row:))), "note": reply.note.map(JSONValue.text)])
    }
}
