/// Gathers what the sources give, the weaker ones first, and collects everything that is wrong on the way.
struct ConfigurationLoader {
    private struct Given {
        let value: SettingValue
        let source: String
    }

    private var configuration = Configuration()
    private var given: [String: Given] = [:]
    /// Where records, and the keys in them, were given.
    private var recordSources: [String: String] = [:]
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    mutating func take(_ file: ConfigurationFile) {
        problems += file.problems
        for entry in file.entries {
            let source = file.source(entry.line)
            guard let setting = Setting.named(entry.key) else {
                let near = Setting.suggestion(for: entry.key, among: Setting.all.map(\.key))
                problems.append(.init(source, entry.key, "unknown key\(near)"))
                continue
            }
            if setting.isFileOnly {
                takeRecords(entry, setting, file)
            } else if let value = value(of: entry, setting, source) {
                given[setting.key] = Given(value: value, source: source)
            }
        }
    }

    mutating func take(environment: [String: String]) {
        let settings = Dictionary(Setting.all.map { ($0.environmentName, $0) }) { first, _ in first }
        for (name, text) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix("SAMEPAGE_") && name != Configuration.configurationVariable && !text.isEmpty {
            let source = "environment \(name)"
            guard let setting = settings[name] else {
                // Only a warning: container platforms set variables of their own for a service with this name.
                let near = Setting.suggestion(for: name, among: settings.keys.sorted())
                warnings.append(.init(source, nil, "is no setting\(near)"))
                continue
            }
            take([text], setting, source)
        }
    }

    mutating func take(flags: [String: [String]]) {
        for (key, texts) in flags.sorted(by: { $0.key < $1.key }) {
            guard let setting = Setting.named(key) else {
                problems.append(.init("flag --\(key)", nil, "unknown flag"))
                continue
            }
            take(texts, setting, "flag \(setting.flag)")
        }
    }

    mutating func finish() throws(ConfigurationError) -> (Configuration, [ConfigurationProblem]) {
        if given["limits.profile"]?.value == .text(Limits.Profile.open.rawValue) {
            for setting in Setting.all where given[setting.key] == nil {
                if let open = setting.open { apply(setting, open, "limits.profile") }
            }
        }
        for setting in Setting.all {
            if let given = given[setting.key] { apply(setting, given.value, given.source) }
        }
        if given["rooms.service"] == nil { configuration.rooms.service = "rooms.\(configuration.domain)" }
        let served = Set(configuration.components.map(\.serves))
        configuration.rooms.isRemote =
            given["rooms.service"] != nil && served.contains(.visitors) && !served.contains(.rooms)
        let check = ConfigurationCheck(configuration) { [given, recordSources] key in
            recordSources[key] ?? given[key]?.source
        }
        // What depends on several keys is judged only when each of them is right.
        if problems.isEmpty { problems = check.problems }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return (configuration, warnings + check.warnings)
    }

    private mutating func apply(_ setting: Setting, _ value: SettingValue, _ source: String) {
        do {
            try setting.write(&configuration, value)
        } catch {
            problems.append(.init(source, setting.key, error.message))
        }
    }

    /// Takes texts from a variable or a flag; several only for a list.
    private mutating func take(_ texts: [String], _ setting: Setting, _ source: String) {
        do {
            let text = setting.kind == .list ? texts.joined(separator: ",") : texts.last ?? ""
            given[setting.key] = Given(value: try setting.kind.parse(text), source: source)
        } catch {
            problems.append(.init(source, setting.key, error.message))
        }
    }

    private mutating func value(
        of entry: ConfigurationFile.Entry, _ setting: Setting, _ source: String
    ) -> SettingValue? {
        do throws(InvalidValue) {
            switch entry.content {
            case .scalar(let text): return try setting.kind.parse(text)
            case .list(let items) where setting.kind == .list: return .list(items.map(\.text))
            case .list, .records: throw InvalidValue("must be \(setting.kind.allowed), not a list")
            case .other(let message): throw InvalidValue(message)
            }
        } catch {
            problems.append(.init(source, entry.key, error.message))
            return nil
        }
    }

    private mutating func takeRecords(
        _ entry: ConfigurationFile.Entry, _ setting: Setting, _ file: ConfigurationFile
    ) {
        recordSources[setting.key] = file.source(entry.line)
        if setting.key == "sites" {
            var reader = SiteReader(file: file)
            configuration.sites = reader.read(entry)
            problems += reader.problems
            warnings += reader.warnings
        } else {
            var reader = ComponentReader(file: file)
            configuration.components = reader.read(entry)
            problems += reader.problems
            recordSources.merge(reader.sources) { $1 }
        }
    }
}
