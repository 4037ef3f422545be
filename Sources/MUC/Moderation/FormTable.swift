import XMPP

/// A result of several lines in a data form (XEP-0004 §3.4).
struct FormTable {
    struct Column {
        let name: String
        let label: String
    }

    let title: String
    let columns: [Column]
    /// As many values as there are columns; nil for what is not known.
    var rows: [[String?]] = []

    func element(type: String) -> Element {
        var form = Element("x", Namespace.dataForms, ["type": "result"])
        form.append(Element("title", Namespace.dataForms, text: title))
        form.append(
            Element(
                "field", Namespace.dataForms, ["var": "FORM_TYPE", "type": "hidden"],
                [Element("value", Namespace.dataForms, text: type)]))
        form.append(
            Element(
                "reported", Namespace.dataForms,
                columns.map { column in
                    Element(
                        "field", Namespace.dataForms,
                        ["var": column.name, "type": "text-single", "label": column.label])
                }))
        for row in rows {
            let fields = zip(columns, row).map { column, value in
                Element(
                    "field", Namespace.dataForms, ["var": column.name],
                    [Element("value", Namespace.dataForms, text: value ?? "")])
            }
            form.append(Element("item", Namespace.dataForms, Array(fields)))
        }
        return form
    }
}
