import Foundation
import Testing

@testable import SamepageServer

struct ReferenceTests {
    private static let beginning = "<!-- reference: generated from Setting.all -->\n"
    private static let ending = "<!-- end of reference -->"

    private static var page: URL {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("docs/configuration.md")
    }

    /// `UPDATE_REFERENCE=1 swift test --filter ReferenceTests` writes the page anew.
    @Test func theReferenceInTheDocumentationIsTheGeneratedOne() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let begin = try #require(page.range(of: Self.beginning))
        let end = try #require(page.range(of: Self.ending))
        let generated = begin.upperBound..<end.lowerBound
        if ProcessInfo.processInfo.environment["UPDATE_REFERENCE"] != nil {
            let updated = page.replacingCharacters(in: generated, with: Configuration.reference())
            try updated.write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(page[generated] == Configuration.reference())
        }
    }

    @Test func everyKeyIsInTheReferenceWithASentence() {
        let reference = Configuration.reference()
        for setting in Setting.all {
            #expect(reference.contains("| `\(setting.key)` |"))
            #expect(setting.summary.hasSuffix(".") && !setting.defaultDescription.isEmpty, "\(setting.key)")
        }
    }
}
