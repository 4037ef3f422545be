internal import CLibXML2

/// The C side: functions that find their `XMLTreeBuilder` and call it.
extension XMLTreeBuilder {
    static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { builder, name, _, uri, _, _, count, _, attributes in
            guard let builder = XMLTreeBuilder.from(builder), let name else { return }
            builder.pointee.startElement(name, uri, attributeCount: Int(count), attributes)
        }
        handler.endElementNs = { builder, _, _, _ in XMLTreeBuilder.from(builder)?.pointee.endElement() }
        handler.characters = text
        handler.cdataBlock = text
        // The same as `characters`, so that libxml2 does not ponder whether white space is ignorable.
        handler.ignorableWhitespace = text
        // The scanner has refused all of these; here in case that the two ever disagree.
        handler.comment = { builder, _ in XMLTreeBuilder.restrict(builder) }
        handler.processingInstruction = { builder, _, _ in XMLTreeBuilder.restrict(builder) }
        handler.internalSubset = { builder, _, _, _ in XMLTreeBuilder.restrict(builder) }
        // Asked for any entity but the five that XML predefines.
        handler.getEntity = { builder, _ in
            XMLTreeBuilder.restrict(builder)
            return nil
        }
        // The structured one: the other is variadic, and would print.
        handler.serror = { builder, error in
            guard let error else { return }
            XMLTreeBuilder.from(builder)?.pointee.fail(error.pointee)
        }
        return handler
    }

    private static let text: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<xmlChar>?, Int32) -> Void = {
        builder, text, count in
        let bytes = UnsafeBufferPointer(start: text, count: Int(max(count, 0)))
        XMLTreeBuilder.from(builder)?.pointee.characters(bytes)
    }

    private static func restrict(_ builder: UnsafeMutableRawPointer?) {
        from(builder)?.pointee.fail(.restrictedXML, "Entities, comments and instructions are not allowed.")
    }

    /// What `userData` of the context points to.
    private static func from(_ builder: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLTreeBuilder>? {
        builder?.assumingMemoryBound(to: XMLTreeBuilder.self)
    }
}
