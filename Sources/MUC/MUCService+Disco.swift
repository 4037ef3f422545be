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
            return .handled([.send(stanza.result(try discoItems(payload)))])
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
                Namespace.occupantID, Namespace.stanzaIDs, Namespace.hats, Namespace.commands,
                Namespace.lurk,
                ResultSetRequest.namespace,
            ] + settings.features
        for feature in features { query.append(Element("feature", Namespace.discoInfo, ["var": feature])) }
        for form in settings.information { query.append(form) }
        return query
    }

    /// The public rooms, at most `MUCLimits.discoItems` of them. Who pages through them (XEP-0059) gets all in their
    /// order; who does not gets those with somebody inside first.
    private func discoItems(_ query: Element) throws(StanzaError) -> Element {
        let maximum = settings.limits.discoItems > 0 ? settings.limits.discoItems : Int.max
        if let request = try ResultSetRequest(query) {
            return page(request, maximum: min(maximum, request.maximum ?? .max))
        }
        var items: [Element] = []
        for localpart in occupied.elements {
            guard items.count < maximum else { break }
            if let room = rooms[localpart], room.isListed { items.append(room.discoItem) }
        }
        for localpart in listed.names {
            guard items.count < maximum else { break }
            if rooms[localpart]?.isEmpty ?? true, let item = discoItem(localpart) { items.append(item) }
        }
        return Element("query", Namespace.discoItems, items)
    }

    private func page(_ request: ResultSetRequest, maximum: Int) -> Element {
        let range = listed.page(position(request.position), maximum: maximum)
        let items = listed.names[range].compactMap(discoItem)
        let set = ResultSet(
            first: items.first?["jid"], last: items.last?["jid"], index: range.lowerBound, count: listed.count)
        return Element("query", Namespace.discoItems, items + [set.element])
    }

    /// Of a room that is listed, open or not.
    private func discoItem(_ localpart: String) -> Element? {
        if let room = rooms[localpart] { return room.discoItem }
        guard let name = shelf[localpart]?.name,
            let jid = JID(localpart: localpart, domain: settings.service.domain)
        else { return nil }
        return Element("item", Namespace.discoItems, ["jid": jid.description, "name": name])
    }

    /// What lies beside a room is named by the room's address.
    private func position(_ position: ResultSetRequest.Position) -> ResultSetRequest.Position {
        func name(_ address: String) -> String { JID(address)?.localpart ?? address }
        return switch position {
        case .after(let address): .after(name(address))
        case .before(let address): .before(name(address))
        default: position
        }
    }
}

extension Room {
    /// `<item/>` in the service's list.
    fileprivate var discoItem: Element {
        Element("item", Namespace.discoItems, ["jid": jid.description, "name": configuration.name])
    }
}
