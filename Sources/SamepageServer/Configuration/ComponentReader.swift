import Foundation

/// Reads the records under `xmpp.components`.
struct ComponentReader {
    let file: ConfigurationFile
    private(set) var problems: [ConfigurationProblem] = []
    /// Where each key of each record was given.
    private(set) var sources: [String: String] = [:]

    private static let key = "xmpp.components"

    /// The fields of a component and what they mean, for the reference.
    static let fields: [(key: String, kind: String, summary: String)] = [
        ("domain", "text", "The component's name on the server. Needed."),
        (
            "serves", "`rooms` `visitors`",
            "What it is for: our rooms (then `domain` is that of `rooms.service`), or our visitors (then it is `domain`). "
                + "Needed."
        ),
        ("host", "text", "Where the server is: a name or an address; `localhost` by default."),
        ("port", "a number from 1 to 65535", "Where it listens for components; 5347 by default."),
        ("secret", "text", "What the server and we both know; this or `secret-file` is needed."),
        ("secret-file", "text", "A file that holds the secret, and nothing else."),
        (
            "tls", SettingKind.boolean.name,
            "Whether TLS begins with the first byte (direct TLS); `false` by default. The certificate must be for `host`."
        ),
        ("ca", "text", "A file of the authorities to trust (PEM) instead of the system's."),
    ]

    init(file: ConfigurationFile) {
        self.file = file
    }

    mutating func read(_ entry: ConfigurationFile.Entry) -> [Configuration.Component] {
        switch entry.content {
        case .records(let records):
            return records.enumerated().compactMap { component($1, "\(Self.key)[\($0)]") }
        case .list(let items) where items.isEmpty: return []
        default:
            problem(
                entry.line, Self.key, "must be a list of records, such as `- { domain: rooms.example.org, secret: … }`")
            return []
        }
    }

    private mutating func component(_ record: ConfigurationFile.Record, _ name: String) -> Configuration.Component? {
        var texts: [String: (text: String, line: Int)] = [:]
        var isSound = true
        for field in record.fields {
            let key = "\(name).\(field.key)"
            sources[key] = file.source(field.line)
            guard Self.fields.contains(where: { $0.key == field.key }) else {
                let near = Setting.suggestion(for: field.key, among: Self.fields.map(\.key))
                problem(field.line, key, "unknown key\(near)")
                continue
            }
            if case .scalar(let text) = field.content, !text.isEmpty {
                texts[field.key] = (text, field.line)
            } else {
                problem(field.line, key, "must be a single value")
                isSound = false
            }
        }
        sources[name] = file.source(record.line)
        guard isSound else { return nil }
        let domain = value("domain", texts, name, needed: record.line, parse: SettingParsers.domain)
        let serves = value("serves", texts, name, needed: record.line, parse: Self.service)
        let secret = secret(texts, name, record.line)
        guard let domain, let serves, let secret else { return nil }
        var component = Configuration.Component(domain: domain, secret: secret, serves: serves)
        component.host = value("host", texts, name, parse: SettingParsers.host) ?? component.host
        component.port = value("port", texts, name, parse: Self.port) ?? component.port
        component.tls = value("tls", texts, name, parse: Self.boolean) ?? component.tls
        component.ca = texts["ca"]?.text
        return component
    }

    private mutating func value<Value>(
        _ field: String, _ texts: [String: (text: String, line: Int)], _ name: String, needed line: Int? = nil,
        parse: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        guard let given = texts[field] else {
            if let line { problem(line, name, "needs \(field)") }
            return nil
        }
        do {
            return try parse(given.text)
        } catch {
            problem(given.line, "\(name).\(field)", error.message)
            return nil
        }
    }

    private mutating func secret(
        _ texts: [String: (text: String, line: Int)], _ name: String, _ line: Int
    ) -> String? {
        switch (texts["secret"], texts["secret-file"]) {
        case (let secret?, nil): return secret.text
        case (nil, let path?):
            guard let data = FileManager.default.contents(atPath: path.text), data.count <= Self.maximumSecret,
                let text = String(data: data, encoding: .utf8)
            else {
                problem(path.line, "\(name).secret-file", "cannot read a secret from \(path.text.debugDescription)")
                return nil
            }
            let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if secret.isEmpty {
                problem(path.line, "\(name).secret-file", "\(path.text.debugDescription) is empty")
                return nil
            }
            return secret
        case (_?, let path?):
            problem(path.line, "\(name).secret-file", "is one too many: give either secret or secret-file")
            return nil
        case (nil, nil):
            problem(line, name, "needs secret or secret-file")
            return nil
        }
    }

    /// Bytes of a secret's file.
    private static let maximumSecret = 4_096

    private static func service(_ text: String) throws(InvalidValue) -> Configuration.Component.Service {
        guard let service = Configuration.Component.Service(rawValue: text) else {
            throw InvalidValue("must be rooms or visitors")
        }
        return service
    }

    private static func port(_ text: String) throws(InvalidValue) -> Int {
        guard case .integer(let port) = try SettingKind.integer(1...65_535).parse(text) else {
            throw InvalidValue("must be a port")
        }
        return port
    }

    private static func boolean(_ text: String) throws(InvalidValue) -> Bool {
        guard case .boolean(let value) = try SettingKind.boolean.parse(text) else {
            throw InvalidValue("must be \(SettingKind.boolean.allowed)")
        }
        return value
    }

    private mutating func problem(_ line: Int, _ key: String, _ message: String) {
        problems.append(.init(file.source(line), key, message))
    }
}
