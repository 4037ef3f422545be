import Foundation
import MUC

/// `RoomConfiguration` as JSON. What a text does not say is as in a new room, and what this version does not know is
/// ignored, so that fields can come and go without a migration.
struct ConfigurationRecord: Codable {
    var name: String?
    var description: String?
    var language: String?
    var pageURL: String?
    var isPublic: Bool?
    var isPersistent: Bool?
    var isMembersOnly: Bool?
    var isModerated: Bool?
    var newcomersHaveVoice: Bool?
    var allowsVoiceRequests: Bool?
    var isLogged: Bool?
    var whois: String?
    var password: String?
    var participantsSetSubject: Bool?
    var occupantsInvite: Bool?
    var privateMessages: String?
    var allowsQueries: Bool?
    var maximumOccupants: Int?
    var historyLength: Int?
    var shownRoles: [String]?
    var isRegistrationOpen: Bool?
    var moderation: ModerationSettingsRecord?

    init(_ configuration: RoomConfiguration) {
        name = configuration.name
        description = configuration.description
        language = configuration.language
        pageURL = configuration.pageURL
        isPublic = configuration.isPublic
        isPersistent = configuration.isPersistent
        isMembersOnly = configuration.isMembersOnly
        isModerated = configuration.isModerated
        newcomersHaveVoice = configuration.newcomersHaveVoice
        allowsVoiceRequests = configuration.allowsVoiceRequests
        isLogged = configuration.isLogged
        whois = configuration.whois.rawValue
        password = configuration.password
        participantsSetSubject = configuration.participantsSetSubject
        occupantsInvite = configuration.occupantsInvite
        privateMessages = configuration.privateMessages.rawValue
        allowsQueries = configuration.allowsQueries
        maximumOccupants = configuration.maximumOccupants
        historyLength = configuration.historyLength
        shownRoles = configuration.shownRoles.map(\.rawValue).sorted()
        isRegistrationOpen = configuration.isRegistrationOpen
        moderation = ModerationSettingsRecord(configuration.moderation)
    }

    var configuration: RoomConfiguration {
        var configuration = RoomConfiguration(name: name ?? "")
        func take<Value>(_ value: Value?, _ property: WritableKeyPath<RoomConfiguration, Value>) {
            if let value { configuration[keyPath: property] = value }
        }
        take(description, \.description)
        take(language, \.language)
        configuration.pageURL = pageURL
        take(isPublic, \.isPublic)
        take(isPersistent, \.isPersistent)
        take(isMembersOnly, \.isMembersOnly)
        take(isModerated, \.isModerated)
        take(newcomersHaveVoice, \.newcomersHaveVoice)
        take(allowsVoiceRequests, \.allowsVoiceRequests)
        take(isLogged, \.isLogged)
        take(whois.flatMap(RoomConfiguration.Whois.init), \.whois)
        take(password, \.password)
        take(participantsSetSubject, \.participantsSetSubject)
        configuration.occupantsInvite = occupantsInvite
        take(privateMessages.flatMap(RoomConfiguration.PrivateMessages.init), \.privateMessages)
        take(allowsQueries, \.allowsQueries)
        configuration.maximumOccupants = maximumOccupants
        configuration.historyLength = historyLength
        take(shownRoles.map { Set($0.compactMap(Role.init)) }, \.shownRoles)
        take(isRegistrationOpen, \.isRegistrationOpen)
        take(moderation?.moderation, \.moderation)
        return configuration
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and truth values: nothing of it can fail to be written.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// - Throws: For what is no JSON. A room that was closed must not come back open, so nothing is guessed.
    init(json: String) throws {
        self = try JSONDecoder().decode(ConfigurationRecord.self, from: Data(json.utf8))
    }
}
