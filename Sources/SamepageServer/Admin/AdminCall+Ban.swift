import EventLoop
import MUC
import XMPP

/// Banning, in the two steps of the command: what it would do, and doing it.
extension AdminCall {
    private struct Ban: Decodable {
        /// Nil: all rooms within reach.
        let room: String?
        /// A nick, or an address.
        let who: String
        /// Nil: for ever.
        let seconds: Int64?
        let reason: String?
        /// Whether it is about networks too.
        let widen: Bool?
        /// With a room: whether it is about all rooms within reach nevertheless.
        let everywhere: Bool?
        /// Say how many others it would hit, and do nothing.
        let dryRun: Bool?
        /// How many others its author was told it would hit. If more have come since, nothing happens.
        let others: Int?
    }

    func ban() async throws(StanzaError) -> JSONValue {
        let ban = try read(Ban.self)
        let room = try room(ifGiven: ban.room)
        var fields = [
            DataForm.Field("who", [ban.who]), DataForm.Field("duration", [ban.seconds.map { String($0) } ?? "never"]),
            DataForm.Field("widen", [ban.widen == true ? "1" : "0"]),
        ]
        if let reason = ban.reason { fields.append(DataForm.Field("reason", [reason])) }
        let widest = claims.site == nil ? "site" : "pages"
        if room != nil { fields.append(DataForm.Field("scope", [ban.everywhere == true ? widest : "room"])) }
        let asked = try await session.command("ban", in: room, fields)
        let others = asked.value("others").flatMap { Int($0) } ?? 0
        let isTooWide = ban.others.map { others > $0 } ?? false
        guard ban.dryRun != true, !isTooWide else {
            _ = try await session.command("ban", in: room, session: asked.sessionID, action: "cancel")
            if isTooWide { throw .conflict("It would hit \(others) others by now. Look again.") }
            return .object([
                "others": .number(others), "who": asked.value("who").map(JSONValue.text),
                "until": asked.value("until").map(JSONValue.text),
                "networksUntil": asked.value("networks-until").map(JSONValue.text),
                "note": asked.instructions.map(JSONValue.text),
            ])
        }
        let done = try await session.command("ban", in: room, session: asked.sessionID, action: "complete")
        return .object(["others": .number(others), "note": done.note.map(JSONValue.text)])
    }
}
