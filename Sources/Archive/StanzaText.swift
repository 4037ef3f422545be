import XMPP

/// Stanzas as they stand in the database: XML.
enum StanzaText {
    static func bytes(_ stanza: Stanza) -> [UInt8] { stanza.element.serialized }

    static func write(_ stanza: Stanza) -> String {
        String(decoding: bytes(stanza), as: UTF8.self)
    }

    /// Reads stanzas that we wrote ourselves; not for two threads at once.
    struct Reader {
        private let parser: StreamParser

        init() {
            // What was let in once is read, whatever limits hold now: these are the greatest that can be configured, and
            // what a room adds.
            var limits = XMLLimits()
            limits.stanzaBytes = 64 * 1_024 * 1_024
            limits.depth = 1_100
            limits.attributes = 1_100
            limits.elements = 101_000
            limits.namespaces = 11_000
            limits.namespaceBytes = 64 * 1_024 * 1_024
            parser = StreamParser(mode: .document, limits: limits)
        }

        /// Nil for what is no stanza: somebody has changed the database.
        func read(_ text: String) -> Stanza? {
            let bytes = Array(text.utf8)
            guard let element = try? parser.parseDocument(bytes.span) else { return nil }
            return try? Stanza(element)
        }
    }
}
