/// A configuration that is kept beside the code, with `{names}` in it for what a run decides.
enum Template {
    static func fill(_ bytes: [UInt8], _ values: [String: String]) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        for (name, value) in values {
            text = text.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        return text
    }
}
