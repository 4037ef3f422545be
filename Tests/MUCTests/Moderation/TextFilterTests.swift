import Foundation
import Testing

@testable import MUC

@Suite struct TextFilterTests {
    private func filter(words: [String] = [], domains: [String] = []) throws -> TextFilter {
        var rules = FilterRules()
        rules.words = words
        rules.domains = domains
        return try #require(TextFilter(rules))
    }

    @Test(arguments: [
        "spam", "SPAM!", "some spam here", "s\u{200B}p\u{200D}am", "(spam)", "sp\u{0301}am", "line\nspam\nline",
    ])
    func aWordIsFoundWhereverItStandsAlone(_ text: String) throws {
        #expect(try filter(words: ["Spam"]).matches(text))
    }

    @Test(arguments: ["spammer", "antispam", "spam1", "spa m", "", "späm"])
    func aWordInsideAnotherIsAnotherWord(_ text: String) throws {
        #expect(try !filter(words: ["spam"]).matches(text))
    }

    @Test(arguments: [
        "evil.example", "see https://evil.example/x?y", "www.evil.example", "go to EVIL.EXAMPLE.", "me@evil.example",
    ])
    func aDomainIsFoundWithItsSubdomains(_ text: String) throws {
        #expect(try filter(domains: ["evil.example"]).matches(text))
    }

    @Test(arguments: [
        "notevil.example", "evil.example.org", "not-evil.example", "evil.example-shop.org", "evil example",
    ])
    func anotherDomainIsNot(_ text: String) throws {
        #expect(try !filter(domains: ["evil.example"]).matches(text))
    }

    @Test func wordsThatOverlapAreAllFound() throws {
        let filter = try filter(words: ["he", "she", "hers", "his shoe", "b c d", "c"])
        for text in ["he", "she", "hers", "his shoe", "a c e", "a b c d"] { #expect(filter.matches(text), "\(text)") }
        for text in ["ushers", "heshe", "his", "shoe"] { #expect(!filter.matches(text), "\(text)") }
    }

    @Test func scriptsWithoutSpacesAreSearchedInside() throws {
        #expect(try filter(words: ["広告"]).matches("これは広告です"))
        #expect(try filter(words: ["реклама"]).matches("Это РЕКЛАМА!"))
    }

    @Test func nothingToLookForIsNoFilter() {
        #expect(TextFilter(FilterRules()) == nil)
        var rules = FilterRules()
        rules.words = ["\u{200B}"]
        #expect(TextFilter(rules) == nil)
    }

    /// The worst words and the worst text for it: the work grows with the text alone.
    @Test func theWorstTextTakesLinearTime() throws {
        let words = (1...60).map { String(repeating: "a", count: $0) + "b" }
        let filter = try filter(words: words)
        // The thread's own time: a busy machine takes the processor away more often from what lasts longer.
        func processorTime() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        func time(_ length: Int) -> Double {
            let text = String(repeating: "a", count: length)
            return (0..<3).map { _ in
                let start = processorTime()
                _ = filter.matches(text)
                return processorTime() - start
            }.min() ?? 0
        }
        let (short, long) = (time(8_000), time(64_000))
        #expect(long < short * 8 * 4)
    }

    @Test func agreesWithASearchByHand() throws {
        var random = SystemRandomNumberGenerator()
        func word(_ count: Int) -> String {
            String((0..<count).map { _ in "ab ".randomElement(using: &random) ?? "a" })
        }
        for _ in 0..<500 {
            let words = (0..<4).map { _ in word(3).replacing(" ", with: "b") }
            let filter = try filter(words: words)
            let text = word(12)
            let expected = words.contains { needle in
                text.split(separator: " ", omittingEmptySubsequences: true).contains { $0 == needle }
            }
            #expect(filter.matches(text) == expected, "\(words) in \(text)")
        }
    }
}
