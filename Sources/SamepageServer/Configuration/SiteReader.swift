/// Reads the records under `sites`.
struct SiteReader {
    let file: ConfigurationFile
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    /// The fields of a site and what they mean, for the reference.
    static let fields: [(key: String, kind: String, summary: String)] = [
        ("hosts", "list", "Host names; `*.example.org` stands for every name below `example.org`. Needed."),
        (
            "query", "list",
            "Query parameters that tell one page from another; none by default, tracking parameters never."
        ),
        (
            "canonical", SettingKind.boolean.name,
            "Whether the widget reports the page's `<link rel=canonical>`; `false` by default."
        ),
        (
            "icon", "text",
            "A file, PNG, JPEG, GIF or WebP of at most 64 KiB: the picture of the site's rooms; `rooms.icon` by default."
        ),
    ]

    init(file: ConfigurationFile) {
        self.file = file
    }

    mutating func read(_ entry: ConfigurationFile.Entry) -> SiteList {
        switch entry.content {
        case .records(let records): return SiteList(records.enumerated().compactMap { site($1, "sites[\($0)]") })
        case .list(let items) where items.isEmpty: return SiteList()
        default:
            problem(entry.line, "sites", "must be a list of records, such as `- hosts: [example.org]`")
            return SiteList()
        }
    }

    private mutating func site(_ record: ConfigurationFile.Record, _ name: String) -> Site? {
        var hosts: [String]?
        var query: [String] = []
        var canonical = false
        var icon: String?
        for field in record.fields {
            let key = "\(name).\(field.key)"
            switch field.key {
            case "hosts": hosts = list(field, key).flatMap { self.hosts($0, key) }
            case "query": query = parameters(list(field, key) ?? [], key)
            case "canonical": canonical = boolean(field, key)
            case "icon": icon = text(field, key)
            default:
                let near = Setting.suggestion(for: field.key, among: Self.fields.map(\.key))
                problem(field.line, key, "unknown key\(near)")
            }
        }
        guard record.fields.contains(where: { $0.key == "hosts" }) else {
            problem(record.line, name, "needs hosts, such as [example.org]")
            return nil
        }
        guard let hosts else { return nil }
        return try? Site(hosts: hosts, query: query, canonical: canonical, icon: icon)
    }

    private mutating func text(_ field: ConfigurationFile.Entry, _ key: String) -> String? {
        if case .scalar(let text) = field.content, !text.isEmpty { return text }
        problem(field.line, key, "must be the path of a file")
        return nil
    }

    private mutating func hosts(_ items: [(text: String, line: Int)], _ key: String) -> [String]? {
        var hosts: [String] = []
        for item in items {
            if let host = try? Site.canonicalPattern(item.text) {
                hosts.append(host)
            } else {
                problem(
                    item.line, key,
                    "\(item.text.debugDescription) is no host name: without scheme, port and path, such as example.org")
            }
        }
        if items.isEmpty { problem(nil, key, "must name at least one host") }
        return hosts.isEmpty ? nil : hosts
    }

    private mutating func parameters(_ items: [(text: String, line: Int)], _ key: String) -> [String] {
        for item in items where PageQuery.isTracking(item.text) {
            let message = "\(item.text) is a tracking parameter, which never makes another page"
            warnings.append(.init(file.source(item.line), key, message))
        }
        return items.map(\.text)
    }

    private mutating func list(_ field: ConfigurationFile.Entry, _ key: String) -> [(text: String, line: Int)]? {
        switch field.content {
        case .list(let items): return items
        case .scalar(let text): return [(text, field.line)]
        default:
            problem(field.line, key, "must be a list")
            return nil
        }
    }

    private mutating func boolean(_ field: ConfigurationFile.Entry, _ key: String) -> Bool {
        if case .scalar(let text) = field.content, case .boolean(let value)? = try? SettingKind.boolean.parse(text) {
            return value
        }
        problem(field.line, key, "must be \(SettingKind.boolean.allowed)")
        return false
    }

    private mutating func problem(_ line: Int?, _ key: String, _ message: String) {
        problems.append(.init(line.map { file.source($0) } ?? file.name, key, message))
    }
}
