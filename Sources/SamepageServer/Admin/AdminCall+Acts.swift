import EventLoop
import MUC
import XMPP

/// What moderators do.
extension AdminCall {
    private struct Verdict: Decodable {
        let room: String?
        let ids: [String]
        let verdict: String
    }

    /// `{"ids": ["7"], "verdict": "done"}`, or `dismissed`.
    func settle() async throws(StanzaError) -> JSONValue {
        let verdict = try read(Verdict.self)
        return Self.note(
            try await session.command(
                "settle", in: room(ifGiven: verdict.room),
                [DataForm.Field("reports", verdict.ids), DataForm.Field("verdict", [verdict.verdict])]))
    }

    /// `{"room": "…", "ids": ["7"], "verdict": "release"}`, or `drop`.
    func review() async throws(StanzaError) -> JSONValue {
        let verdict = try read(Verdict.self)
        guard let room = verdict.room else { throw .badRequest("room is missing.") }
        return Self.note(
            try await session.command(
                "held", in: self.room(room),
                [DataForm.Field("messages", verdict.ids), DataForm.Field("verdict", [verdict.verdict])]))
    }

    private struct Lift: Decodable {
        let room: String?
        let bans: [String]
    }

    func lift() async throws(StanzaError) -> JSONValue {
        let lift = try read(Lift.self)
        return Self.note(
            try await session.command(
                "lift", in: room(ifGiven: lift.room),
                [DataForm.Field("bans", lift.bans)]))
    }

    private struct Undo: Decodable {
        let room: String?
        let act: String
    }

    func undo() async throws(StanzaError) -> JSONValue {
        let undo = try read(Undo.self)
        return Self.note(
            try await session.command(
                "undo", in: room(ifGiven: undo.room),
                [DataForm.Field("act", [undo.act])]))
    }

    private struct SlowMode: Decodable {
        let room: String
        let seconds: Int
    }

    func setSlowMode() async throws(StanzaError) -> JSONValue {
        let mode = try read(SlowMode.self)
        return Self.note(
            try await session.command(
                "slow-mode", in: room(mode.room), [DataForm.Field("seconds", [String(mode.seconds)])]))
    }

    private struct Occupant: Decodable {
        let room: String
        let nick: String
        let voice: Bool?
        let reason: String?
    }

    /// Throws somebody out, who may come back (XEP-0045 §8.2).
    func kick() async throws(StanzaError) -> JSONValue { try await setRole("none", read(Occupant.self)) }

    /// Takes and gives voice (§8.3, §8.4).
    func setVoice() async throws(StanzaError) -> JSONValue {
        let occupant = try read(Occupant.self)
        guard let voice = occupant.voice else { throw .badRequest("voice is missing.") }
        return try await setRole(voice ? "participant" : "visitor", occupant)
    }

    private func setRole(_ role: String, _ occupant: Occupant) async throws(StanzaError) -> JSONValue {
        var item = Element("item", Namespace.mucAdmin, ["nick": occupant.nick, "role": role])
        if let reason = occupant.reason { item.append(Element("reason", Namespace.mucAdmin, text: reason)) }
        _ = try await session.ask("set", Element("query", Namespace.mucAdmin, [item]), of: room(occupant.room))
        return .object([:])
    }

    private struct Retraction: Decodable {
        let room: String
        let id: String
        let reason: String?
    }

    /// Takes a message back (XEP-0425 §4).
    func retract() async throws(StanzaError) -> JSONValue {
        let retraction = try read(Retraction.self)
        var moderate = Element(
            "moderate", Namespace.moderation, ["id": retraction.id], [Element("retract", Namespace.retraction)])
        if let reason = retraction.reason { moderate.append(Element("reason", Namespace.moderation, text: reason)) }
        _ = try await session.ask("set", moderate, of: room(retraction.room))
        return .object([:])
    }

    static func note(_ reply: CommandReply) -> JSONValue { .object(["note": reply.note.map(JSONValue.text)]) }
}
