/// The widget's scripts as they are served: lines that are nothing but a comment are empty, and no line is indented. Both
/// are for readers of the source, and a sixth of what every visitor would load. All else, the numbers of the lines too,
/// stays as it was written.
///
/// By lines, not by grammar: a line inside of a template literal that begins like a comment would count as one, and
/// loses its indentation too. `Tests/Browser/check-size` has the same rule.
enum ScriptLines {
    static func served(_ source: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(source.count)
        var isInside = false
        let newline = UInt8(ascii: "\n")
        for (index, line) in source.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            if index > 0 { kept.append(newline) }
            let text = line.drop { $0 == UInt8(ascii: " ") }
            if isInside || text.starts(with: "/*".utf8) {
                isInside = !text.reversed().starts(with: "/*".utf8)
            } else if !text.starts(with: "//".utf8) {
                kept += text
            }
        }
        return kept
    }
}
