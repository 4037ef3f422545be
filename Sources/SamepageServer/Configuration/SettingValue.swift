/// A value that was given for a setting.
package enum SettingValue: Hashable, Sendable {
    case boolean(Bool)
    /// A number, a size in bytes, or `Int.max` for no limit.
    case integer(Int)
    case duration(Duration)
    case rate(Rate)
    case text(String)
    case list([String])
}

/// Why a value cannot be taken: what is allowed, as an end to "must be …" or "has …".
struct InvalidValue: Error, Hashable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
