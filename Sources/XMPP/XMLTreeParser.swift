internal import CLibXML2

/// One complete document in, one `Element` out: the only code that calls libxml2.
///
/// libxml2 judges names, nesting, namespaces and characters, and its SAX2 events build the tree. It is told nothing by
/// the document itself: declarations are read before (`XMLDeclaration`), and whatever could hold an entity is refused.
final class XMLTreeParser {
    private var builder: XMLTreeBuilder
    /// Made when first needed, and kept for its dictionary of names as long as all goes well. What an error leaves
    /// behind in a context (in 2.9 the namespaces in scope) must not reach the next document, maybe another peer's.
    private var context: xmlParserCtxtPtr?
    /// The document with a NUL behind it. libxml2 reads in place what ends like this, without buffers of its own.
    private var document: [UInt8] = []

    init(limits: XMLLimits, contentNamespace: String) {
        builder = XMLTreeBuilder(limits: limits, contentNamespace: contentNamespace)
    }

    deinit {
        xmlFreeParserCtxt(context)
    }

    /// Parses a document without declaration.
    ///
    /// - Parameter depth: Which element is wanted: 0 the root, 1 its only child.
    func parse(_ bytes: Span<UInt8>, at depth: Int) throws(StreamError) -> Element {
        // libxml2 lets overlong forms pass.
        do { _ = try UTF8Span(validating: bytes) } catch { throw XMLScanner.malformed("Not UTF-8.") }
        guard let context = preparedContext() else { throw StreamError(.resourceConstraint) }
        document.removeAll(keepingCapacity: true)
        bytes.withUnsafeBufferPointer { document.append(contentsOf: $0) }
        document.append(0)
        builder.begin(context, at: depth)
        let isParsed = XMLTreeParser.parse(document, in: context, into: &builder)
        let root = builder.finish()
        guard isParsed, let root else {
            let error = builder.failure ?? XMLScanner.malformed("Not well-formed.")
            discardContext()
            throw error
        }
        if XMLTreeParser.isWornOut(context) { discardContext() }
        return root
    }

    /// Whether libxml2 has nothing against the document.
    private static func parse(
        _ document: [UInt8], in context: xmlParserCtxtPtr, into builder: inout XMLTreeBuilder
    ) -> Bool {
        document.withUnsafeBufferPointer { bytes in
            withUnsafeMutablePointer(to: &builder) { builder in
                guard let input = xmlNewStringInputStream(context, bytes.baseAddress) else { return false }
                guard inputPush(context, input) >= 0 else {
                    xmlFreeInputStream(input)
                    return false
                }
                // The builder stays where it is until the parse is over; nobody calls back after that.
                context.pointee.userData = UnsafeMutableRawPointer(builder)
                xmlParseDocument(context)
                let isAccepted =
                    builder.pointee.failure == nil && context.pointee.wellFormed == 1
                    && XMLTreeParser.isHarmless(context.pointee.errNo)
                context.pointee.userData = nil
                // Lets go of the input while it is still there.
                xmlCtxtReset(context)
                return isAccepted
            }
        }
    }

    /// libxml2 calls documents well-formed that break the rules of namespaces, so any error is fatal but these two: a
    /// namespace name is compared, never resolved, and `foo` or `a b` is as good as any. To refuse what the common
    /// servers let pass would end a link for a stanza that some stranger sent through it.
    static func isHarmless(_ code: Int32) -> Bool {
        let code = UInt32(bitPattern: code)
        return code == XML_ERR_OK.rawValue || code == XML_WAR_NS_URI.rawValue
            || code == XML_WAR_NS_URI_RELATIVE.rawValue
    }

    /// The dictionary never forgets a name, and fails when it is full: it is replaced long before.
    private static func isWornOut(_ context: xmlParserCtxtPtr) -> Bool {
        let dictionary = context.pointee.dict
        return xmlDictSize(dictionary) > mostNames || xmlDictGetUsage(dictionary) > mostNameBytes
    }

    private static let mostNames: Int32 = 4_096
    private static let mostNameBytes = 131_072

    private func discardContext() {
        builder.forgetNames()
        xmlFreeParserCtxt(context)
        context = nil
    }

    private func preparedContext() -> xmlParserCtxtPtr? {
        if let context { return context }
        _ = XMLTreeParser.library
        guard let new = xmlNewParserCtxt() else { return nil }
        guard let sax = new.pointee.sax, xmlCtxtUseOptions(new, XMLTreeParser.options) == 0 else {
            xmlFreeParserCtxt(new)
            return nil
        }
        sax.pointee = XMLTreeBuilder.handler
        context = new
        return new
    }

    /// No network; libxml2's own limits stand (`XML_PARSE_HUGE` is off). `NOENT` sounds worse than it is: without it,
    /// `&amp;` in an attribute comes out as `&#38;`; and the entities it would replace cannot be declared here.
    /// `OLD10`: names as before the fifth edition of XML 1.0, since expat knows no others, and with it Prosody, ejabberd
    /// and Firefox: what is passed on to them must not end their streams.
    private static let options = Int32(
        XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue | XML_PARSE_OLD10.rawValue)

    /// libxml2 wants to be initialised before the first of several threads uses it.
    private static let library: Void = xmlInitParser()
}
