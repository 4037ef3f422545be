import Foundation
import SeededTesting
import Testing

@testable import SamepageServer

struct ConfigurationTests {
    private func load(
        _ yaml: String? = nil, environment: [String: String] = [:], arguments: [String] = []
    ) throws(ConfigurationError) -> (configuration: Configuration, warnings: [String]) {
        var loader = ConfigurationLoader()
        if let yaml { loader.take(ConfigurationFile(name: "samepage.yaml", text: yaml)) }
        loader.take(environment: environment)
        loader.take(flags: try FlagParser().parse(arguments))
        let (configuration, warnings) = try loader.finish()
        return (configuration, warnings.map(\.description))
    }

    @Test func withoutAnythingTheDefaultsHold() throws {
        let (configuration, warnings) = try load()
        #expect(configuration == Configuration())
        #expect(warnings.isEmpty)
        #expect(configuration.listen.description == "127.0.0.1:8080")
        #expect(configuration.domain == "localhost" && configuration.rooms.service == "rooms.localhost")
        #expect(configuration.rooms.creation == .pages && configuration.tls == nil && configuration.sites.isEmpty)
    }

    @Test func theFileSetsEveryKindOfValue() throws {
        let (configuration, warnings) = try load(
            """
            # A comment.
            listen: "[::1]:9000"
            domain: Chat.Example.org
            public-url: https://chat.example.org/
            rooms: { creation: admins, history: 20 }
            admins: [ Owner@example.org, ann@bücher.example ]
            trusted-proxies:
              - loopback
              - 10.0.0.0/8
            log: { level: debug }
            shutdown-timeout: 2 s
            limits:
              stanza-size: 32 KiB
              message-rate: 30/min
              nick-interval: 500 ms
              sessions-per-address: unlimited
            sites:
              - hosts: [Example.org, "*.example.com"]
                query: [id]
                canonical: true
              - hosts: bücher.example
            """)
        #expect(warnings.isEmpty)
        #expect(configuration.listen.description == "[::1]:9000")
        #expect(configuration.domain == "chat.example.org")
        #expect(configuration.rooms.service == "rooms.chat.example.org")
        #expect(configuration.publicURL == "https://chat.example.org")
        #expect(configuration.rooms.creation == .admins && configuration.rooms.history == 20)
        #expect(configuration.admins == ["owner@example.org", "ann@xn--bcher-kva.example"])
        #expect(configuration.trustedProxies.entries == ["loopback", "10.0.0.0/8"])
        #expect(configuration.logLevel == .debug && configuration.shutdownTimeout == .seconds(2))
        #expect(configuration.limits.stanzaSize == 32_768 && configuration.limits.httpBody == 36_864)
        #expect(configuration.limits.messageRate == Rate(thousandthsPerSecond: 500))
        #expect(configuration.limits.nickInterval == .milliseconds(500))
        #expect(configuration.limits.sessionsPerAddress == .max)
        #expect(
            configuration.sites.sites.map(\.hosts) == [["example.org", "*.example.com"], ["xn--bcher-kva.example"]])
        #expect(configuration.sites.sites.map(\.query) == [["id"], []])
        #expect(configuration.sites.sites.map(\.canonical) == [true, false])
    }

    @Test func flagsWinOverEnvironmentOverFileOverDefaults() throws {
        let yaml = "domain: file.example\ndata: file\nlog: { level: error }"
        let environment = ["SAMEPAGE_DATA": "environment", "SAMEPAGE_LOG_LEVEL": "debug", "SAMEPAGE_DOMAIN": ""]
        let (configuration, _) = try load(yaml, environment: environment, arguments: ["--log-level=trace"])
        #expect(configuration.domain == "file.example")
        #expect(configuration.data == "environment")
        #expect(configuration.logLevel == .trace)
        #expect(configuration.webRoot == nil)
    }

    @Test func aKeyMayBeWrittenWithDots() throws {
        #expect(try load("limits.profile: open\nrooms.history: 3").configuration.rooms.history == 3)
    }

    @Test func listsInVariablesAndFlagsAreSeparatedByCommas() throws {
        let environment = ["SAMEPAGE_TRUSTED_PROXIES": "loopback, 10.0.0.1"]
        let (configuration, _) = try load(environment: environment, arguments: ["--admins=a@b,c@d", "--admins", "e@f"])
        #expect(configuration.trustedProxies.entries == ["loopback", "10.0.0.1"])
        #expect(configuration.admins == ["a@b", "c@d", "e@f"])
    }

    @Test func theOpenProfileLiftsRatesAndCountsButNoSizes() throws {
        let open = try load("limits: { profile: open }").configuration
        #expect(open.limits.profile == .open && open.rooms.creation == .anyone)
        #expect(
            open.limits.messageRate.isUnlimited && open.limits.stanzaRate.isUnlimited
                && open.limits.byteRate.isUnlimited)
        #expect(open.limits.sessionsPerAddress == .max && open.limits.newSessionsPerAddress == .max)
        #expect(
            open.limits.roomsPerSession == .max && open.limits.occupantsPerRoom == .max && open.limits.rooms == .max)
        #expect(open.limits.nickInterval == .zero)
        var sizes = open.limits
        let defaults = Limits()
        #expect(sizes.stanzaSize == defaults.stanzaSize && sizes.sendQueue == defaults.sendQueue)
        #expect(sizes.xmlDepth == defaults.xmlDepth && sizes.nickLength == defaults.nickLength)
        #expect(sizes.headTimeout == defaults.headTimeout && sizes.trackedAddresses == defaults.trackedAddresses)
        sizes.profile = .visitors
        #expect(sizes != defaults)
    }

    @Test func whatIsGivenItselfIsNotLifted() throws {
        let yaml = "limits: { profile: open, message-rate: 5/s }\nrooms: { creation: pages }"
        let (configuration, _) = try load(yaml, environment: ["SAMEPAGE_LIMITS_ROOMS": "7"])
        #expect(configuration.limits.messageRate == .perSecond(5))
        #expect(configuration.limits.rooms == 7)
        #expect(configuration.rooms.creation == .pages)
        #expect(configuration.limits.stanzaRate.isUnlimited)
    }

    typealias Refusal = NamedCase<String, [String]>

    static let refusals = [
        Refusal("an unknown key", "domian: a", ["samepage.yaml:1: domian: unknown key; did you mean domain?"]),
        Refusal(
            "an unknown key in a group", "\nlimits:\n  stanza-sise: 1",
            ["samepage.yaml:3: limits.stanza-sise: unknown key; did you mean limits.stanza-size?"]),
        Refusal("an unknown group", "smtp: { hosts: [] }", ["samepage.yaml:1: smtp: unknown key"]),
        Refusal(
            "a wrong type", "limits: { xml-depth: deep }",
            ["samepage.yaml:1: limits.xml-depth: must be a number from 8 to 1000"]),
        Refusal(
            "out of range", "shutdown-timeout: 2 h",
            ["samepage.yaml:1: shutdown-timeout: must be a time from 0 s to 60 s"]),
        Refusal(
            "no choice", "rooms:\n  creation: all",
            ["samepage.yaml:2: rooms.creation: must be one of pages, anyone, admins"]),
        Refusal("a list for a value", "domain: [a, b]", ["samepage.yaml:1: domain: must be text, not a list"]),
        Refusal(
            "a group for a value", "domain: { a: b }",
            ["samepage.yaml:1: domain: must be a value, not a group of keys"]),
        Refusal(
            "a value for a group", "limits: open",
            ["samepage.yaml:1: limits: must be a group of keys, such as limits.profile"]),
        Refusal("an empty value", "domain:", ["samepage.yaml:1: domain: is empty: give a value or remove the line"]),
        Refusal(
            "a key given twice", "domain: a\ndata: b\ndomain: c",
            ["samepage.yaml:1: domain: is given more than once in this group"]),
        Refusal(
            "a key given twice, once with dots", "log: { level: info }\nlog.level: debug",
            ["samepage.yaml:2: log.level: is given twice, also in line 1"]),
        Refusal("no mapping", "- a\n- b", ["samepage.yaml:1: must be a list of `key: value` lines"]),
        Refusal(
            "a bad address", "listen: example.org",
            ["samepage.yaml:1: listen: must be ADDRESS:PORT such as 127.0.0.1:8080, [::1]:8080 or :8080"]),
        Refusal(
            "a bad domain", "domain: a b",
            ["samepage.yaml:1: domain: must be a domain name such as example.org, not \"a b\""]),
        Refusal(
            "an address for a domain", "domain: 127.0.0.1",
            ["samepage.yaml:1: domain: must be a domain name such as example.org, not \"127.0.0.1\""]),
        Refusal(
            "a public address with a path", "public-url: https://a/b",
            ["samepage.yaml:1: public-url: must be http:// or https:// with a host and perhaps a port, and no path"]),
        Refusal(
            "an admin who is no JID", "admins: [ann]",
            ["samepage.yaml:1: admins: must be a list of JIDs such as ann@example.org, not \"ann\""]),
        Refusal(
            "a proxy that is none", "trusted-proxies: [proxy]",
            [
                "samepage.yaml:1: trusted-proxies: must be a list of addresses, blocks such as 10.0.0.0/8, loopback, private "
                    + "or unix, not \"proxy\""
            ]),
        Refusal(
            "one domain for visitors and rooms", "domain: a\nrooms: { service: A }",
            ["samepage.yaml:2: rooms.service: must differ from domain, a"]),
        Refusal("half of TLS", "tls: { key: a }", ["samepage.yaml:1: tls.key: needs tls.certificate too"]),
        Refusal(
            "files that are not there", "tls:\n  certificate: /none/c\n  key: /none/k\nweb-root: /none",
            [
                "samepage.yaml:2: tls.certificate: cannot read \"/none/c\"",
                "samepage.yaml:3: tls.key: cannot read \"/none/k\"",
                "samepage.yaml:4: web-root: \"/none\" is no directory",
            ]),
        Refusal(
            "dead before the ping", "limits: { ping-interval: 60 s }",
            ["samepage.yaml:1: limits.ping-interval: dead-after must be longer than ping-interval"]),
        Refusal(
            "a queue smaller than a stanza", "limits: { stanza-size: 2 MiB }",
            ["samepage.yaml:1: limits.stanza-size: send-queue must have room for stanza-size"]),
        Refusal(
            "sites that are no records", "sites: [example.org]",
            ["samepage.yaml:1: sites: must be a list of records, such as `- hosts: [example.org]`"]),
        Refusal(
            "a site without hosts", "sites:\n  - query: [id]",
            ["samepage.yaml:2: sites[0]: needs hosts, such as [example.org]"]),
        Refusal(
            "a site with a bad host and a bad key",
            "sites:\n  - hosts: [a.org]\n  - hosts:\n    - https://b\n    kanonical: 1",
            [
                "samepage.yaml:4: sites[1].hosts: \"https://b\" is no host name: without scheme, port and path, such as "
                    + "example.org",
                "samepage.yaml:5: sites[1].kanonical: unknown key; did you mean canonical?",
            ]),
        Refusal(
            "a site's canonical that is no truth value", "sites:\n  - hosts: [a.org]\n    canonical: perhaps",
            ["samepage.yaml:3: sites[0].canonical: must be true or false"]),
        Refusal(
            "everything at once", "a: 1\ndomain: x y\nrooms:\n  history: many",
            [
                "samepage.yaml:1: a: unknown key", "samepage.yaml:4: rooms.history: must be a number from 0 to 1000",
                "samepage.yaml:2: domain: must be a domain name such as example.org, not \"x y\"",
            ]),
    ]

    @Test(arguments: refusals) func whatIsWrongInTheFileIsToldWithItsLine(_ row: Refusal) {
        let error = #expect(throws: ConfigurationError.self) { try load(row.input) }
        #expect(error?.problems.map(\.description) == row.expected)
    }

    @Test(arguments: ["a: [1, 2", "a: b: c", "a:\n\t- b", "\"a", "a: *b", "a: 1\n---\nb: 2", "? [a]\n: b"])
    func whatIsNoYAMLIsToldAndNeverTraps(_ yaml: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try load(yaml) }
        #expect(error.problems.allSatisfy { $0.description.hasPrefix("samepage.yaml") })
    }

    @Test func aMistakeInYAMLIsNamedByLineAndColumn() throws {
        let error = #expect(throws: ConfigurationError.self) { try load("domain: a\nlisten: b: c\n") }
        #expect(error?.description == "samepage.yaml:2:10: is no YAML: mapping values are not allowed in this context")
    }

    @Test(arguments: ["", "# only a comment", "---", "limits:", "limits: {}", "sites: []"])
    func anEmptyFileIsNoMistake(_ yaml: String) throws {
        #expect(try load(yaml).configuration == Configuration())
    }

    @Test func mistakesInVariablesAndFlagsNameTheirSource() {
        let error = #expect(throws: ConfigurationError.self) {
            try load(environment: ["SAMEPAGE_ROOMS_HISTORY": "-1"], arguments: ["--listen=here"])
        }
        #expect(
            error?.problems.map(\.description) == [
                "environment SAMEPAGE_ROOMS_HISTORY: rooms.history: must be a number from 0 to 1000",
                "flag --listen: listen: must be ADDRESS:PORT such as 127.0.0.1:8080, [::1]:8080 or :8080",
            ])
    }

    @Test func whatIsDoubtfulIsAWarning() throws {
        let yaml = "listen: :8080\nlimits: { profile: open }"
        let (_, warnings) = try load(yaml, environment: ["SAMEPAGE_DOMIAN": "a", "SAMEPAGE_CONFIG": "b", "OTHER": "c"])
        #expect(
            warnings == [
                "environment SAMEPAGE_DOMIAN: is no setting; did you mean SAMEPAGE_DOMAIN?",
                "sites: none are named: pages of any site have rooms here",
                "samepage.yaml:2: limits.profile: open lifts the limits on rates and counts for everybody who can reach :8080",
            ])
        #expect(try load("sites:\n- hosts: [a.org]\n  query: [utm_source]").warnings.count == 1)
        #expect(try load("listen: '[::1]:80'").warnings.isEmpty)
    }

    @Test func aFileThatCannotBeReadIsTold() {
        let error = #expect(throws: ConfigurationError.self) { try Configuration.load(file: "/none/samepage.yaml") }
        #expect(error?.description == "/none/samepage.yaml: cannot be read: no such file, or no permission")
    }

    @Test func theFileIsFoundByItsPathOrItsVariable() throws {
        let path = NSTemporaryDirectory() + "samepage-\(UUID().uuidString).yaml"
        try Data("domain: file.example".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try Configuration.load(file: path).configuration.domain == "file.example")
        #expect(try Configuration.load(environment: ["SAMEPAGE_CONFIG": path]).configuration.domain == "file.example")
        let both = try Configuration.load(file: path, environment: ["SAMEPAGE_CONFIG": "/none"])
        #expect(both.configuration.domain == "file.example")
    }

    @Test func randomFilesNeverTrap() {
        var random = SeededGenerator(seed: 6)
        let pieces = [
            "domain", "limits", "sites", "hosts", ":", ": ", "\n", "\n  ", "- ", "[", "]", "{", "}", "a", "1", "'",
            "&a", "*a",
        ]
        for _ in 0..<1_500 {
            let yaml = (0..<12).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            _ = try? load(yaml)
        }
    }
}
