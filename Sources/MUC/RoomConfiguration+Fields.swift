import XMPP

/// A field of the owner's form: its name, how it is shown, how it is read from a configuration and written into one.
struct ConfigurationField: Sendable {
    let name: String
    /// The type of XEP-0004 §3.3.
    let type: String
    let label: String
    var options: [DataForm.Option] = []
    let values: @Sendable (RoomConfiguration) -> [String]
    /// - Throws: `not-acceptable` for a value that the field does not take.
    let set: @Sendable (inout RoomConfiguration, [String], MUCLimits) throws(StanzaError) -> Void
}

/// The fields of the owner's form (XEP-0045 §10.2, §15.5.3), under the names of the registry; those that it lacks under
/// the names that ejabberd gave them.
extension RoomConfiguration {
    private static let invitationsField = "muc#roomconfig_allowinvites"

    static let fields: [ConfigurationField] =
        [
            .text("muc#roomconfig_roomname", "Name", \.name, \.nameLength),
            .text("muc#roomconfig_roomdesc", "Description", \.description, \.descriptionLength),
            .language("muc#roomconfig_lang", "Language that is spoken here", \.language),
            .persistence("muc#roomconfig_persistentroom", "The room stays when everybody has left"),
            .boolean("muc#roomconfig_publicroom", "The room is listed", \.isPublic),
            // Before what it depends on: a form that comes back as it was shown decides nothing about it.
            .invitations(invitationsField, "Occupants may invite others"),
            .boolean("muc#roomconfig_membersonly", "Only members enter", \.isMembersOnly),
            .boolean("muc#roomconfig_moderatedroom", "Only those with voice speak", \.isModerated),
            .boolean("members_by_default", "Newcomers to a moderated room have voice", \.newcomersHaveVoice),
            .boolean(
                "muc#roomconfig_allowvoicerequests", "Who has no voice may ask moderators for it", \.allowsVoiceRequests
            ),
            .secret("muc#roomconfig_roomsecret", "Password"),
            .protection("muc#roomconfig_passwordprotectedroom", "A password is needed to enter"),
            .capacity("muc#roomconfig_maxusers", "Most occupants"),
            .choice("muc#roomconfig_whois", "Who sees real addresses", \.whois),
            .choice("muc#roomconfig_allowpm", "Who may send private messages", \.privateMessages),
            .boolean("muc#roomconfig_changesubject", "Participants may change the subject", \.participantsSetSubject),
            .boolean("allow_query_users", "Occupants may ask each other's clients", \.allowsQueries),
            .roles("muc#roomconfig_presencebroadcast", "Roles whose presence is shown", \.shownRoles),
            .history("muc#maxhistoryfetch", "Most messages that a newcomer is shown"),
            .boolean("muc#roomconfig_enablelogging", "What is said here is kept in the archive", \.isLogged),
            .boolean(
                Namespace.registrationField, "Anybody may reserve a nick and becomes a member", \.isRegistrationOpen),
        ] + moderationFields

    /// The configuration as a store may keep it: names and values of fields, which outlive changes of the type.
    package var stored: [String: [String]] {
        var stored: [String: [String]] = [:]
        for field in Self.fields { stored[field.name] = field.values(self) }
        // What follows from other fields is not to become what somebody has decided.
        stored[Self.invitationsField] = occupantsInvite.map { [$0 ? "1" : "0"] }
        if let pageURL { stored[Namespace.pageURLField] = [pageURL] }
        return stored
    }

    /// Reads what `stored` made. What an older or newer version wrote and this one cannot use keeps its default.
    package init(stored: [String: [String]]) {
        self.init(name: "")
        pageURL = stored[Namespace.pageURLField]?.first
        var limits = MUCLimits()
        // What was accepted once stays, whatever the limits are today.
        limits.nameLength = .max
        limits.descriptionLength = .max
        limits.passwordLength = .max
        limits.occupantsPerRoom = 0
        limits.history = .max
        for field in Self.fields {
            if let values = stored[field.name] { try? field.set(&self, values, limits) }
        }
        occupantsInvite = stored[Self.invitationsField]?.first.flatMap(DataForm.boolean)
    }
}

extension ConfigurationField {
    fileprivate typealias Path<Value> = any (WritableKeyPath<RoomConfiguration, Value> & Sendable)

    private static func refuse(_ name: String, _ text: String) -> StanzaError {
        .notAcceptable("\(name): \(text)")
    }

    private static func one(_ values: [String], _ name: String) throws(StanzaError) -> String {
        guard values.count <= 1 else { throw refuse(name, "one value.") }
        return values.first ?? ""
    }

