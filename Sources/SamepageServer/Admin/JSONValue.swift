/// What the admin API answers, before it is text.
indirect enum JSONValue: Encodable, Hashable, Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }

    /// What is nil is left out.
    static func object(_ values: [String: JSONValue?]) -> JSONValue { .object(values.compactMapValues { $0 }) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension JSONValue {
    private static let numbers: Set<String> = ["held", "networks", "occupants", "readers", "reports", "slow-mode"]
    private static let flags: Set<String> = ["undone"]

    /// A line of a command's result: names as JSON has them, counts as numbers.
    init(row: [String: String]) {
        var object: [String: JSONValue] = [:]
        for (name, value) in row {
            let typed: JSONValue =
                if Self.numbers.contains(name), let number = Int(value) {
                    .number(number)
                } else if Self.flags.contains(name) {
                    .flag(value == "1")
                } else {
                    .text(value)
                }
            object[Self.camelCase(name)] = typed
        }
        self = .object(object)
    }

    private static func camelCase(_ name: String) -> String {
        let parts = name.split(separator: "-")
        return parts.dropFirst().reduce(String(parts.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }
}
