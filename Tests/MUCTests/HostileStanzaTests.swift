import SeededTesting
import Testing
import XMPP

@testable import MUC

/// Stanzas that no client would send: whatever comes, nothing traps, and nothing that may not be answered is.
@Suite struct HostileStanzaTests {
    private static let words = [
        "", "x", "query", "item", "page", "history", "body", "subject", "thread", "delay", "stanza-id", "occupant-id",
        "error", "gone", "ping", "reason", "password", "status", "show", "field", "-1", "0", "18446744073709551616",
        "owner", "none", "outcast", "moderator", "submit", "cancel", "balcony@\(Stage.service)", "not a JID@@/",
        "2026-11-22T16:00:00Z", "\u{202E}", String(repeating: "O", count: 3_000), "x-roomuser-item",
        "destroy", "invite", "decline", "set", "max", "after", "before", "index", "moderate", "retract", "apply-to",
        "remove", "vCard", "value", "FORM_TYPE", Namespace.mucRoomConfig, Namespace.mucRequest, Namespace.mucRegister,
        "muc#role", "participant", "muc#roomnick", "muc#jid", "muc#request_allow", "muc#register_roomnick",
        "muc#roomconfig_maxusers", "muc#roomconfig_roomname", "muc#roomconfig_membersonly", "p1@verona.example",
    ]
    private static let namespaces = [
        Namespace.client, Namespace.muc, Namespace.mucUser, Namespace.mucAdmin, Namespace.mucOwner, Namespace.page,
        Namespace.discoInfo, Namespace.discoItems, Namespace.delay, Namespace.stanzaIDs, Namespace.occupantID,
        Namespace.stanzaErrors, Namespace.dataForms, Namespace.ping, "", "urn:unknown", Namespace.register,
        ResultSetRequest.namespace, Namespace.moderation, Namespace.retraction, Namespace.fastening, Namespace.vCard,
    ]
    private static let attributes = [
        "nick", "jid", "role", "affiliation", "node", "by", "id", "from", "stamp", "maxstanzas", "maxchars", "seconds",
        "since", "url", "title", "type", "var", "code",
    ]

    @Test(arguments: [1, 2, 3] as [UInt64])
    func randomStanzasNeverTrapAndErrorsAreNeverAnswered(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let stage = Stage(admins: ["p0@verona.example"]) { $0.rooms = 5 }
        let types = [nil, "groupchat", "chat", "error", "unavailable", "probe", "get", "set", "result", "nonsense"]
        for _ in 0..<3_000 {
            let kind = [Stanza.Kind.message, .presence, .iq][Int.random(in: 0..<3, using: &random)]
            let type = types[Int.random(in: 0..<types.count, using: &random)]
            let from = stage.actor("p\(Int.random(in: 0..<4, using: &random))@verona.example/a")
            let to = ["", "balcony", "balcony/Romeo", "balcony/Juliet", "crypt/Romeo"]
            let payload = (0..<Int.random(in: 0...3, using: &random)).map { _ in element(3, &random) }
            stage.now += Int64.random(in: -1_000...5_000, using: &random)
            from.does(kind, type, id: "i", to: to[Int.random(in: 0..<to.count, using: &random)], payload)
            let answers = from.gets()
            if type == "error" || (kind == .iq && type == "result") {
                #expect(!answers.contains { $0.isError && $0.kind == kind && $0.id == "i" && $0.from?.isBare == true })
            }
        }
    }

    private func element(_ depth: Int, _ random: inout SeededGenerator) -> Element {
        func any(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &random)] }
        var element = Element(any(Self.words), any(Self.namespaces))
        for _ in 0..<Int.random(in: 0...3, using: &random) { element[any(Self.attributes)] = any(Self.words) }
        if Bool.random(using: &random) { element.nodes.append(.text(any(Self.words))) }
        guard depth > 0 else { return element }
        for _ in 0..<Int.random(in: 0...2, using: &random) { element.append(self.element(depth - 1, &random)) }
        return element
    }
}
