import Testing

@testable import SamepageServer

struct SettingTests {
    typealias Case = NamedCase<(kind: SettingKind, text: String), SettingValue?>

    static let values = [
        Case("true", (.boolean, "true"), .boolean(true)),
        Case("off", (.boolean, "Off"), .boolean(false)),
        Case("neither true nor false", (.boolean, "maybe"), nil),
        Case("a number", (.integer(1...10), "10"), .integer(10)),
        Case("spaces around a number", (.integer(1...10), " 10 "), .integer(10)),
        Case("a number below the range", (.integer(1...10), "0"), nil),
        Case("a number above the range", (.integer(1...10), "11"), nil),
        Case("a negative number", (.integer(-5...10), "-1"), nil),
        Case("a number with a sign", (.integer(1...10), "+1"), nil),
        Case("a number too large for the machine", (.integer(1...10), "99999999999999999999"), nil),
        Case("a decimal number", (.integer(1...10), "1.5"), nil),
        Case("no number", (.integer(1...10), ""), nil),
        Case("an unlimited number", (.integer(1...10), "unlimited"), nil),
        Case("an unlimited count", (.count(1...10), "unlimited"), .integer(.max)),
        Case("bytes alone", (.size(1...100_000), "65536"), .integer(65_536)),
        Case("KiB", (.size(1...100_000), "64 KiB"), .integer(65_536)),
        Case("MiB without a space", (.size(1...10_000_000), "1mib"), .integer(1_048_576)),
        Case("a size in KB", (.size(1...100_000), "64 KB"), nil),
        Case("a size that overflows", (.size(1...100_000), "99999999999999999 GiB"), nil),
        Case("a size below the range", (.size(1_024...100_000), "1 B"), nil),
        Case("seconds alone", (.duration(1...60), "10"), .duration(.seconds(10))),
        Case("seconds", (.duration(1...60), "10s"), .duration(.seconds(10))),
        Case("milliseconds", (.duration(1...60), "1500 ms"), .duration(.milliseconds(1_500))),
        Case("minutes", (.duration(1...60), "1 min"), .duration(.seconds(60))),
        Case("hours beyond the range", (.duration(1...60), "1 h"), nil),
        Case("less than the range", (.duration(1...60), "999 ms"), nil),
        Case("a unit that is none", (.duration(1...60), "10 d"), nil),
        Case("a rate", (.rate, "2/s"), .rate(.perSecond(2))),
        Case("a rate alone", (.rate, "2"), .rate(.perSecond(2))),
        Case("a decimal rate", (.rate, "0.5/s"), .rate(Rate(thousandthsPerSecond: 500))),
        Case("a rate per minute", (.rate, "30 / min"), .rate(Rate(thousandthsPerSecond: 500))),
        Case("an unlimited rate", (.rate, "unlimited"), .rate(.unlimited)),
        Case("a rate of nothing", (.rate, "0"), nil),
        Case("a rate per day", (.rate, "2/d"), nil),
        Case("a rate that is no number", (.rate, "/s"), nil),
        Case("bytes per second", (.byteRate(1...1 << 20), "64 KiB"), .rate(.perSecond(65_536))),
        Case("a choice", (.choice(["a", "b"]), "b"), .text("b")),
        Case("no choice", (.choice(["a", "b"]), "B"), nil),
        Case("text", (.text, "a b"), .text("a b")),
        Case("no text", (.text, " "), nil),
        Case("a line break in text", (.text, "a\nb"), nil),
        Case("a list", (.list, "a, b,,c "), .list(["a", "b", "c"])),
        Case("an empty list", (.list, ""), .list([])),
        Case("records", (.records, "a"), nil),
    ]

    @Test(arguments: values) func textIsAValueOfItsKindOrNot(_ row: Case) {
        #expect((try? row.input.kind.parse(row.input.text)) == row.expected)
    }

    typealias ListenCase = NamedCase<String, String?>

    static let addresses = [
        ListenCase("IPv4", "127.0.0.1:8080", "127.0.0.1:8080"),
        ListenCase("IPv6", "[::1]:8080", "[::1]:8080"),
        ListenCase("every address", ":8080", ":8080"),
        ListenCase("a star", "*:80", ":80"),
        ListenCase("every IPv4 address", "0.0.0.0:80", "0.0.0.0:80"),
        ListenCase("localhost", "localhost:0", "127.0.0.1:0"),
        ListenCase("no port", "127.0.0.1", nil),
        ListenCase("an empty port", "127.0.0.1:", nil),
        ListenCase("a port too large", "127.0.0.1:65536", nil),
        ListenCase("IPv6 without brackets", "::1:8080", nil),
        ListenCase("a name", "example.org:80", nil),
        ListenCase("nothing", "", nil),
    ]

    @Test(arguments: addresses) func anAddressToListenOnIsOneOrNot(_ row: ListenCase) {
        #expect(ListenAddress(row.input)?.description == row.expected)
    }

    @Test func keysFlagsAndVariablesAreUnique() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.flag)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.environmentName)).count == Setting.all.count)
        #expect(!Setting.all.contains { $0.environmentName == Configuration.configurationVariable })
    }

    @Test func everyDefaultIsAValueOfItsKind() throws {
        for setting in Setting.all {
            guard let value = setting.read(Configuration()) else { continue }
            let text = SettingKind.text(value, kind: setting.kind)
            #expect(throws: Never.self, "\(setting.key)") { try setting.kind.parse(text) }
            #expect(try setting.kind.parse(text) == value, "\(setting.key)")
        }
    }

    @Test func everyValueThatIsWrittenIsReadBack() throws {
        for setting in Setting.all {
            guard let open = setting.open else { continue }
            var configuration = Configuration()
            try setting.write(&configuration, open)
            #expect(setting.read(configuration) == open, "\(setting.key)")
        }
    }

    @Test func aTimeInMillisecondsIsBounded() {
        #expect(Duration.milliseconds(1_500).milliseconds == 1_500)
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
    }
}
