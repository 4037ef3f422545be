import XMPP

/// Fetches what one visitor has missed of one room from the room's archive (XEP-0313), page by page (XEP-0059), after
/// the last message that it has seen.
///
/// The first pages are the oldest. Where more was missed than these may hold, the newest page comes last, so that the
/// visitor at least sees what is spoken of now.
struct CatchUp: Sendable {
    enum Answer: Hashable, Sendable {
        case unconcerned
        case ask(Stanza)
        /// Everything there is, or as much as there may be.
        case done
        /// The archive cannot be asked.
        case failed
    }

    let room: JID
    let session: JID
    private let limits: RemoteMUCLimits
    private let serial: UInt64
    /// The id of the last message seen; nil where the archive does not know it: then by time.
    private var after: String?
    private let since: Int64
    private var pages = 0
    private var isAtNewest = false
    /// Messages of this page.
    private var received = 0
    private(set) var deadline: Int64
    /// Ids of what the visitor has been given: at most all pages full of them.
    private(set) var delivered: Set<String> = []
    /// New messages that came meanwhile, in order.
    var held: [Stanza] = []

    /// - Parameters:
    ///   - after: The room's id of the last message that was seen; nil when that is not known.
    ///   - since: When it was seen, in milliseconds since 1970, for an archive that does not know the id.
    init(
        room: JID, session: JID, after: String?, since: Int64, limits: RemoteMUCLimits, serial: UInt64, now: Int64
    ) {
        self.room = room
        self.session = session
        self.after = after
        self.since = since
        self.limits = limits
        self.serial = serial
        deadline = now + limits.answerTimeout
    }

    private static let prefix = "samepage-missed-"

    private var id: String { "\(Self.prefix)\(serial)-\(pages)" }

    /// Whether an id is one of a question asked here, perhaps a past one.
    static func isOurs(_ id: String?) -> Bool { id?.hasPrefix(prefix) ?? false }

    mutating func ask(now: Int64) -> Stanza {
        pages += 1
        received = 0
        deadline = now + limits.answerTimeout
        var query = Element("query", Namespace.mam, ["queryid": id])
        if after == nil, !isAtNewest { query.append(form) }
        var page = Element("set", Namespace.resultSets)
        page.append(Element("max", Namespace.resultSets, text: String(limits.catchUpPageSize)))
        if isAtNewest {
            page.append(Element("before", Namespace.resultSets))
        } else if let after {
            page.append(Element("after", Namespace.resultSets, text: after))
        }
        query.append(page)
        return Stanza(.iq, type: "set", id: id, from: session, to: room, [query])
    }

    private var form: Element {
        func field(_ name: String, _ value: String, type: String? = nil) -> Element {
            Element(
                "field", Namespace.dataForms, ["var": name, "type": type],
                [Element("value", Namespace.dataForms, text: value)])
        }
        return Element(
            "x", Namespace.dataForms, ["type": "submit"],
            [
                field("FORM_TYPE", Namespace.mam, type: "hidden"),
                field("start", DateTime.string(milliseconds: since)),
            ])
    }

    /// Takes a message of the page; nil when this is none of it, else what the client gets: the message as the room
    /// reflected it, with its id and a delay (XEP-0203). `.some(nil)` for what it is not to get.
    mutating func message(_ stanza: Stanza) -> Stanza?? {
        guard let result = stanza.child("result", Namespace.mam), result["queryid"] == id else { return nil }
        received += 1
        guard received <= limits.catchUpPageSize, let key = result["id"], !delivered.contains(key),
            let forwarded = result.child("forwarded", Namespace.forward),
            let stamp = forwarded.child("delay", Namespace.delay)?["stamp"],
            let time = DateTime.milliseconds(stamp),
            let inner = forwarded.child("message", Namespace.client), var message = try? Stanza(inner),
            message.isGroupchat, !message.isSubject, message.from?.bare == room
        else { return .some(nil) }
        delivered.insert(key)
        message.to = session
        message.removeChildren { child in
            switch (child.name, child.namespace) {
            // The room's own words, repeated or replaced; and JIDs that an archive tells the privileged.
            case ("delay", Namespace.delay), ("x", Namespace.mucUser): true
            case ("stanza-id", Namespace.stanzaIDs): child["by"].flatMap(JID.init) == room
            default: false
            }
        }
        message.payload.append(
            Element("stanza-id", Namespace.stanzaIDs, ["by": room.description, "id": key]))
        message.payload.append(
            Element(
                "delay", Namespace.delay,
                ["from": room.description, "stamp": DateTime.string(milliseconds: time)]))
        return message
    }

    /// Takes the answer to the query, which ends its page.
    mutating func answer(_ stanza: Stanza, now: Int64) -> Answer {
        guard stanza.kind == .iq, !stanza.isRequest, stanza.id == id else { return .unconcerned }
        if let error = stanza.reportedError {
            // The archive does not go back that far, or has begun anew (XEP-0059 §2.2).
            guard error.condition == .itemNotFound, after != nil else { return .failed }
            after = nil
            return .ask(ask(now: now))
        }
        guard let fin = stanza.child("fin", Namespace.mam) else { return .failed }
        let isComplete = fin["complete"] == "true" || fin["complete"] == "1"
        let last = fin.child("set", Namespace.resultSets)?.child("last", Namespace.resultSets)?.text ?? ""
        guard !isComplete, !isAtNewest, received > 0, !last.isEmpty, last != after else { return .done }
        after = last
        if pages >= limits.catchUpPages { isAtNewest = true }
        return .ask(ask(now: now))
    }
}
