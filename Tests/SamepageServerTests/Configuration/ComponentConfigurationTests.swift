import Foundation
import MUC
import Testing

@testable import SamepageServer

/// `xmpp.components` and `contact`.
struct ComponentConfigurationTests {
    private func load(
        _ yaml: String
    ) throws(ConfigurationError) -> (configuration: Configuration, warnings: [String]) {
        var loader = ConfigurationLoader()
        loader.take(ConfigurationFile(name: "samepage.yaml", text: yaml))
        let (configuration, warnings) = try loader.finish()
        return (configuration, warnings.map(\.description))
    }

    private func problems(_ yaml: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try load(yaml)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func aComponentNeedsADomainAServiceAndASecret() throws {
        let (configuration, warnings) = try load(
            """
            domain: web.example.org
            rooms: { service: Rooms.Example.org }
            xmpp:
              components:
                - { domain: Rooms.example.ORG, serves: rooms, secret: s }
                - domain: web.example.org
                  serves: visitors
                  host: xmpp.example.org
                  port: 5555
                  secret: t
                  tls: true
            contact:
              admin: [ "mailto:a@example.org", "xmpp:a@example.org" ]
            """)
        #expect(warnings.isEmpty)
        let first = try #require(configuration.components.first)
        #expect(first.domain == "rooms.example.org" && first.serves == .rooms && first.secret == "s")
        #expect(first.host == "localhost" && first.port == 5_347 && !first.tls && first.ca == nil)
        let second = try #require(configuration.components.last)
        #expect(second.host == "xmpp.example.org" && second.port == 5_555 && second.tls && second.serves == .visitors)
        #expect(configuration.contact.admin == ["mailto:a@example.org", "xmpp:a@example.org"])
        #expect(!configuration.rooms.isRemote)
    }

    @Test func roomsAreRemoteWhenOnlyVisitorsAreLinkedAndTheServiceIsNamed() throws {
        let visitors =
            "domain: web.example\nxmpp: { components: [ { domain: web.example, serves: visitors, secret: s } ] }\n"
        #expect(try load(visitors + "rooms: { service: conference.example }").configuration.rooms.isRemote)
        #expect(try !load(visitors).configuration.rooms.isRemote)
        let rooms = "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s } ] }\n"
        #expect(try !load(rooms + "rooms: { service: rooms.localhost }").configuration.rooms.isRemote)
    }

    @Test func nicksAreThoseOfTheWholeNetworkWhenTheRoomsAreOnIt() throws {
        let rooms = "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s } ] }\n"
        #expect(try MUCLimits(load(rooms).configuration).portableNicks)
        #expect(!MUCLimits(Configuration()).portableNicks)
    }

    @Test func aSecretIsReadFromItsFileWithoutTheLineEnd() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("samepage-\(UUID()).secret")
        defer { try? FileManager.default.removeItem(at: file) }
        try "pass word\n".write(to: file, atomically: true, encoding: .utf8)
        let yaml = "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret-file: \(file.path) } ] }"
        #expect(try load(yaml).configuration.components.map(\.secret) == ["pass word"])
        try "\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(problems(yaml).count == 1)
    }

    static let wrong: [NamedCase<String, [String]>] = [
        NamedCase(
            "no list", "xmpp: { components: yes }",
            ["xmpp.components: must be a list of records, such as `- { domain: rooms.example.org, secret: … }`"]),
        NamedCase(
            "nothing in it", "xmpp: { components: [ { host: localhost } ] }",
            [
                "xmpp.components[0]: needs domain", "xmpp.components[0]: needs serves",
                "xmpp.components[0]: needs secret or secret-file",
            ]),
        NamedCase(
            "an unknown field",
            "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s, prot: 1 } ] }",
            ["xmpp.components[0].prot: unknown key; did you mean port?"]),
        NamedCase(
            "values that are none",
            "xmpp: { components: [ { domain: 'a b', serves: all, secret: s, port: 0, tls: 5, host: 'a b' } ] }",
            [
                "xmpp.components[0].domain: must be a domain name such as example.org, not \"a b\"",
                "xmpp.components[0].serves: must be rooms or visitors",
            ]),
        NamedCase(
            "numbers that are none",
            "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s, port: 0, tls: 5 } ] }",
            [
                "xmpp.components[0].port: must be a number from 1 to 65535",
                "xmpp.components[0].tls: must be true or false",
            ]),
        NamedCase(
            "both secrets",
            "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s, secret-file: f } ] }",
            ["xmpp.components[0].secret-file: is one too many: give either secret or secret-file"]),
        NamedCase(
            "the domain twice",
            "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s }, "
                + "{ domain: rooms.localhost, serves: rooms, secret: s } ] }",
            ["xmpp.components[1].domain: rooms.localhost is that of xmpp.components[0] already"]),
        NamedCase(
            "rooms under another domain",
            "xmpp: { components: [ { domain: chat.localhost, serves: rooms, secret: s } ] }",
            [
                "xmpp.components[0].domain: must be the same as rooms.service, rooms.localhost, since the component serves rooms"
            ]),
        NamedCase(
            "visitors under another domain",
            "xmpp: { components: [ { domain: web.localhost, serves: visitors, secret: s } ] }",
            [
                "xmpp.components[0].domain: must be the same as domain, localhost, since the component serves visitors"
            ]),
        NamedCase(
            "a contact that is no URI", "contact: { abuse: [ 'a@example.org' ] }",
            [
                "contact.abuse: must be a list of URIs such as mailto:admin@example.org or xmpp:admin@example.org, not \"a@example.org\""
            ]),
        NamedCase(
            "a queue smaller than a stanza", "limits: { link-queue: 64 KiB }",
            ["limits.link-queue: link-queue must have room for component-stanza-size"]),
    ]

    @Test(arguments: wrong) func whatIsWrongIsToldWithLineAndKey(_ row: NamedCase<String, [String]>) {
        #expect(problems(row.input) == row.expected.map { "samepage.yaml:1: \($0)" })
    }

    @Test func aLinkInTheClearToAnotherMachineIsWarnedOf() throws {
        let (_, warnings) = try load(
            "xmpp: { components: [ { domain: rooms.localhost, serves: rooms, secret: s, host: xmpp.example } ] }")
        #expect(warnings.count == 1 && warnings[0].contains("not encrypted"))
    }
}
