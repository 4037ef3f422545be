import XMPP

/// Contact addresses in service discovery (XEP-0157): a data form of type `result` (XEP-0128).
struct ContactForm: Sendable {
    let contact: Configuration.Contact

    /// Nil when there is nobody to name.
    var element: Element? {
        let fields = [
            ("abuse-addresses", contact.abuse), ("admin-addresses", contact.admin),
            ("security-addresses", contact.security), ("support-addresses", contact.support),
        ].filter { !$0.1.isEmpty }
        guard !fields.isEmpty else { return nil }
        var form = Element("x", Namespace.dataForms, ["type": "result"])
        form.append(Self.field("FORM_TYPE", type: "hidden", [Namespace.serverInfo]))
        for (name, addresses) in fields { form.append(Self.field(name, type: "list-multi", addresses)) }
        return form
    }

    private static func field(_ name: String, type: String, _ values: [String]) -> Element {
        Element(
            "field", Namespace.dataForms, ["var": name, "type": type],
            values.map { Element("value", Namespace.dataForms, text: $0) })
    }
}
