/// One key of the configuration: file, environment, flags, `check-config` and the reference all come from it.
package struct Setting: Sendable {
    /// With dots between levels: `limits.stanza-size`.
    package let key: String
    package let kind: SettingKind
    /// One sentence for the reference.
    package let summary: String
    /// How the default is described where it depends on something else.
    let defaultText: String?
    /// Whether `limits.profile: open` lifts it, and to what.
    let open: SettingValue?
    let read: @Sendable (Configuration) -> SettingValue?
    /// Stores a value; throws what is allowed instead.
    let write: @Sendable (inout Configuration, SettingValue) throws(InvalidValue) -> Void

    /// The environment variable: `SAMEPAGE_LIMITS_STANZA_SIZE`.
    package var environmentName: String {
        "SAMEPAGE_" + key.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// The flag: `--limits-stanza-size`.
    package var flag: String {
        "--" + key.split(separator: ".").joined(separator: "-")
    }

    /// Whether only the file can give it.
    package var isFileOnly: Bool { kind == .records }

    /// The default as it would be written; empty when there is none.
    package var defaultDescription: String {
        defaultText ?? read(Configuration()).map { SettingKind.text($0, kind: kind) } ?? ""
    }

    /// The setting with this key.
    package static func named(_ key: String) -> Setting? { byKey[key] }

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}
