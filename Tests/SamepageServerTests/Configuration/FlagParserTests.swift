import Testing

@testable import SamepageServer

struct FlagParserTests {
    typealias Case = NamedCase<[String], [String: [String]]>

    static let arguments = [
        Case("none", [], [:]),
        Case("a value after the flag", ["--limits-profile", "open"], ["limits.profile": ["open"]]),
        Case("a value after an equals sign", ["--limits-profile=open"], ["limits.profile": ["open"]]),
        Case("an equals sign in the value", ["--data=a=b"], ["data": ["a=b"]]),
        Case("an empty value", ["--data="], ["data": [""]]),
        Case("a value that begins with a dash", ["--data", "-a"], ["data": ["-a"]]),
        Case("a list twice", ["--admins", "a@b", "--admins=c@d"], ["admins": ["a@b", "c@d"]]),
        Case("several", ["--listen", ":80", "--domain=a"], ["listen": [":80"], "domain": ["a"]]),
    ]

    @Test(arguments: arguments) func argumentsBecomeValues(_ row: Case) throws {
        #expect(try FlagParser().parse(row.input) == row.expected)
    }

    typealias Refusal = NamedCase<[String], [String]>

    static let refusals = [
        Refusal("an unknown flag", ["--frobnicate", "1"], ["flag --frobnicate: unknown flag"]),
        Refusal(
            "a flag nearly right", ["--limit-profile", "open"],
            ["flag --limit-profile: unknown flag; did you mean --limits-profile?"]),
        Refusal("no value", ["--domain"], ["flag --domain: domain: needs a value: it must be text"]),
        Refusal(
            "a flag for a value", ["--domain", "--data", "a"], ["flag --domain: domain: needs a value: it must be text"]
        ),
        Refusal("twice", ["--domain=a", "--domain=b"], ["flag --domain: domain: is given twice"]),
        Refusal("a word", ["serve"], ["unexpected argument \"serve\""]),
        Refusal("two dashes", ["--", "a"], ["unexpected argument \"--\"", "unexpected argument \"a\""]),
        Refusal("only in the file", ["--sites=a"], ["flag --sites: sites: can only be set in the file"]),
        Refusal(
            "all at once", ["--a", "b", "--listen"],
            [
                "flag --a: unknown flag",
                "flag --listen: listen: needs a value: it must be ADDRESS:PORT such as 127.0.0.1:8080, [::1]:8080 or :8080",
            ]),
    ]

    @Test(arguments: refusals) func whatIsWrongIsTold(_ row: Refusal) {
        let error = #expect(throws: ConfigurationError.self) { try FlagParser().parse(row.input) }
        #expect(error?.problems.map(\.description) == row.expected)
    }

    @Test func aFlagThatIsTrueOrFalseMayStandAlone() throws {
        let setting = Setting(
            key: "some.switch", kind: .boolean, summary: "", defaultText: nil, open: nil, read: { _ in nil },
            write: { _, _ in })
        let other = try #require(Setting.named("domain"))
        let parser = FlagParser([setting, other])
        #expect(try parser.parse(["--some-switch"]) == ["some.switch": ["true"]])
        #expect(try parser.parse(["--some-switch", "--domain", "a"]) == ["some.switch": ["true"], "domain": ["a"]])
        #expect(try parser.parse(["--some-switch", "false"]) == ["some.switch": ["false"]])
        #expect(try parser.parse(["--some-switch=off"]) == ["some.switch": ["off"]])
    }
}
