/// The one serializer. Whatever another namespace-aware parser reads back from these bytes is the same tree.
///
/// Elements get no prefix: a child in another namespace than its parent declares its own default namespace. An
/// attribute in a namespace gets a generated prefix. Only `xml:` is written as it is, since that namespace may not be
/// declared as a default (Namespaces in XML §3).
extension Element {
    /// The element as a document of its own, with its namespace declared.
    package var serialized: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        serialize(into: &bytes)
        return bytes
    }

    /// Appends the element. `scope` is the default namespace in force where it will stand; nil when none is declared.
    package func serialize(into bytes: inout [UInt8], scope: String? = nil) {
        guard namespace != Namespace.xml else { return serializeReserved(into: &bytes, scope: scope) }
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        if namespace != scope { XMLText.appendAttribute("xmlns", namespace, to: &bytes) }
        Element.serialize(attributes, into: &bytes)
        Element.serializeContent(nodes, of: name, scope: namespace, into: &bytes)
    }

    /// `<xml:name>`, which leaves the default namespace as it was.
    private func serializeReserved(into bytes: inout [UInt8], scope: String?) {
        let name = "xml:" + name
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        Element.serialize(attributes, into: &bytes)
        Element.serializeContent(nodes, of: name, scope: scope, into: &bytes)
    }

    static func serialize(_ attributes: [Attribute], into bytes: inout [UInt8]) {
        var generated = 0
        for attribute in attributes {
            switch attribute.namespace {
            case "": XMLText.appendAttribute(attribute.name, attribute.value, to: &bytes)
            case Namespace.xml: XMLText.appendAttribute("xml:" + attribute.name, attribute.value, to: &bytes)
            default:
                // A prefix per attribute: namespaced attributes are so rare that sharing one is not worth a table.
                let prefix = "n\(generated)"
                generated += 1
                XMLText.appendAttribute("xmlns:" + prefix, attribute.namespace, to: &bytes)
                XMLText.appendAttribute(prefix + ":" + attribute.name, attribute.value, to: &bytes)
            }
        }
    }

    /// Appends what follows the attributes: `/>`, or `>`, the nodes and the end tag. `scope` is the default namespace
    /// inside.
    static func serializeContent(_ nodes: [Node], of name: String, scope: String?, into bytes: inout [UInt8]) {
        guard !nodes.isEmpty else {
            bytes.append(contentsOf: "/>".utf8)
            return
        }
        bytes.append(UInt8(ascii: ">"))
        for node in nodes {
            switch node {
            case .element(let child): child.serialize(into: &bytes, scope: scope)
            case .text(let text): XMLText.appendText(text, to: &bytes)
            }
        }
        bytes.append(contentsOf: "</".utf8)
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: ">"))
    }
}

extension Element: CustomStringConvertible {
    package var description: String { String(decoding: serialized, as: UTF8.self) }
}
