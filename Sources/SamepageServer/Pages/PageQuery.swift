/// The query of a page, reduced to the parameters that tell pages apart.
struct PageQuery: Sendable {
    /// Which parameters stay.
    enum Kept {
        /// Those that the site's configuration names.
        case named([String])
        /// All but tracking parameters: for a key that already went through the rules.
        case all
    }

    /// `name=value` joined by `&`, sorted by name; empty when nothing stays.
    private(set) var text: [UInt8] = []
    private(set) var steps: [PageAddress.Step] = []

    init(_ written: [UInt8]?, kept: Kept) {
        guard let written else { return }
        var parameters: [(name: [UInt8], pair: [UInt8])] = []
        var dropped = 0
        for part in written.split(separator: UInt8(ascii: "&")) {
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            let decodedName = Self.decoded(name)
            guard Self.keeps(decodedName, kept) else {
                dropped += 1
                continue
            }
            let value = Self.decoded(part[name.endIndex...].dropFirst())
            let pair = Self.encoded(decodedName) + [UInt8(ascii: "=")] + Self.encoded(value)
            parameters.append((decodedName, pair))
        }
        // Swift's sort is stable: repeats of a name stay in their order.
        parameters.sort { $0.name.lexicographicallyPrecedes($1.name) }
        text = Array(parameters.map(\.pair).joined(separator: [UInt8(ascii: "&")]))
        if dropped > 0 {
            steps.append(.init(.query, "dropped \(dropped) query parameter\(dropped == 1 ? "" : "s")"))
        } else if text.isEmpty {
            steps.append(.init(.query, "dropped the empty query"))
        } else if text != written {
            steps.append(.init(.query, "sorted and normalised the query"))
        }
    }

    /// Whether a parameter only tells where a visitor came from. Such a parameter never makes another page.
    static func isTracking(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasPrefix("utm_") || trackingNames.contains(name)
    }

    private static let trackingNames: Set<String> = [
        "_ga", "_gl", "_hsenc", "_hsmi", "dclid", "fbclid", "gad_source", "gbraid", "gclid", "gclsrc", "igshid",
        "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id", "srsltid", "ttclid",
        "twclid", "vero_id", "wbraid", "yclid",
    ]

    private static func keeps(_ name: [UInt8], _ kept: Kept) -> Bool {
        guard !isTracking(String(decoding: name, as: UTF8.self)) else { return false }
        switch kept {
        case .all: return true
        case .named(let names): return names.contains { $0.utf8.elementsEqual(name) }
        }
    }

    /// Decodes as a form does: `+` is a space (WHATWG URL, §5.1).
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        PercentEncoding.decoded(bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }[...])
    }

    private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { PercentEncoding.isParameterByte($0) ? [$0] : ASCII.percentEncoded($0) }
    }
}
