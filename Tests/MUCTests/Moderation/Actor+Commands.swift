import Testing
import XMPP

@testable import MUC

/// A command (XEP-0050) as a client sees it: what it asked, and what it said in the end.
struct CommandAnswer {
    let status: String?
    let sessionID: String?
    let note: String?
    let form: Element?
    /// The condition, when it was refused.
    let error: String?
    let errorText: String?

    func field(_ name: String) -> [String] {
        let field = form?.children.first { $0.name == "field" && $0["var"] == name }
        return field?.children.filter { $0.name == "value" }.map(\.text) ?? []
    }

    func options(_ name: String) -> [String] {
        let field = form?.children.first { $0.name == "field" && $0["var"] == name }
        return field?.children.filter { $0.name == "option" }.compactMap { $0.children.first?.text } ?? []
    }

    var instructions: String? { form?.child("instructions", Namespace.dataForms)?.text }

    /// Lines of a table, the values of the columns that are named.
    func rows(_ columns: String...) -> [String] {
        (form?.children.filter { $0.name == "item" } ?? []).map { item in
            columns.map { column in
                item.children.first { $0["var"] == column }?.children.first?.text ?? "?"
            }.joined(separator: " ")
        }
    }
}

extension Actor {
    /// Sends one request of a command, and takes the answer out of the mailbox.
    func commands(
        _ command: String, to: String = "balcony", action: String? = nil, session: String? = nil,
        _ fields: [String: [String]]? = nil
    ) -> CommandAnswer {
        var request = Element(
            "command", Namespace.commands,
            ["node": "\(Namespace.moderationCommands)#\(command)", "action": action, "sessionid": session])
        if let fields {
            var form = DataForm(.submit)
            form.fields = fields.map { DataForm.Field($0.key, $0.value) }
            request.append(form.element)
        }
        let before = stage.take(jid)
        asks(request, of: to, type: "set")
        let all = stage.take(jid)
        let answer = all.last { $0.kind == .iq }
        stage.putBack(before + all.filter { $0.kind != .iq }, to: jid)
        let error = answer?.child("error", Namespace.client)
        let result = answer?.child("command", Namespace.commands)
        return CommandAnswer(
            status: result?["status"], sessionID: result?["sessionid"],
            note: result?.child("note", Namespace.commands)?.text, form: result?.child("x", Namespace.dataForms),
            error: error?.children.first?.name, errorText: error?.child("text", Namespace.stanzaErrors)?.text)
    }

    /// Bans in one go; the answer to the form, before it is confirmed, and the last one.
    @discardableResult
    func bans(
        _ who: String, to: String = "balcony", for duration: String = "3600", scope: String? = nil, wide: Bool = false,
        reason: String? = nil
    ) -> (asked: CommandAnswer, done: CommandAnswer) {
        let begun = commands("ban", to: to)
        var fields = ["who": [who], "duration": [duration], "widen": [wide ? "1" : "0"]]
        if let scope { fields["scope"] = [scope] }
        if let reason { fields["reason"] = [reason] }
        let asked = commands("ban", to: to, action: "next", session: begun.sessionID, fields)
        let done = commands("ban", to: to, action: "complete", session: asked.sessionID ?? begun.sessionID)
        return (asked, done)
    }

    func comes(from network: String) { stage.service.enter(network: network, of: jid) }
}
