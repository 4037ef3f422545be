extension Configuration {
    /// Reads the configuration from all its sources: flags win over environment over file over defaults.
    ///
    /// - Parameters:
    ///   - file: The path of the file; nil: the variable `SAMEPAGE_CONFIG` names it, or there is none.
    ///   - environment: All variables of the process; those of settings are picked, empty ones count as not given.
    ///   - flags: What `FlagParser` made of the arguments.
    /// - Returns: The configuration, and what is doubtful about it.
    /// - Throws: `ConfigurationError` with everything that is wrong in any of the sources.
    package static func load(
        file: String? = nil, environment: [String: String] = [:], flags: [String: [String]] = [:]
    ) throws(ConfigurationError) -> (configuration: Configuration, warnings: [ConfigurationProblem]) {
        let path = file ?? environment[configurationVariable].flatMap { $0.isEmpty ? nil : $0 }
        var loader = ConfigurationLoader()
        if let path { loader.take(ConfigurationFile(path: path)) }
        loader.take(environment: environment)
        loader.take(flags: flags)
        return try loader.finish()
    }

    /// The variable that names the file.
    package static let configurationVariable = "SAMEPAGE_CONFIG"
}
