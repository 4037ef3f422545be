import XMPP

/// The request of a query (XEP-0313 §4): filters in a form, the page in a set (XEP-0059).
struct ArchiveForm {
    var query: ArchiveQuery
    /// Whose messages are wanted.
    var with: JID?

    /// Longest `queryid`, in bytes: it is repeated with every message.
    static let queryIDLength = 256

    /// - Throws: `bad-request` for what makes no sense, `feature-not-implemented` for unknown fields (§4.1.6) and pages by
    ///   index, `item-not-found` for ids that this server never gave.
    init(_ element: Element, room: String, _ limits: MUCLimits) throws(StanzaError) {
        query = ArchiveQuery(room: room, max: limits.archivePage, maxSize: limits.archivePageSize)
        guard element["node"] == nil else { throw .itemNotFound() }
        guard element["queryid"].map({ $0.utf8.count <= Self.queryIDLength }) ?? true else {
            throw .badRequest("A queryid has at most \(Self.queryIDLength) bytes.")
        }
        if let form = element.child("x", Namespace.dataForms) { try read(form, limits) }
        if let set = element.child("set", Namespace.resultSets) { try readPage(set, limits) }
    }

    /// The fields there are, for clients that ask (§4.1.6).
    static var fields: Element {
        var form = Element("x", Namespace.dataForms, ["type": "form"])
        let value = Element("value", Namespace.dataForms, text: Namespace.mam)
        form.append(Element("field", Namespace.dataForms, ["var": "FORM_TYPE", "type": "hidden"], [value]))
        form.append(Element("field", Namespace.dataForms, ["var": "with", "type": "jid-single"]))
        for name in ["start", "end", "before-id", "after-id"] {
            form.append(Element("field", Namespace.dataForms, ["var": name, "type": "text-single"]))
        }
        let open = Element("open", Namespace.dataValidation)
        let validate = Element("validate", Namespace.dataValidation, ["datatype": "xs:string"], [open])
        form.append(Element("field", Namespace.dataForms, ["var": "ids", "type": "list-multi"], [validate]))
        return form
    }

    private mutating func read(_ form: Element, _ limits: MUCLimits) throws(StanzaError) {
        guard form["type"] == "submit" else { throw .badRequest("A query submits its form.") }
        var seen: Set<String> = []
        for field in form.children where field.isNamed("field", Namespace.dataForms) {
            guard let name = field["var"], seen.insert(name).inserted else {
                throw .badRequest("Every field has a name of its own.")
            }
            let values = field.children.filter { $0.isNamed("value", Namespace.dataForms) }.map(\.text)
            if name == "ids" {
                guard !values.isEmpty, values.count <= limits.archivePage else {
                    throw .badRequest("Ask for 1 to \(limits.archivePage) ids.")
                }
                query.ids = try values.map { (value) throws(StanzaError) in try Self.id(value) }
            } else {
                guard values.count == 1, let value = values.first else { throw .badRequest("\(name) has one value.") }
                try read(name, value)
            }
        }
        guard seen.contains("FORM_TYPE") else { throw .badRequest("The form says no FORM_TYPE.") }
    }

    private mutating func read(_ name: String, _ value: String) throws(StanzaError) {
        switch name {
        case "FORM_TYPE":
            guard value == Namespace.mam else { throw .badRequest("That is a form for something else.") }
        case "start": query.start = try Self.time(value)
        case "end": query.end = try Self.time(value)
        case "with":
            guard let jid = JID(value) else { throw .jidMalformed("with is no JID.") }
            with = jid
        case "before-id": query.beforeID = try Self.id(value)
        case "after-id": query.afterID = try Self.id(value)
        default: throw StanzaError(.featureNotImplemented, nil, "There is no field \(name.prefix(bytes: 64)).")
        }
    }

    private mutating func readPage(_ set: Element, _ limits: MUCLimits) throws(StanzaError) {
        if let text = set.child("max", Namespace.resultSets)?.text {
            guard let maximum = Int(text), maximum >= 0 else { throw .badRequest("max is no number.") }
            query.max = min(maximum, limits.archivePage)
        }
        guard set.child("index", Namespace.resultSets) == nil else {
            throw StanzaError(.featureNotImplemented, nil, "Pages have no numbers here.")
        }
        let after = set.child("after", Namespace.resultSets)?.text
        let before = set.child("before", Namespace.resultSets)?.text
        switch (after, before) {
        case (nil, nil): break
        case (let after?, nil): query.page = .after(after.isEmpty ? nil : try Self.id(after))
        case (nil, let before?): query.page = .before(before.isEmpty ? nil : try Self.id(before))
        default: throw .badRequest("A page is either before or after a message.")
        }
    }

    private static func id(_ text: String) throws(StanzaError) -> StanzaID {
        guard let id = StanzaID(text) else { throw .itemNotFound("There is no message with that id.") }
        return id
    }

    private static func time(_ text: String) throws(StanzaError) -> Int64 {
        guard let time = DateTime.milliseconds(text) else { throw .badRequest("That is no time of XEP-0082.") }
        return time
    }
}
