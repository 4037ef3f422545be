/// The shorthand that the table of settings is written in. The default of each is what its property begins with.
extension Setting {
    typealias Property<Value> = any WritableKeyPath<Configuration, Value> & Sendable

    static func integer(
        _ key: String, _ property: Property<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> Setting {
        whole(key, property, .integer(range), summary)
    }

    /// A count, lifted by the open profile.
    static func count(
        _ key: String, _ property: Property<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> Setting {
        whole(key, property, .count(range), summary, open: .integer(.max))
    }

    static func size(
        _ key: String, _ property: Property<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> Setting {
        whole(key, property, .size(range), summary)
    }

    /// A time. The range is in seconds.
    static func duration(
        _ key: String, _ property: Property<Duration>, _ range: ClosedRange<Int>, _ summary: String,
        open: Duration? = nil
    ) -> Setting {
        Setting(
            key: key, kind: .duration(range), summary: summary, defaultText: nil, open: open.map { .duration($0) },
            read: { .duration($0[keyPath: property]) },
            write: { (configuration, value) throws(InvalidValue) in
                if case .duration(let value) = value { configuration[keyPath: property] = value }
            })
    }

    /// A rate, lifted by the open profile.
    static func rate(
        _ key: String, _ property: Property<Rate>, _ summary: String, kind: SettingKind = .rate
    ) -> Setting {
        Setting(
            key: key, kind: kind, summary: summary, defaultText: nil, open: .rate(.unlimited),
            read: { .rate($0[keyPath: property]) },
            write: { (configuration, value) throws(InvalidValue) in
                if case .rate(let value) = value { configuration[keyPath: property] = value }
            })
    }

    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ key: String, _ property: Property<Choice>, _ summary: String, open: Choice? = nil
    ) -> Setting where Choice.RawValue == String {
        Setting(
            key: key, kind: .choice(Choice.allCases.map(\.rawValue)), summary: summary, defaultText: nil,
            open: open.map { .text($0.rawValue) },
            read: { .text($0[keyPath: property].rawValue) },
            write: { (configuration, value) throws(InvalidValue) in
                if case .text(let text) = value, let value = Choice(rawValue: text) {
                    configuration[keyPath: property] = value
                }
            })
    }

    /// Text that is stored as `parse` makes it; that throws what is allowed instead.
    static func text<Value: Sendable>(
        _ key: String, _ property: Property<Value>, kind: SettingKind = .text, _ summary: String,
        defaultText: String? = nil, show: @escaping @Sendable (Value) -> String? = { "\($0)" },
        parse: @escaping @Sendable (String) throws(InvalidValue) -> Value
    ) -> Setting {
        Setting(
            key: key, kind: kind, summary: summary, defaultText: defaultText, open: nil,
            read: { show($0[keyPath: property]).map { .text($0) } },
            write: { (configuration, value) throws(InvalidValue) in
                if case .text(let text) = value { configuration[keyPath: property] = try parse(text) }
            })
    }

    static func list<Value: Sendable>(
        _ key: String, _ property: Property<Value>, _ summary: String,
        parse: @escaping @Sendable ([String]) throws(InvalidValue) -> Value
    ) -> Setting {
        Setting(
            key: key, kind: .list, summary: summary, defaultText: "none", open: nil, read: { _ in nil },
            write: { (configuration, value) throws(InvalidValue) in
                if case .list(let items) = value { configuration[keyPath: property] = try parse(items) }
            })
    }

    private static func whole(
        _ key: String, _ property: Property<Int>, _ kind: SettingKind, _ summary: String, open: SettingValue? = nil
    ) -> Setting {
        Setting(
            key: key, kind: kind, summary: summary, defaultText: nil, open: open,
            read: { .integer($0[keyPath: property]) },
            write: { (configuration, value) throws(InvalidValue) in
                if case .integer(let value) = value { configuration[keyPath: property] = value }
            })
    }
}
