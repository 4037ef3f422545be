/// The last stanzas of a stream that what follows may be copies of.
///
/// A service may write to several rooms at a time, so there are a few.
struct RepeatedStanzas {
    enum Match {
        case none
        /// The bytes end before it is decided.
        case incomplete
        /// A copy that goes on to this address, up to `end`.
        case copy(RepeatedStanza, to: JID, end: Int)
        /// A copy for what is no address, or of what is no stanza: to be judged like any element.
        case element(Element, end: Int)
    }

    private static let capacity = 4

    /// The latest first.
    private var stanzas: [RepeatedStanza] = []
    private var addresses = JIDCache()

    mutating func remember(_ bytes: Span<UInt8>, _ element: Element) {
        guard let stanza = RepeatedStanza(bytes, element) else { return }
        if stanzas.count >= Self.capacity { stanzas.removeLast() }
        stanzas.insert(stanza, at: 0)
    }

    mutating func removeAll() { stanzas = [] }

    /// Whether a copy begins at `start`, of at most so many bytes.
    mutating func match(_ bytes: Span<UInt8>, from start: Int, limit: Int) -> Match {
        var isIncomplete = false
        for stanza in stanzas {
            switch stanza.match(bytes, from: start) {
            case .none: continue
            case .incomplete: isIncomplete = true
            case .copy(let recipient, let end):
                guard end - start <= limit else { return .none }
                let text = bytes.extracting(recipient)
                if stanza.stanza != nil, let address = addresses.jid(text) {
                    return .copy(stanza, to: address, end: end)
                }
                return .element(stanza.element(to: String(copying: text)), end: end)
            }
        }
        return isIncomplete ? .incomplete : .none
    }
}
