import XMPP

/// One request of a moderator who gives a command (XEP-0050).
struct CommandStep {
    let moderator: Moderator
    /// Nil: for the whole service.
    let room: Room?
    /// What was filled in; nil at the beginning.
    let form: DataForm?
    /// What an earlier step has left.
    let draft: BanDraft?
    let now: Int64

    /// What comes of it.
    enum Reply {
        case ask(DataForm, draft: BanDraft? = nil)
        case done(String, Element? = nil)
    }

    /// A text of the form without what surrounds it; nil when it says nothing.
    func text(_ name: String, maximum: Int) -> String? {
        guard let value = form?.value(name) else { return nil }
        let words = value.split(whereSeparator: \.isWhitespace)
        let text = words.joined(separator: " ").prefix(bytes: maximum)
        return text.isEmpty ? nil : text
    }

    /// - Throws: `bad-request` when it is neither said nor denied.
    func flag(_ name: String) throws(StanzaError) -> Bool {
        guard let field = form?[name], let value = field.values.first else { return false }
        guard field.values.count == 1, let flag = DataForm.boolean(value) else {
            throw .badRequest("\(name): 0 or 1.")
        }
        return flag
    }
}
