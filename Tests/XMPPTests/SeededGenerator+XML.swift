import SeededTesting
import XMPP

extension SeededGenerator {
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

    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        mutated(bytes, special: Array("<>/!?&;'\"= :[]-x\u{0}\t\n#".utf8) + [0x80, 0xC0, 0xED, 0xEF, 0xBF, 0xFF])
    }
}
