import SeededTesting
import Testing
import XMPP

@Suite struct DateTimeTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let text: String
        let milliseconds: Int64
        var testDescription: String { name }
    }

    static let written = [
        Case(name: "the epoch", text: "1970-01-01T00:00:00.000Z", milliseconds: 0),
        Case(name: "a moment with milliseconds", text: "2026-11-22T16:02:11.123Z", milliseconds: 1_795_363_331_123),
        Case(name: "a leap day", text: "2024-02-29T23:59:59.999Z", milliseconds: 1_709_251_199_999),
        Case(name: "the leap day of a century", text: "2000-02-29T00:00:00.000Z", milliseconds: 951_782_400_000),
        Case(name: "before the epoch", text: "1969-07-21T02:56:15.000Z", milliseconds: -14_159_025_000),
        Case(name: "a millisecond before the epoch", text: "1969-12-31T23:59:59.999Z", milliseconds: -1),
        Case(name: "the first moment", text: "0001-01-01T00:00:00.000Z", milliseconds: -62_135_596_800_000),
        Case(name: "the last moment", text: "9999-12-31T23:59:59.999Z", milliseconds: 253_402_300_799_999),
    ]

    @Test(arguments: written)
    func anInstantIsWrittenInUTCWithMillisecondsAndReadBack(_ instant: Case) {
        #expect(DateTime.string(milliseconds: instant.milliseconds) == instant.text)
        #expect(DateTime.milliseconds(instant.text) == instant.milliseconds)
    }

    @Test func whatFourDigitsOfAYearCannotSayIsClamped() {
        #expect(DateTime.string(milliseconds: .min) == "0001-01-01T00:00:00.000Z")
        #expect(DateTime.string(milliseconds: .max) == "9999-12-31T23:59:59.999Z")
    }

    static let read = [
        Case(name: "without a fraction", text: "2026-11-22T16:02:11Z", milliseconds: 1_795_363_331_000),
        Case(name: "one digit", text: "2026-11-22T16:02:11.1Z", milliseconds: 1_795_363_331_100),
        Case(name: "microseconds", text: "2026-11-22T16:02:11.123999Z", milliseconds: 1_795_363_331_123),
        Case(name: "east of Greenwich", text: "2026-11-22T17:32:11+01:30", milliseconds: 1_795_363_331_000),
        Case(name: "west of Greenwich", text: "2026-11-22T10:02:11.123-06:00", milliseconds: 1_795_363_331_123),
        Case(name: "a leap second", text: "2016-12-31T23:59:60Z", milliseconds: 1_483_228_800_000),
        Case(
            name: "an offset into the year before", text: "0001-01-01T00:00:00+23:59", milliseconds: -62_135_683_140_000
        ),
    ]

    @Test(arguments: read)
    func everyFormOfTheProfileIsRead(_ instant: Case) {
        #expect(DateTime.milliseconds(instant.text) == instant.milliseconds)
    }

    @Test(arguments: [
        "", "Z", "2026", "2026-11-22", "16:02:11Z", "2026-11-22T16:02:11", "2026-11-22 16:02:11Z", "20261122T16:02:11",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00z", " 2026-01-01T00:00:00Z", "-026-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z", "2026-01-01T00:00:0\u{661}Z",
        "2026-01-01T00:00:00.\(String(repeating: "9", count: 64))Z",
    ])
    func whatIsNoInstantIsNil(_ text: String) {
        #expect(DateTime.milliseconds(text) == nil)
    }

    @Test func everyDayOfFourCenturiesReadsBackAsWritten() {
        for day in stride(from: Int64(-100_000), through: 100_000, by: 17) {
            let instant = day * 86_400_000 + day % 1_000
            #expect(DateTime.milliseconds(DateTime.string(milliseconds: instant)) == instant)
        }
    }

    @Test func randomBytesNeverTrap() {
        var random = SeededGenerator(seed: 82)
        let alphabet = Array("0123456789-:T.Z+ \u{E9}")
        for _ in 0..<5_000 {
            var text = Array("2026-11-22T16:02:11.123Z")
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<text.count, using: &random)
                text[index] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            _ = DateTime.milliseconds(String(text.prefix(Int.random(in: 0...text.count, using: &random))))
        }
    }
}
