import MUC
import XMPP

/// What a command answers (XEP-0050).
struct CommandReply {
    /// Of the dialogue, to go on with it.
    let sessionID: String?
    /// A sentence for people.
    let note: String?
    private let form: Element?

    init(_ command: Element?) {
        sessionID = command?["sessionid"]
        note = command?.child("note", Namespace.commands)?.text
        form = command?.child("x", Namespace.dataForms)
    }

    /// The only value of a field of the form.
    func value(_ name: String) -> String? {
        Self.value(form?.children.first { $0.name == "field" && $0["var"] == name })
    }

    var instructions: String? { form?.child("instructions", Namespace.dataForms)?.text }

    /// Lines of a result (XEP-0004 §3.4), by the names of the columns; what is empty is left out.
    var rows: [[String: String]] {
        (form?.children ?? []).filter { $0.isNamed("item", Namespace.dataForms) }.map { item in
            var row: [String: String] = [:]
            for field in item.children {
                if let name = field["var"], let value = Self.value(field), !value.isEmpty { row[name] = value }
            }
            return row
        }
    }

    private static func value(_ field: Element?) -> String? {
        field?.child("value", Namespace.dataForms)?.text
    }
}

extension AdminSession {
    /// Gives a moderator's command, or goes on with one.
    ///
    /// - Parameter room: Nil for all rooms within reach.
    func command(
        _ name: String, in room: JID?, _ fields: [DataForm.Field]? = nil, session: String? = nil, action: String? = nil
    ) async throws(StanzaError) -> CommandReply {
        var request = Element(
            "command", Namespace.commands,
            ["node": "\(Namespace.moderationCommands)#\(name)", "sessionid": session, "action": action])
        if let fields {
            var form = DataForm(.submit)
            form.fields = fields
            request.append(form.element)
        }
        return CommandReply(try await ask("set", request, of: room ?? service))
    }
}
