import XMPP

/// Words and domains that are not welcome: wherever an occupant puts text before others. None of it is about moderators.
extension Room {
    static let filtered = StanzaError(.policyViolation, .modify, "This message holds what is not welcome here.")
        .because("filtered", Namespace.moderationCommands)

    /// What becomes of a message; nil when nothing is wrong with it.
    func judge(_ stanza: Stanza) -> FilterRules.Action? {
        guard hasFilter else { return nil }
        return judge(stanza.payload.map(Self.text).joined(separator: "\n"))
    }

    /// For what can be refused, and neither wait nor be hidden: subjects, private messages, invitations.
    ///
    /// - Throws: `policy-violation` when it holds what is not welcome.
    func requireWelcome(_ stanza: Stanza, by occupant: Occupant) throws(StanzaError) {
        guard occupant.isModerator || judge(stanza) == nil else { throw Self.filtered }
    }

    /// - Throws: `not-acceptable` for a nick that holds what is not welcome (XEP-0045 §7.2.2).
    func requireWelcome(_ nick: String, by person: JID) throws(StanzaError) {
        guard !isAboveFilters(person), judge(nick) != nil else { return }
        throw StanzaError.notAcceptable("That nick is not welcome here.")
            .because("filtered", Namespace.moderationCommands)
    }

    /// What of a presence may be seen: a status that is not welcome stays behind, since nobody must be kept from going, or
    /// from being away, by what it says.
    func presentable(_ presence: [Element], of session: JID?) -> [Element] {
        guard hasFilter, let session, occupant(of: session)?.isModerator != true, !isAboveFilters(session.bare) else {
            return presence
        }
        return presence.filter { judge(Self.text($0)) == nil }
    }

    /// Its author sees it as if nothing were wrong with it; nobody else does. It has no `stanza-id`, since that would promise
    /// that the archive has it (XEP-0313 §3.4): whoever asked what came after it would hear that there is no such message.
    func hide(_ stanza: Stanza, by occupant: Occupant) {
        broadcast(passed(stanza, by: occupant), to: occupant.sessionJIDs)
    }

    /// Who will moderate as soon as they are inside.
    private func isAboveFilters(_ person: JID) -> Bool { moderatesFromOutside(person) }

    private var hasFilter: Bool { context.siteFilter != nil || speech.filter(configuration.moderation.filter) != nil }

    private func judge(_ text: String) -> FilterRules.Action? {
        if let site = context.siteFilter, site.matches(text) { return context.settings.filter.action }
        let rules = configuration.moderation.filter
        return speech.filter(rules)?.matches(text) == true ? rules.action : nil
    }

    /// Attributes that hold addresses, in whatever namespace: links of XHTML, of files, of references.
    private static let linking: Set<String> = ["href", "src", "target", "uri", "url"]

    /// All character data, whatever the elements mean, and all addresses. Depth is bounded by the parser.
    private static func text(_ element: Element) -> String {
        let nodes = element.nodes.map { node in
            switch node {
            case .text(let text): text
            case .element(let child): text(child) + "\n"
            }
        }
        let addresses = element.attributes.filter { linking.contains($0.name) }.map { "\n" + $0.value }
        return nodes.joined() + addresses.joined()
    }
}
