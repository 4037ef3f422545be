internal import CLibXML2

/// Grows an `Element` from the SAX2 events of one document.
///
/// The pointers in an event are valid during that event only; names, values and text are made strings there.
struct XMLTreeBuilder {
    /// What was wrong first; nothing is read after it.
    private(set) var failure: StreamError?

    private let limits: XMLLimits
    /// Comes out as `jabber:client`.
    private let contentNamespace: String?
    private var names = XMLNameCache()
    private var context: xmlParserCtxtPtr?
    /// Elements whose end tag has not come.
    private var open: [Element] = []
    private var root: Element?
    /// Character data since the last tag.
    private var text: [UInt8] = []
    /// How many start tags to skip: those around the element that is wanted.
    private var skipped = 0
    private var depth = 0
    private var namespaceBytes = 0

    init(limits: XMLLimits, contentNamespace: String) {
        self.limits = limits
        self.contentNamespace = contentNamespace == Namespace.client ? nil : contentNamespace
    }

    /// Begins a document. `skipped` elements around the one that is wanted are left out.
    mutating func begin(_ context: xmlParserCtxtPtr, at skipped: Int) {
        self.context = context
        self.skipped = skipped
        failure = nil
        depth = 0
        namespaceBytes = 0
    }

    /// Ends a document, and returns the element when it was complete.
    mutating func finish() -> Element? {
        let result = root
        root = nil
        context = nil
        open.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        return result
    }

    /// The dictionary is gone, and with it what the names were known by.
    mutating func forgetNames() {
        names.removeAll()
    }

    mutating func startElement(
        _ name: UnsafePointer<xmlChar>, _ uri: UnsafePointer<xmlChar>?, attributeCount: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard failure == nil, let context else { return }
        // Two entries each, prefix and name.
        guard Int(context.pointee.nsNr) / 2 <= limits.namespaces else {
            return fail(.policyViolation, "Too many namespaces.")
        }
        flushText()
        depth += 1
        guard depth > skipped else { return }
        var element = Element(names[name], namespace(uri))
        if element.namespace != open.last?.namespace { namespaceBytes += element.namespace.utf8.count }
        if let attributes, attributeCount > 0 {
            element.attributes.reserveCapacity(attributeCount)
            for index in 0..<attributeCount {
                append(attributes + index * 5, to: &element)
            }
        }
        guard namespaceBytes <= limits.namespaceBytes else {
            return fail(.policyViolation, "Namespaces take too much room.")
        }
        open.append(element)
    }

    /// An attribute is five pointers: local name, prefix, namespace, and where the value begins and ends.
    private mutating func append(_ attribute: UnsafeMutablePointer<UnsafePointer<xmlChar>?>, to element: inout Element)
    {
        guard let name = attribute[0], let start = attribute[3], let end = attribute[4] else { return }
        let namespace = attribute[2].map { names[$0] } ?? ""
        namespaceBytes += namespace.utf8.count
        let value = String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
        element.attributes.append(Element.Attribute(name: names[name], namespace: namespace, value: value))
    }

    private mutating func namespace(_ uri: UnsafePointer<xmlChar>?) -> String {
        guard let uri else { return "" }
        let namespace = names[uri]
        return namespace == contentNamespace ? Namespace.client : namespace
    }

    mutating func endElement() {
        guard failure == nil else { return }
        flushText()
        depth -= 1
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].nodes.append(.element(element))
        }
    }

    mutating func characters(_ bytes: UnsafeBufferPointer<xmlChar>) {
        guard failure == nil, !open.isEmpty else { return }
        text.append(contentsOf: bytes)
    }

    /// libxml2 gives text in portions; the tree has it in one.
    private mutating func flushText() {
        guard !text.isEmpty, !open.isEmpty else { return }
        open[open.count - 1].nodes.append(.text(String(decoding: text, as: UTF8.self)))
        text.removeAll(keepingCapacity: true)
    }

    /// Keeps the first failure and stops. `xmlStopParser` would free the input under the feet of the function that
    /// called us; the state alone ends the parse just as well, and silences the errors that follow from the first.
    mutating func fail(_ condition: StreamError.Condition, _ text: String) {
        if failure == nil { failure = StreamError(condition, text) }
        guard let context else { return }
        context.pointee.instate = XML_PARSER_EOF
        context.pointee.disableSAX = 1
    }

    /// What libxml2 has to say. Warnings are about style: an unknown language, an odd `xml:space`.
    mutating func fail(_ error: xmlError) {
        guard error.level.rawValue > XML_ERR_WARNING.rawValue, !XMLTreeParser.isHarmless(error.code) else { return }
        switch UInt32(bitPattern: error.code) {
        case XML_ERR_NO_MEMORY.rawValue: fail(.resourceConstraint, "Out of memory.")
        case XML_ERR_NAME_TOO_LONG.rawValue: fail(.policyViolation, "A name is too long.")
        default: fail(.notWellFormed, "Not well-formed.")
        }
    }
}
