import XMPP

/// The service's own address (XEP-0045 §6.2, §6.3).
extension MUCService {
    func handleAtService(_ stanza: Stanza) throws(StanzaError) -> MUCOutcome {
        switch stanza.kind {
        case .presence: return .handled([])
        case .message: throw .serviceUnavailable("Messages go to a room.")
        case .iq: break
        }
        guard stanza.isRequest, let payload = stanza.payload.first else { return .handled([]) }
        guard stanza.type == "get", payload.name == "query" else { return .unhandled }
        switch payload.namespace {
        case Namespace.discoInfo:
            guard payload["node"] == nil else { throw .itemNotFound() }
            return .handled([.send(stanza.result(discoInfo))])
        case Namespace.discoItems:
            guard payload["node"] == nil else { throw .itemNotFound() }
            return .handled([.send(stanza.result(discoItems))])
        default: return .unhandled
        }
    }

    private var discoInfo: Element {
        var query = Element("query", Namespace.discoInfo)
        query.append(
            Element(
                "identity", Namespace.discoInfo, ["category": "conference", "type": "text", "name": settings.name]))
        let features =
            [
                Namespace.discoInfo, Namespace.discoItems, Namespace.muc, Namespace.mucStableID, Namespace.mucSelfPing,
                Namespace.occupantID, Namespace.stanzaIDs, Namespace.commands,
            ] + settings.features
        for feature in features { query.append(Element("feature", Namespace.discoInfo, ["var": feature])) }
        for form in settings.information { query.append(form) }
        return query
    }

    /// The public rooms, those with somebody inside first, at most `MUCLimits.discoItems` of them.
    private var discoItems: Element {
        let maximum = settings.limits.discoItems > 0 ? settings.limits.discoItems : Int.max
        var items: [Element] = []
        for localpart in occupied.elements {
            guard items.count < maximum else { break }
            guard let room = rooms[localpart], room.configuration.isPublic else { continue }
            items.append(room.discoItem)
        }
        for room in rooms.values {
            guard items.count < maximum else { break }
            guard room.isEmpty, room.configuration.isPublic else { continue }
            items.append(room.discoItem)
        }
        return Element("query", Namespace.discoItems, items)
    }
}

extension Room {
    /// `<item/>` in the service's list.
    fileprivate var discoItem: Element {
        Element("item", Namespace.discoItems, ["jid": jid.description, "name": configuration.name])
    }
}
