import EventLoop
import MUC
import XMPP

/// What was said, from the archive of a room (XEP-0313).
extension AdminCall {
    /// Messages of one answer, if the question wants no fewer.
    private static let page = 50

    /// The last ones, or those before one of them; oldest first.
    func listMessages() async throws(StanzaError) -> JSONValue {
        let room = try requireRoom()
        let before = Element("before", Namespace.resultSets, text: parameter("before") ?? "")
        let most = Element("max", Namespace.resultSets, text: String(Self.page))
        let set = Element("set", Namespace.resultSets, [most, before])
        let found = try await messages(in: room, Element("query", Namespace.mam, [set]))
        return .object(["messages": .list(found)])
    }

    func messages(in room: JID, ids: [String]) async throws(StanzaError) -> [JSONValue] {
        var form = DataForm(.submit, type: Namespace.mam)
        form.fields = [DataForm.Field("ids", ids)]
        return try await messages(in: room, Element("query", Namespace.mam, [form.element]))
    }

    private func messages(in room: JID, _ query: Element) async throws(StanzaError) -> [JSONValue] {
        try await session.collect("set", query, of: room).compactMap { message in
            message.child("result", Namespace.mam).flatMap(Self.message)
        }
    }

    private static func message(_ result: Element) -> JSONValue? {
        guard let forwarded = result.child("forwarded", Namespace.forward),
            let message = forwarded.child("message", Namespace.client)
        else { return nil }
        let isRetracted = message.child("retracted", Namespace.retraction) != nil
        // Reactions, and what tells of retractions, are about other messages.
        guard isRetracted || ["body", "subject"].contains(where: { message.child($0, Namespace.client) != nil }) else {
            return nil
        }
        let item = message.child("x", Namespace.mucUser)?.child("item", Namespace.mucUser)
        func text(_ name: String) -> JSONValue? { message.child(name, Namespace.client).map { .text($0.text) } }
        return .object([
            "id": result["id"].map(JSONValue.text),
            "time": forwarded.child("delay", Namespace.delay)?["stamp"].map(JSONValue.text),
            "nick": message["from"].flatMap(JID.init)?.resource.map(JSONValue.text),
            "jid": item?["jid"].map(JSONValue.text),
            "body": text("body"), "subject": text("subject"),
            "retracted": isRetracted ? true : nil,
        ])
    }
}