    /// A text in one line.
    private static func line(_ values: [String], _ name: String, _ maximum: Int) throws(StanzaError) -> String {
        let text = try one(values, name)
        guard text.utf8.count <= maximum else { throw refuse(name, "at most \(maximum) bytes.") }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw refuse(name, "one line.")
        }
        return text
    }

    private static func flag(_ values: [String], _ name: String) throws(StanzaError) -> Bool {
        // XEP-0004 §3.2: a boolean that is not set may come without a value.
        if values.isEmpty { return false }
        guard let flag = DataForm.boolean(try one(values, name)) else { throw refuse(name, "0 or 1.") }
        return flag
    }

    private static func text(_ flag: Bool) -> [String] { [flag ? "1" : "0"] }

    fileprivate static func text(
        _ name: String, _ label: String, _ path: Path<String>,
        _ maximum: any (KeyPath<MUCLimits, Int> & Sendable)
    ) -> Self {
        Self(name: name, type: "text-single", label: label, values: { [$0[keyPath: path]] }) {
            configuration, values, limits throws(StanzaError) in
            configuration[keyPath: path] = try line(values, name, limits[keyPath: maximum])
        }
    }

    /// BCP 47; its §4.4.1 lets 35 characters be enough.
    fileprivate static func language(
        _ name: String, _ label: String, _ path: Path<String>
    ) -> Self {
        Self(name: name, type: "text-single", label: label, values: { [$0[keyPath: path]] }) {
            configuration, values, _ throws(StanzaError) in
            let tag = try line(values, name, 35)
            let isTag = tag.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
                (1...8).contains(part.utf8.count)
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                        default: false
                        }
                    }
            }
            guard tag.isEmpty || isTag else { throw refuse(name, "a language tag, such as en or pt-BR.") }
            configuration[keyPath: path] = tag
        }
    }

    fileprivate static func boolean(
        _ name: String, _ label: String, _ path: Path<Bool>
    ) -> Self {
        Self(name: name, type: "boolean", label: label, values: { text($0[keyPath: path]) }) {
            configuration, values, _ throws(StanzaError) in
            configuration[keyPath: path] = try flag(values, name)
        }
    }

    /// A page's room stays: if it went, the next visitor would be in one without what its admins have changed.
    fileprivate static func persistence(_ name: String, _ label: String) -> Self {
        Self(name: name, type: "boolean", label: label, values: { text($0.isPersistent) }) {
            configuration, values, _ throws(StanzaError) in
            let isPersistent = try flag(values, name)
            guard isPersistent || configuration.pageURL == nil else { throw refuse(name, "the room of a page stays.") }
            configuration.isPersistent = isPersistent
        }
    }

    fileprivate static func secret(_ name: String, _ label: String) -> Self {
        Self(name: name, type: "text-private", label: label, values: { [$0.password] }) {
            configuration, values, limits throws(StanzaError) in
            configuration.password = try line(values, name, limits.passwordLength)
        }
    }

    /// Comes after the password.
    fileprivate static func protection(_ name: String, _ label: String) -> Self {
        Self(name: name, type: "boolean", label: label, values: { text(!$0.password.isEmpty) }) {
            configuration, values, _ throws(StanzaError) in
            if try !flag(values, name) {
                configuration.password = ""
            } else if configuration.password.isEmpty {
                throw refuse(name, "which password?")
            }
        }
    }

    fileprivate static func capacity(_ name: String, _ label: String) -> Self {
        let options = [10, 20, 50, 100, 200, 500, 1_000].map { DataForm.Option(String($0)) }
        return Self(
            name: name, type: "list-single", label: label,
            options: options + [DataForm.Option("none", label: "As many as the service allows")],
            values: { [$0.maximumOccupants.map(String.init) ?? "none"] }
        ) { configuration, values, limits throws(StanzaError) in
            let text = try one(values, name)
            guard text != "none" else {
                configuration.maximumOccupants = nil
                return
            }
            let most = limits.occupantsPerRoom > 0 ? limits.occupantsPerRoom : .max
            guard let count = Int(text), count >= 1, count <= most else {
                throw refuse(name, "none, or a number from 1\(most < .max ? " to \(most)" : "").")
            }
            configuration.maximumOccupants = count
        }
    }

    fileprivate static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ label: String, _ path: Path<Choice>
    ) -> Self {
        let choices = Choice.allCases.map(\.rawValue)
        return Self(
            name: name, type: "list-single", label: label, options: choices.map { DataForm.Option($0) },
            values: { [$0[keyPath: path].rawValue] }
        ) { configuration, values, _ throws(StanzaError) in
            guard let choice = Choice(rawValue: try one(values, name)) else {
                throw refuse(name, "one of \(choices.joined(separator: ", ")).")
            }
            configuration[keyPath: path] = choice
        }
    }

    /// Says what is so; decides only when somebody says otherwise.
    fileprivate static func invitations(_ name: String, _ label: String) -> Self {
        Self(name: name, type: "boolean", label: label, values: { text($0.invitesAreOpen) }) {
            configuration, values, _ throws(StanzaError) in
            let flag = try flag(values, name)
            if flag != configuration.invitesAreOpen { configuration.occupantsInvite = flag }
        }
    }

    fileprivate static func roles(
        _ name: String, _ label: String, _ path: Path<Set<Role>>
    ) -> Self {
        let roles: [Role] = [.moderator, .participant, .visitor]
        return Self(
            name: name, type: "list-multi", label: label, options: roles.map { DataForm.Option($0.rawValue) },
            values: { configuration in
                roles.filter { configuration[keyPath: path].contains($0) }.map(\.rawValue)
            }
        ) { configuration, values, _ throws(StanzaError) in
            var chosen: Set<Role> = []
            for value in values {
                guard let role = Role(rawValue: value), role != .none, chosen.insert(role).inserted else {
                    throw refuse(name, "moderator, participant, visitor, each once.")
                }
            }
            configuration[keyPath: path] = chosen
        }
    }

    fileprivate static func history(_ name: String, _ label: String) -> Self {
        Self(
            name: name, type: "text-single", label: label,
            values: { [$0.historyLength.map(String.init) ?? ""] }
        ) { configuration, values, limits throws(StanzaError) in
            let text = try one(values, name)
            guard !text.isEmpty else {
                configuration.historyLength = nil
                return
            }
            guard let count = Int(text), count >= 0, count <= max(0, limits.history) else {
                throw refuse(name, "nothing, or a number from 0 to \(max(0, limits.history)).")
            }
            configuration.historyLength = count
        }
    }
}
