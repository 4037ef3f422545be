/// A data form (XEP-0004): what is asked, or what was answered.
package struct DataForm: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case form, submit, cancel, result
    }

    package struct Option: Hashable, Sendable {
        package var value: String
        package var label: String?

        package init(_ value: String, label: String? = nil) {
            self.value = value
            self.label = label
        }
    }

    package struct Field: Hashable, Sendable {
        package var name: String
        /// `boolean`, `text-single`, …; what is submitted need not say.
        package var type: String?
        package var label: String?
        package var values: [String]
        package var options: [Option] = []

        package init(
            _ name: String, _ type: String?, label: String? = nil, _ values: [String], options: [Option] = []
        ) {
            self.name = name
            self.type = type
            self.label = label
            self.values = values
            self.options = options
        }

        /// An answer.
        package init(_ name: String, _ values: [String]) {
            self.init(name, nil, values)
        }
    }

    package var kind: Kind
    package var title: String?
    package var instructions: String?
    /// Without `FORM_TYPE`, in their order.
    package var fields: [Field] = []
    /// The value of `FORM_TYPE` (XEP-0068): what the names of the fields mean.
    package var type: String?

    package init(_ kind: Kind, type: String? = nil, title: String? = nil, instructions: String? = nil) {
        self.kind = kind
        self.type = type
        self.title = title
        self.instructions = instructions
    }

    package subscript(name: String) -> Field? { fields.first { $0.name == name } }

    /// The only value of a field; nil when it has none, or several.
    package func value(_ name: String) -> String? {
        guard let values = self[name]?.values, values.count == 1 else { return nil }
        return values.first
    }

    // MARK: Reading

    private static let formType = "FORM_TYPE"

    /// Reads a form that a peer sent.
    ///
    /// - Parameter maximumFields: So many at most.
    /// - Throws: `bad-request` for what is no form, for more fields, for a field without a name, and for one that comes
    ///   twice: which one would count is not for us to guess.
    package init(_ element: Element, maximumFields: Int) throws(StanzaError) {
        guard element.isNamed("x", Namespace.dataForms), let kind = element["type"].flatMap(Kind.init) else {
            throw .badRequest("That is no data form.")
        }
        self.init(kind)
        var names: Set<String> = []
        for child in element.children where child.isNamed("field", Namespace.dataForms) {
            // A remark between the fields, which some clients send back.
            if child["type"] == "fixed" { continue }
            guard let name = child["var"] else { throw .badRequest("A field of the form has no name.") }
            guard names.insert(name).inserted else { throw .badRequest("The form has the field \(name) twice.") }
            guard names.count <= maximumFields else { throw .badRequest("The form has too many fields.") }
            let values = child.children.filter { $0.isNamed("value", Namespace.dataForms) }.map(\.text)
            if name == Self.formType {
                guard let value = values.first, values.count == 1 else {
                    throw .badRequest("A form has one type.")
                }
                type = value
            } else {
                fields.append(Field(name, child["type"], values))
            }
        }
    }

    /// XEP-0004 §3.3: `1` or `true`, `0` or `false`; nil for anything else.
    package static func boolean(_ text: String) -> Bool? {
        switch text {
        case "1", "true": true
        case "0", "false": false
        default: nil
        }
    }

    // MARK: Writing

    package var element: Element {
        var form = Element("x", Namespace.dataForms, ["type": kind.rawValue])
        if let title { form.append(Element("title", Namespace.dataForms, text: title)) }
        if let instructions { form.append(Element("instructions", Namespace.dataForms, text: instructions)) }
        if let type {
            // XEP-0068 §3: hidden, unless it goes without saying.
            form.append(Self.element(Field(Self.formType, kind == .submit ? nil : "hidden", [type])))
        }
        for field in fields { form.append(Self.element(field)) }
        return form
    }

    private static func element(_ field: Field) -> Element {
        var element = Element(
            "field", Namespace.dataForms, ["var": field.name, "type": field.type, "label": field.label])
        for value in field.values { element.append(Element("value", Namespace.dataForms, text: value)) }
        for option in field.options {
            element.append(
                Element(
                    "option", Namespace.dataForms, ["label": option.label],
                    [Element("value", Namespace.dataForms, text: option.value)]))
        }
        return element
    }
}
