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

    /// A message to the room itself, for itself.
    func tells(_ payload: Element...) {
        does(.message, nil, payload)
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

    /// Submits an owner's form with these values; several for a name make a field with several values.
    func configures(_ fields: KeyValuePairs<String, String>, room: String = "balcony") {
        asks(Self.configuration(fields), of: room, type: "set")
    }

    static func configuration(_ fields: KeyValuePairs<String, String>, kind: DataForm.Kind = .submit) -> Element {
        var form = DataForm(kind, type: Namespace.mucRoomConfig)
        for (name, value) in fields {
            if let index = form.fields.firstIndex(where: { $0.name == name }) {
                form.fields[index].values.append(value)
            } else {
                form.fields.append(DataForm.Field(name, [value]))
            }
        }
        return Element("query", Namespace.mucOwner, [form.element])
    }

    /// Asks the room something, and returns what is in the answer.
    func asked(_ payload: Element, of to: String = "balcony") -> Element? {
        asks(payload, of: to)
        return gets().last { $0.kind == .iq && $0.type == "result" }?.payload.first
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
