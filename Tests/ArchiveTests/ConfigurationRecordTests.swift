import Testing

@testable import Archive
@testable import MUC

@Suite struct ConfigurationRecordTests {
    @Test func everyFieldIsKept() throws {
        var configuration = RoomConfiguration(name: "The \"balcony\" / \u{1F339}")
        configuration.description = "d"
        configuration.language = "it"
        configuration.pageURL = "https://verona.example/"
        configuration.isPublic = false
        configuration.isPersistent = true
        configuration.isMembersOnly = true
        configuration.isModerated = true
        configuration.newcomersHaveVoice = true
        configuration.allowsVoiceRequests = false
        configuration.isLogged = true
        configuration.whois = .anyone
        configuration.password = "open sesame"
        configuration.participantsSetSubject = true
        configuration.occupantsInvite = true
        configuration.privateMessages = .moderators
        configuration.allowsQueries = false
        configuration.maximumOccupants = 7
        configuration.historyLength = 3
        configuration.shownRoles = [.moderator]
        configuration.isRegistrationOpen = true
        configuration.moderation.slowMode = 15
        configuration.moderation.holdsFirstMessages = true
        configuration.moderation.filter.words = ["villain", "a plague"]
        configuration.moderation.filter.domains = ["mantua.example"]
        configuration.moderation.filter.action = .hide
        let fresh = RoomConfiguration(name: "")
        let pairs: [(Any, Any)] = [
            (configuration, fresh), (configuration.moderation, fresh.moderation),
            (configuration.moderation.filter, fresh.moderation.filter),
        ]
        let children = pairs.flatMap { zip(Mirror(reflecting: $0).children, Mirror(reflecting: $1).children) }
        for (changed, original) in children {
            #expect(
                "\(changed.value)" != "\(original.value)",
                "\(changed.label ?? "") is new: keep it in ConfigurationRecord, and change it here")
        }
        #expect(try ConfigurationRecord(json: ConfigurationRecord(configuration).json).configuration == configuration)
        #expect(try ConfigurationRecord(json: ConfigurationRecord(fresh).json).configuration == fresh)
    }

    @Test func whatIsMissingIsAsInANewRoomAndWhatIsUnknownIsIgnored() throws {
        let record = try ConfigurationRecord(json: #"{"name": "Balcony", "isModerated": true, "telepathy": 1}"#)
        var expected = RoomConfiguration(name: "Balcony")
        expected.isModerated = true
        #expect(record.configuration == expected)
    }

    @Test func aTextThatIsNoJSONOpensNoRoom() {
        #expect(throws: (any Error).self) { try ConfigurationRecord(json: "members-only") }
    }
}
