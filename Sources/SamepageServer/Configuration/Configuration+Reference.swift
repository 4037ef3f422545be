extension Configuration {
    /// The reference of all keys as Markdown, made from `Setting.all`: the part of `docs/configuration.md` between its
    /// markers.
    package static func reference() -> String {
        var lines = ["| key | value | default | open | what it is |", "|---|---|---|---|---|"]
        for setting in Setting.all {
            let open = setting.open.map { SettingKind.text($0, kind: setting.kind) } ?? ""
            lines.append(row(["`\(setting.key)`", values(setting), setting.defaultDescription, open, setting.summary]))
        }
        for (key, fields) in [("sites", SiteReader.fields), ("xmpp.components", ComponentReader.fields)] {
            lines += [
                "", "Each record of `\(key)` has these fields:", "", "| field | value | what it is |", "|---|---|---|",
            ]
            for field in fields { lines.append(row(["`\(field.key)`", field.kind, field.summary])) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The kind, with its range where it has one.
    private static func values(_ setting: Setting) -> String {
        switch setting.kind {
        case .integer, .count, .size, .duration, .byteRate: setting.kind.allowed
        case .boolean, .rate, .choice, .text, .list, .address, .records: setting.kind.name
        }
    }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.joined(separator: " | ") + " |"
    }
}
