/// An XML element: a plain tree, namespaces resolved, prefixes forgotten.
///
/// Depth is bounded by whoever builds it: the parser refuses what is nested deeper than `XMLLimits.depth`, and our own
/// elements are a handful deep. That makes the recursive walks below safe.
package struct Element: Hashable, Sendable {
    package struct Attribute: Hashable, Sendable {
        package var name: String
        /// Empty for an attribute without a prefix (Namespaces in XML §6.2).
        package var namespace: String
        package var value: String

        package init(name: String, namespace: String = "", value: String) {
            self.name = name
            self.namespace = namespace
            self.value = value
        }
    }

    package enum Node: Hashable, Sendable {
        case element(Element)
        case text(String)
    }

    package var name: String
    package var namespace: String
    package var attributes: [Attribute]
    package var nodes: [Node]

    package init(_ name: String, _ namespace: String, attributes: [Attribute] = [], nodes: [Node] = []) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.nodes = nodes
    }

    /// `Element("item", Namespace.mucUser, ["role": "visitor", "nick": nil])`: what is nil is left out.
    package init(
        _ name: String, _ namespace: String, _ attributes: KeyValuePairs<String, String?>, _ children: [Element] = []
    ) {
        self.init(name, namespace, nodes: children.map(Node.element))
        for (name, value) in attributes {
            if let value { self.attributes.append(Attribute(name: name, value: value)) }
        }
    }

    /// An element that holds text, or children, and no attributes.
    package init(_ name: String, _ namespace: String, text: String) {
        self.init(name, namespace, nodes: text.isEmpty ? [] : [.text(text)])
    }

    package init(_ name: String, _ namespace: String, _ children: [Element]) {
        self.init(name, namespace, nodes: children.map(Node.element))
    }

    /// The attribute without a namespace of that name. Assigning nil removes it.
    package subscript(_ name: String) -> String? {
        get { attributes.first { $0.name == name && $0.namespace.isEmpty }?.value }
        set { setAttribute(name, namespace: "", newValue) }
    }

    /// `xml:lang` of this very element.
    package var lang: String? {
        get { attributes.first { $0.name == "lang" && $0.namespace == Namespace.xml }?.value }
        set { setAttribute("lang", namespace: Namespace.xml, newValue) }
    }

    private mutating func setAttribute(_ name: String, namespace: String, _ value: String?) {
        let index = attributes.firstIndex { $0.name == name && $0.namespace == namespace }
        switch (index, value) {
        case (let index?, let value?): attributes[index].value = value
        case (let index?, nil): attributes.remove(at: index)
        case (nil, let value?): attributes.append(Attribute(name: name, namespace: namespace, value: value))
        case (nil, nil): break
        }
    }

    /// The child elements, in document order.
    package var children: [Element] {
        nodes.compactMap { if case .element(let child) = $0 { child } else { nil } }
    }

    /// The character data directly inside, joined.
    package var text: String {
        var result = ""
        for case .text(let part) in nodes { result += part }
        return result
    }

    package func child(_ name: String, _ namespace: String) -> Element? {
        for case .element(let child) in nodes where child.name == name && child.namespace == namespace { return child }
        return nil
    }

    package func isNamed(_ name: String, _ namespace: String) -> Bool {
        self.name == name && self.namespace == namespace
    }

    package mutating func append(_ child: Element) {
        nodes.append(.element(child))
    }
}
