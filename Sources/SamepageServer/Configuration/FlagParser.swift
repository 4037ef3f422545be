/// Reads `--key value` and `--key=value` for every setting there is.
package struct FlagParser: Sendable {
    private let settings: [String: Setting]

    /// For all settings, or for some.
    package init(_ settings: [Setting] = Setting.all) {
        self.settings = Dictionary(settings.map { ($0.flag, $0) }) { first, _ in first }
    }

    /// Turns arguments into values by key.
    ///
    /// A flag may be given again: of a list, the items add up; of anything else, that is a problem. That of a setting
    /// that is true or false may stand alone for true.
    ///
    /// - Throws: `ConfigurationError` with all that is wrong.
    package func parse(_ arguments: [String]) throws(ConfigurationError) -> [String: [String]] {
        var values: [String: [String]] = [:]
        var problems: [ConfigurationProblem] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--"), argument.utf8.count > 2 else {
                problems.append(.init(nil, nil, "unexpected argument \(argument.debugDescription)"))
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = parts.first.map(String.init) ?? argument
            var value = parts.count == 2 ? String(parts[1]) : nil
            guard let setting = settings[flag], !setting.isFileOnly else {
                problems.append(unknown(flag))
                // What follows is most likely the unknown flag's value.
                if value == nil, let next = rest.first, !next.hasPrefix("--") { rest.removeFirst() }
                continue
            }
            if value == nil, let next = rest.first, takes(next, setting) { value = rest.popFirst() }
            if value == nil, setting.kind == .boolean { value = "true" }
            guard let value else {
                problems.append(.init("flag \(flag)", setting.key, "needs a value: it must be \(setting.kind.allowed)"))
                continue
            }
            if setting.kind != .list, values[setting.key] != nil {
                problems.append(.init("flag \(flag)", setting.key, "is given twice"))
            }
            values[setting.key, default: []].append(value)
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return values
    }

    /// Whether the next argument is the flag's value.
    private func takes(_ next: String, _ setting: Setting) -> Bool {
        guard setting.kind == .boolean else { return !next.hasPrefix("--") }
        return (try? setting.kind.parse(next)) != nil
    }

    private func unknown(_ flag: String) -> ConfigurationProblem {
        if let setting = settings[flag] {
            return .init("flag \(flag)", setting.key, "can only be set in the file")
        }
        let near = Setting.suggestion(for: flag, among: settings.values.filter { !$0.isFileOnly }.map(\.flag).sorted())
        return .init("flag \(flag)", nil, "unknown flag\(near)")
    }
}
