/// Something wrong or doubtful in the configuration, told so that it can be put right.
package struct ConfigurationProblem: Error, Hashable, Sendable {
    /// Where it was said: `samepage.yaml:12`, `environment SAMEPAGE_LISTEN`, `flag --listen`; nil for what nobody said.
    package let source: String?
    /// The key it is about; nil for the whole.
    package let key: String?
    /// What is wrong, and what is allowed.
    package let message: String

    init(_ source: String?, _ key: String?, _ message: String) {
        self.source = source
        self.key = key
        self.message = message
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// One line: `samepage.yaml:12: limits.xml-depth: must be from 4 to 1000`.
    package var description: String {
        [source, key, message].compactMap { $0 }.joined(separator: ": ")
    }
}

/// Everything that is wrong with a configuration.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one; in the order of the file, then environment, then flags.
    package let problems: [ConfigurationProblem]

    /// One line for each problem.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
