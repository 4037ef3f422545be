import XMPP

/// A reproducible source of randomness (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func pick<Value>(_ values: [Value], or fallback: Value) -> Value {
        values.randomElement(using: &self) ?? fallback
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    /// A tree that XML can say: adjacent texts are one, no attribute twice.
    mutating func element(depth: Int = 0) -> Element {
        var element = Element(name(), namespace())
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            let attribute = Element.Attribute(name: name(), namespace: attributeNamespace(), value: text())
            let isNew = !element.attributes.contains {
                $0.name == attribute.name && $0.namespace == attribute.namespace
            }
            if isNew { element.attributes.append(attribute) }
        }
        guard depth < 5 else { return element }
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            if chance(50) {
                element.append(self.element(depth: depth + 1))
            } else if case .text = element.nodes.last {
                continue
            } else {
                let text = text()
                if !text.isEmpty { element.nodes.append(.text(text)) }
            }
        }
        return element
    }

    private mutating func name() -> String {
        pick(["a", "body", "x", "_", "été", "名前", "a-b.c", "message", "stream", "xmln", "n0", "a\u{301}"], or: "a")
    }

    private mutating func namespace() -> String {
        pick(
            ["", "jabber:client", Namespace.mucUser, "foo", "a b", "urn:x:'\"<>&\t\n", Namespace.xml, "é", "\\"],
            or: "")
    }

    private mutating func attributeNamespace() -> String {
        chance(70) ? "" : pick([Namespace.xml, "urn:x:1", "foo", "jabber:client", "'\""], or: "")
    }

    private mutating func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...6, using: &self) {
            text += pick(
                [
                    "a", " ", "\t", "\n", "\r", "\r\n", "<", ">", "&", "'", "\"", "]]>", "&amp;", "é", "e\u{301}", "😀",
                    "\u{FFFD}", "\u{7F}", "\u{85}", "\u{2028}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}", "<![CDATA[", "%",
                ], or: "")
        }
        return text
    }

    /// Changes a few bytes: flips, insertions, deletions, doubled parts.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        let special = Array("<>/!?&;'\"= :[]-x\u{0}\t\n#".utf8) + [0x80, 0xC0, 0xED, 0xEF, 0xBF, 0xFF]
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            guard !bytes.isEmpty else { break }
            let index = Int.random(in: bytes.indices, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: bytes[index] = pick(special, or: 0)
            case 2: bytes.insert(pick(special, or: 0), at: index)
            case 3: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(12), at: index)
            }
        }
        return bytes
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}
