import XMPP

/// What the server answers about itself, on its own domain and on that of its services.
struct ServerQueries: Sendable {
    enum Place: Sendable {
        /// The domain of the visitors.
        case server
        /// The MUC service, which answers disco itself.
        case rooms
    }

    /// Features that every one of our domains has.
    static let features = [Namespace.ping, Namespace.version, Namespace.time, Namespace.vCard]

    let name = "samepage"
    let version: String
    /// Listed as items of the server (XEP-0030 §4).
    let services: [JID]
    /// Whom to turn to (XEP-0157).
    var contacts: Element?
    /// Our address on the web, for the card.
    var url: String?

    /// The answer to an IQ; nil when none is allowed.
    func answer(_ stanza: Stanza, on place: Place) -> Result<Stanza?, StanzaError> {
        guard stanza.isRequest, let payload = stanza.payload.first else { return .success(nil) }
        let reply: Element?
        switch (stanza.type, payload.namespace, payload.name) {
        // XEP-0199
        case ("get", Namespace.ping, "ping"): return .success(stanza.result())
        // RFC 3921 §3: clients of its time ask for a session; RFC 6121 made it a no-operation.
        case ("set", Namespace.session, "session"): return .success(stanza.result())
        case ("get", Namespace.version, "query"): reply = versionAnswer
        case ("get", Namespace.time, "time"): reply = timeAnswer
        // XEP-0054: of the service itself; nobody has a card here.
        case ("get", Namespace.vCard, "vCard") where stanza.to?.isDomain == true: reply = card(place)
        case ("get", Namespace.discoInfo, "query") where place == .server && payload["node"] == nil: reply = discoInfo
        case ("get", Namespace.discoItems, "query") where place == .server && payload["node"] == nil: reply = discoItems
        case (_, Namespace.discoInfo, "query"), (_, Namespace.discoItems, "query"):
            return .failure(.itemNotFound())
        default: return .failure(.serviceUnavailable())
        }
        return .success(stanza.result(reply))
    }

    /// XEP-0092. The operating system is nobody's business.
    private var versionAnswer: Element {
        Element(
            "query", Namespace.version,
            [
                Element("name", Namespace.version, text: name), Element("version", Namespace.version, text: version),
            ])
    }

    /// XEP-0202.
    private var timeAnswer: Element {
        Element(
            "time", Namespace.time,
            [
                Element("tzo", Namespace.time, text: "+00:00"),
                Element("utc", Namespace.time, text: DateTime.string(milliseconds: WallClock.now)),
            ])
    }

    private var discoInfo: Element {
        var query = Element("query", Namespace.discoInfo)
        query.append(Element("identity", Namespace.discoInfo, ["category": "server", "type": "im", "name": name]))
        for feature in [Namespace.discoInfo, Namespace.discoItems, Namespace.visitor] + Self.features {
            query.append(Element("feature", Namespace.discoInfo, ["var": feature]))
        }
        if let contacts { query.append(contacts) }
        return query
    }

    private func card(_ place: Place) -> Element {
        var fields = [("FN", place == .rooms ? "Page rooms" : name), ("ROLE", "Chat rooms of web pages")]
        if let url { fields.append(("URL", url)) }
        return Element("vCard", Namespace.vCard, fields.map { Element($0.0, Namespace.vCard, text: $0.1) })
    }

    private var discoItems: Element {
        Element(
            "query", Namespace.discoItems,
            services.map { Element("item", Namespace.discoItems, ["jid": $0.description, "name": "Page rooms"]) })
    }
}
