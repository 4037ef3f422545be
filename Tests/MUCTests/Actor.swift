import XMPP

@testable import MUC

/// One session of somebody, who does things and hears things.
struct Actor {
    let stage: Stage
    let jid: JID

    func does(
        _ kind: Stanza.Kind, _ type: String? = nil, id: String? = nil, to: String = "balcony", _ payload: [Element] = []
    ) {
        stage.receive(Stanza(kind, type: type, id: id, from: jid, to: address(to), payload))
    }

    /// `balcony` is the room, `balcony/Romeo` an occupant, the empty text the service.
    private func address(_ text: String) -> JID {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard let room = parts.first else { return Stage.jid(Stage.service) }
        let bare = "\(room)@\(Stage.service)"
        return Stage.jid(parts.count > 1 ? "\(bare)/\(parts[1])" : bare)
    }

    func joins(
        _ nick: String, room: String = "balcony", password: String? = nil,
        history: KeyValuePairs<String, String?> = [:],
        _ payload: [Element] = []
    ) {
        var join = Element("x", Namespace.muc)
        if let password { join.append(Element("password", Namespace.muc, text: password)) }
        if !history.isEmpty { join.append(Element("history", Namespace.muc, history)) }
        does(.presence, to: "\(room)/\(nick)", [join] + payload)
    }

    /// Joins and closes the ears to what comes of it.
    func isIn(as nick: String, room: String = "balcony") {
        joins(nick, room: room)
        _ = stage.take(jid)
    }

    func says(_ body: String, id: String? = nil, _ payload: [Element] = []) {
        does(.message, "groupchat", id: id, [.body(body)] + payload)
    }

    func whispers(_ body: String, to nick: String, _ payload: [Element] = []) {
        does(.message, "chat", to: "balcony/\(nick)", [.body(body)] + payload)
    }

    func setsSubject(_ text: String) {
        does(.message, "groupchat", [Element("subject", Namespace.client, text: text)])
    }

    func renames(to nick: String) {
        does(.presence, to: "balcony/\(nick)")
    }

    func leaves(_ nick: String, status: String? = nil) {
        let payload = status.map { [Element("status", Namespace.client, text: $0)] } ?? []
        does(.presence, "unavailable", to: "balcony/\(nick)", payload)
    }

    func asks(_ payload: Element, of to: String = "balcony", type: String = "get") {
        does(.iq, type, id: "q", to: to, [payload])
    }

    func moderates(_ items: KeyValuePairs<String, String?>..., reason: String? = nil) {
        let elements = items.map { attributes in
            var item = Element("item", Namespace.mucAdmin, attributes)
            if let reason { item.append(Element("reason", Namespace.mucAdmin, text: reason)) }
            return item
        }
        asks(Element("query", Namespace.mucAdmin, elements), type: "set")
    }

    func ends(_ reason: SessionEnd) {
        stage.deliver(stage.service.sessionEnded(jid, reason, now: stage.now))
    }

    /// What has come since the last time, as stanzas.
    func gets() -> [Stanza] { stage.take(jid) }

    /// What has come since the last time, as a transcript.
    func hears() -> [String] { gets().map(Transcript.line) }
}

extension Element {
    static func body(_ text: String) -> Element { Element("body", Namespace.client, text: text) }
}
