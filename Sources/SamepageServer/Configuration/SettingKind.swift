/// What values a setting takes. All sources give text, so that each kind is parsed in one place.
package enum SettingKind: Hashable, Sendable {
    /// `true` or `false`.
    case boolean
    case integer(ClosedRange<Int>)
    /// A number, or `unlimited`.
    case count(ClosedRange<Int>)
    /// Bytes: a number alone or with B, KiB, MiB or GiB.
    case size(ClosedRange<Int>)
    /// Seconds, or with ms, s, min, h or d. The range is in seconds.
    case duration(ClosedRange<Int>)
    /// Events per second, or with /s, /min or /h, or `unlimited`.
    case rate
    /// Bytes per second, or `unlimited`.
    case byteRate(ClosedRange<Int>)
    case choice([String])
    case text
    case list
    /// `address:port`.
    case address
    /// Records that only the file can have.
    case records
}

extension SettingKind {
    /// Parses one value as written in a file, a variable or a flag.
    func parse(_ written: String) throws(InvalidValue) -> SettingValue {
        let text = String(written.trimmingBlanks())
        switch self {
        case .boolean:
            guard let value = Self.booleans[text.lowercased()] else { throw invalid }
            return .boolean(value)
        case .integer(let range): return .integer(try number(text, in: range))
        case .count(let range): return .integer(isUnlimited(text) ? .max : try number(text, in: range))
        case .size(let range): return .integer(try size(text, in: range))
        case .duration(let range): return .duration(try duration(text, in: range))
        case .rate: return .rate(isUnlimited(text) ? .unlimited : try rate(text))
        case .byteRate(let range): return .rate(isUnlimited(text) ? .unlimited : .perSecond(try size(text, in: range)))
        case .choice(let choices):
            guard choices.contains(text) else { throw invalid }
            return .text(text)
        case .text, .address:
            guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw InvalidValue("must not be empty or contain control characters") }
            return .text(text)
        case .list: return .list(Self.items(text))
        case .records: throw InvalidValue("can only be set in the file")
        }
    }

    /// What is allowed, as an end to "must be".
    package var allowed: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .count(let range): "a number from \(range.lowerBound) to \(range.upperBound), or unlimited"
        case .size(let range): "a size from \(Self.text(bytes: range))"
        case .duration(let range): "a time from \(range.lowerBound) s to \(range.upperBound) s"
        case .rate: "a rate such as 2/s or 30/min, or unlimited"
        case .byteRate(let range): "a size per second from \(Self.text(bytes: range)), or unlimited"
        case .choice(let choices): choices.count == 1 ? choices[0] : "one of \(choices.joined(separator: ", "))"
        case .text: "text"
        case .list: "a list"
        case .address: "ADDRESS:PORT such as 127.0.0.1:8080, [::1]:8080 or :8080"
        case .records: "a list of records"
        }
    }

    /// How the kind is called in the reference.
    package var name: String {
        switch self {
        case .boolean: "true or false"
        case .integer, .count: "number"
        case .size: "size"
        case .duration: "time"
        case .rate: "rate"
        case .byteRate: "size per second"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: " ")
        case .text: "text"
        case .list: "list"
        case .address: "address:port"
        case .records: "records"
        }
    }

    /// Writes a value as it would be configured.
    package static func text(_ value: SettingValue, kind: SettingKind) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .integer(.max): "unlimited"
        case .integer(let value): if case .size = kind { text(bytes: value) } else { String(value) }
        case .duration(let value): text(value)
        case .rate(let value): text(value, isBytes: { if case .byteRate = kind { true } else { false } }())
        case .text(let value): value
        case .list(let values): values.joined(separator: ", ")
        }
    }

    private static let booleans = ["true": true, "yes": true, "on": true, "false": false, "no": false, "off": false]

    private var invalid: InvalidValue { InvalidValue("must be \(allowed)") }

    private func isUnlimited(_ text: String) -> Bool { text == "unlimited" }

    private func number(_ text: String, in range: ClosedRange<Int>) throws(InvalidValue) -> Int {
        guard let value = Self.digits(text[...]), range.contains(value) else { throw invalid }
        return value
    }

    private func size(_ text: String, in range: ClosedRange<Int>) throws(InvalidValue) -> Int {
        let (digits, unit) = Self.split(text)
        let factor =
            switch unit.lowercased() {
            case "", "b": 1
            case "kib": 1 << 10
            case "mib": 1 << 20
            case "gib": 1 << 30
            default: 0
            }
        guard factor > 0, let count = Self.digits(digits) else {
            throw InvalidValue("must be \(allowed): a number alone or with B, KiB, MiB or GiB")
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow, range.contains(bytes) else { throw invalid }
        return bytes
    }

    private func duration(_ text: String, in range: ClosedRange<Int>) throws(InvalidValue) -> Duration {
        let (digits, unit) = Self.split(text)
        let factor =
            switch unit {
            case "ms": 1
            case "", "s": 1_000
            case "m", "min": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            default: 0
            }
        guard factor > 0, let count = Self.digits(digits) else {
            throw InvalidValue("must be \(allowed): a number of seconds, or with ms, s, min, h or d")
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: factor)
        let bounds = (range.lowerBound * 1_000)...(range.upperBound * 1_000)
        guard !overflow, bounds.contains(milliseconds) else { throw invalid }
        return .milliseconds(milliseconds)
    }

    private func rate(_ text: String) throws(InvalidValue) -> Rate {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let seconds: Int64? =
            switch parts.dropFirst().first?.trimmingBlanks() {
            case nil, "s": 1
            case "min": 60
            case "h": 3_600
            default: nil
            }
        let number = parts[0].trimmingBlanks().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds, let first = number.first, let whole = Self.digits(first), whole <= 1_000_000 else {
            throw invalid
        }
        var thousandths = Int64(whole) * 1_000
        if number.count == 2 {
            let decimals = number[1]
            guard (1...3).contains(decimals.utf8.count), let fraction = Self.digits(decimals) else { throw invalid }
            thousandths += Int64(fraction) * [100, 10, 1][decimals.utf8.count - 1]
        }
        let perSecond = thousandths / seconds
        guard perSecond > 0 else { throw InvalidValue("must be \(allowed), and more than 0") }
        return Rate(thousandthsPerSecond: perSecond)
    }

    /// Items separated by commas.
    private static func items(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.trimmingBlanks()) }.filter { !$0.isEmpty }
    }

    private static func split(_ text: String) -> (number: Substring, unit: Substring) {
        let number = text.prefix { $0.isASCII && $0.isNumber }
        return (number, text[number.endIndex...].trimmingBlanks())
    }

    /// Plain decimal digits only: no sign, no underscores.
    private static func digits(_ text: Substring) -> Int? {
        (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { ASCII.digit($0) != nil } ? Int(text) : nil
    }

    private static func text(bytes range: ClosedRange<Int>) -> String {
        "\(text(bytes: range.lowerBound)) to \(text(bytes: range.upperBound))"
    }

    private static func text(bytes: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes >= 1 << shift {
            if bytes % (1 << shift) == 0 { return "\(bytes >> shift) \(unit)" }
        }
        return "\(bytes) B"
    }

    private static func text(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }

    private static func text(_ rate: Rate, isBytes: Bool) -> String {
        guard let thousandths = rate.thousandthsPerSecond else { return "unlimited" }
        if isBytes { return text(bytes: Int(thousandths / 1_000)) }
        var fraction = String(thousandths % 1_000 + 1_000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(thousandths / 1_000)\(fraction.isEmpty ? "" : ".")\(fraction)/s"
    }
}
