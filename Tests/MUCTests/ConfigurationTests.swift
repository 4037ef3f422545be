import Testing
import XMPP

@testable import MUC

@Suite struct ConfigurationTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])
    static let ask = Element("query", Namespace.mucOwner)

    /// Romeo owns the room; Juliet and the nurse are participants.
    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        nurse.isIn(as: "Nurse")
        hush()
    }

    private func hush() {
        for actor in [romeo, juliet, nurse] { _ = actor.gets() }
    }

    private func form(_ actor: Actor) throws -> DataForm {
        let answer = try #require(actor.asked(Self.ask)?.child("x", Namespace.dataForms))
        return try DataForm(answer, maximumFields: 100)
    }

    @Test func anOwnerGetsTheFormAndNobodyElse() throws {
        let form = try form(romeo)
        #expect(form.kind == .form && form.type == Namespace.mucRoomConfig)
        #expect(form.value("muc#roomconfig_roomname") == "balcony")
        #expect(form.value("muc#roomconfig_whois") == "moderators")
        #expect(form["muc#roomconfig_presencebroadcast"]?.values == ["moderator", "participant", "visitor"])
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "admin"])
        hush()
        juliet.asks(Self.ask)
        nurse.asks(Self.ask)
        stage.actor("paris@verona.example/church").asks(Self.ask)
        #expect(juliet.hears() == ["iq error forbidden/auth"])
        #expect(nurse.hears() == ["iq error forbidden/auth"])
        #expect(stage.actor("paris@verona.example/church").hears() == ["iq error forbidden/auth"])
        nurse.configures(["muc#roomconfig_moderatedroom": "1"])
        #expect(nurse.hears() == ["iq error forbidden/auth"])
    }

    @Test func everyFieldHoldsWhatItIsGiven() throws {
        let wanted: KeyValuePairs<String, String> = [
            "muc#roomconfig_roomname": "The <balcony>", "muc#roomconfig_roomdesc": "Above the orchard",
            "muc#roomconfig_lang": "it-IT", "muc#roomconfig_persistentroom": "1", "muc#roomconfig_publicroom": "0",
            "muc#roomconfig_membersonly": "0", "muc#roomconfig_moderatedroom": "1", "members_by_default": "1",
            "muc#roomconfig_allowvoicerequests": "0", "muc#roomconfig_passwordprotectedroom": "1",
            "muc#roomconfig_roomsecret": "rose", "muc#roomconfig_maxusers": "20", "muc#roomconfig_whois": "anyone",
            "muc#roomconfig_allowpm": "participants", "muc#roomconfig_changesubject": "1",
            "muc#roomconfig_allowinvites": "0", "allow_query_users": "0", "muc#maxhistoryfetch": "7",
            "muc#roomconfig_presencebroadcast": "moderator", "muc#roomconfig_presencebroadcast": "participant",
            "muc#roomconfig_enablelogging": "1", "{urn:samepage:room:0}register": "1",
            "{urn:samepage:moderation:0}slow-mode": "5", "{urn:samepage:moderation:0}hold-first": "1",
            "{urn:samepage:moderation:0}words": "rose", "{urn:samepage:moderation:0}domains": "evil.example",
            "{urn:samepage:moderation:0}filter-action": "hide",
        ]
        romeo.configures(wanted)
        #expect(romeo.hears().last == "iq result")
        let form = try form(romeo)
        for (name, value) in wanted { #expect(form[name]?.values.contains(value) == true, "\(name)") }
        #expect(form.fields.count == Set(wanted.map(\.key)).count)
        let state = try #require(stage.service.state(localpart: "balcony"))
        #expect(RoomConfiguration(stored: state.configuration.stored) == state.configuration)
        #expect(stage.changes["balcony"]?.last == .configuration(state.configuration))
    }

    @Test func aFormThatComesBackAsItWasChangesNothing() throws {
        var form = try form(romeo)
        form.kind = .submit
        romeo.asks(Element("query", Namespace.mucOwner, [form.element]), type: "set")
        #expect(romeo.hears() == ["iq result"] && juliet.hears() == [])
        #expect(stage.changes["balcony"] == nil)
    }

    @Test func whatWasAcceptedUnderOtherLimitsComesBackUnharmed() throws {
        var state = try #require(stage.service.state(localpart: "balcony"))
        state.configuration.isPersistent = true
        state.configuration.historyLength = 40
        state.configuration.maximumOccupants = 500
        state.configuration.name = String(repeating: "a", count: 200)
        let strict = Stage { limits in
            limits.history = 20
            limits.occupantsPerRoom = 10
            limits.nameLength = 100
        }
        try strict.service.restore(state)
        let romeo = strict.actor("romeo@verona.example/orchard")
        var form = try DataForm(
            try #require(romeo.asked(Self.ask)?.child("x", Namespace.dataForms)), maximumFields: 100)
        form.kind = .submit
        let changed = try #require(form.fields.firstIndex { $0.name == "muc#roomconfig_roomdesc" })
        form.fields[changed].values = ["new"]
        romeo.asks(Element("query", Namespace.mucOwner, [form.element]), type: "set")
        #expect(romeo.hears() == ["iq result"])
        romeo.configures(["muc#roomconfig_maxusers": "499"])
        #expect(romeo.hears() == ["iq error not-acceptable/modify"])
        #expect(strict.room()?.configuration.description == "new")
        #expect(strict.room()?.configuration.historyLength == 40)
    }

    @Test func aPasswordThatIsNotSwitchedOnIsNone() {
        romeo.configures(["muc#roomconfig_roomsecret": "rose", "muc#roomconfig_passwordprotectedroom": "0"])
        #expect(stage.room()?.configuration.password == "")
    }

    @Test func whatIsNotInTheFormStaysAsItIs() {
        romeo.configures(["muc#roomconfig_roomname": "Balcony", "muc#roomconfig_roomsecret": "rose"])
        romeo.configures(["muc#roomconfig_roomdesc": "Above the orchard"])
        let configuration = stage.room()?.configuration
        #expect(configuration?.name == "Balcony" && configuration?.password == "rose")
    }

    @Test(arguments: [
        ("a name in two lines", "muc#roomconfig_roomname", "a\nb"),
        ("an endless name", "muc#roomconfig_roomname", String(repeating: "a", count: 257)),
        ("an endless description", "muc#roomconfig_roomdesc", String(repeating: "a", count: 1_025)),
        ("an endless password", "muc#roomconfig_roomsecret", String(repeating: "a", count: 257)),
        ("no language", "muc#roomconfig_lang", "<en>"), ("an endless language", "muc#roomconfig_lang", "en-aaaaaaaaaa"),
        ("neither yes nor no", "muc#roomconfig_publicroom", "maybe"),
        ("nobody", "muc#roomconfig_maxusers", "0"), ("fewer than nobody", "muc#roomconfig_maxusers", "-5"),
        ("more than the service takes", "muc#roomconfig_maxusers", "1001"),
        ("too large a number", "muc#roomconfig_maxusers", "99999999999999999999"),
        ("an unknown audience", "muc#roomconfig_whois", "nobody"),
        ("an unknown role", "muc#roomconfig_presencebroadcast", "king"),
        ("the role of nobody", "muc#roomconfig_presencebroadcast", "none"),
        ("more history than there is", "muc#maxhistoryfetch", "51"), ("less than none", "muc#maxhistoryfetch", "-1"),
        ("a password that is missing", "muc#roomconfig_passwordprotectedroom", "1"),
    ])
    func aValueThatDoesNotFitIsNotAcceptableAndNothingChanges(_ name: String, _ field: String, _ value: String) {
        let before = stage.room()?.configuration
        romeo.configures(["muc#roomconfig_roomdesc": "new", "muc#roomconfig_changesubject": "1", field: value])
        #expect(romeo.hears() == ["iq error not-acceptable/modify"], "\(name)")
        #expect(juliet.hears() == [] && stage.room()?.configuration == before)
        #expect(stage.changes["balcony"] == nil)
    }

    @Test func aFieldOfTwoValuesWhereOneIsDueIsNotAcceptable() {
        romeo.configures(["muc#roomconfig_roomname": "a", "muc#roomconfig_roomname": "b"])
        romeo.configures(["muc#roomconfig_publicroom": "0", "muc#roomconfig_publicroom": "1"])
        romeo.configures([
            "muc#roomconfig_presencebroadcast": "visitor", "muc#roomconfig_presencebroadcast": "visitor",
        ])
        #expect(romeo.hears() == Array(repeating: "iq error not-acceptable/modify", count: 3))
    }

    @Test func aFormThatIsNotThisOneIsABadRequestAndNothingChanges() {
        let before = stage.room()?.configuration
        romeo.configures(["muc#roomconfig_roomname": "new", "muc#roomconfig_unknown": "1"])
        var other = DataForm(.submit, type: Namespace.mucRegister)
        other.fields = [DataForm.Field("muc#roomconfig_roomname", ["new"])]
        var twice = DataForm(.submit, type: Namespace.mucRoomConfig)
        twice.fields = Array(repeating: DataForm.Field("muc#roomconfig_roomname", ["new"]), count: 2)
        var many = DataForm(.submit, type: Namespace.mucRoomConfig)
        many.fields = (0...100).map { DataForm.Field("x\($0)", []) }
        let forms = [other, twice, many, DataForm(.form), DataForm(.result)].map(\.element)
        for form in forms + [Element("x", Namespace.dataForms), Element("y", "urn:y")] {
            romeo.asks(Element("query", Namespace.mucOwner, [form]), type: "set")
        }
        #expect(romeo.hears() == Array(repeating: "iq error bad-request/modify", count: 8))
        #expect(stage.room()?.configuration == before)
    }

    @Test func aChangeIs104ToEverybodyInside() {
        romeo.configures(["muc#roomconfig_roomname": "Balcony"])
        #expect(romeo.hears() == ["the room says 104", "iq result"])
        #expect(juliet.hears() == ["the room says 104"] && nurse.hears() == ["the room says 104"])
    }

    @Test func changesOfPrivacyHaveCodesOfTheirOwn() {
        romeo.configures(["muc#roomconfig_enablelogging": "1"])
        romeo.configures(["muc#roomconfig_enablelogging": "0", "muc#roomconfig_whois": "anyone"])
        romeo.configures(["muc#roomconfig_whois": "moderators", "muc#roomconfig_roomname": "Balcony"])
        #expect(juliet.hears() == ["the room says 170", "the room says 171 172", "the room says 104 173"])
    }

    @Test func aRoomThatBecomesOneForMembersPutsOthersOutWith322() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        hush()
        romeo.configures(["muc#roomconfig_membersonly": "1"])
        #expect(nurse.hears() == ["Nurse is gone: none/none 110 322 <nurse@verona.example/door>"])
        #expect(juliet.hears() == ["Nurse is gone: none/none 322", "the room says 104"])
        nurse.joins("Nurse")
        #expect(nurse.hears() == ["presence error registration-required/auth"])
        romeo.configures(["muc#roomconfig_membersonly": "0"])
        nurse.joins("Nurse")
        #expect(nurse.hears().count == 4)
    }

    @Test func inANonAnonymousRoomEverybodySeesWhoComes() {
        romeo.configures(["muc#roomconfig_whois": "anyone"])
        hush()
        stage.actor("paris@verona.example/church").joins("Paris")
        #expect(juliet.hears() == ["Paris is here: none/participant <paris@verona.example/church>"])
        #expect(stage.actor("paris@verona.example/church").hears()[3].contains("none/participant 100 110"))
    }

    @Test func newcomersToAModeratedRoomHaveNoVoiceUnlessTheOwnerSaysSo() {
        romeo.configures(["muc#roomconfig_moderatedroom": "1"])
        let paris = stage.actor("paris@verona.example/church")
        paris.isIn(as: "Paris")
        paris.says("hark")
        #expect(paris.hears() == ["message error forbidden/auth"])
        juliet.says("I may still")
        #expect(paris.hears() == ["Juliet: I may still"])
        romeo.configures(["members_by_default": "1"])
        _ = paris.gets()
        #expect(stage.room()?.occupants["Paris"]?.role == .participant)
    }

    @Test func whenARoomIsNoLongerModeratedTheSilentSpeakAndTheMutedDoNot() {
        romeo.configures(["muc#roomconfig_moderatedroom": "1"])
        let paris = stage.actor("paris@verona.example/church")
        paris.isIn(as: "Paris")
        romeo.moderates(["nick": "Nurse", "role": "visitor"])
        _ = paris.gets()
        romeo.configures(["muc#roomconfig_moderatedroom": "0"])
        #expect(
            paris.hears() == ["Paris is here: none/participant 110 <paris@verona.example/church>", "the room says 104"])
        nurse.says("I am muted")
        #expect(nurse.hears().last == "message error forbidden/auth")
    }

    @Test func aPasswordIsAskedForAndTakenAway() {
        romeo.configures(["muc#roomconfig_passwordprotectedroom": "1", "muc#roomconfig_roomsecret": "rose"])
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("Paris")
        paris.joins("Paris", password: "tulip")
        #expect(paris.hears() == Array(repeating: "presence error not-authorized/auth", count: 2))
        paris.joins("Paris", password: "rose")
        #expect(paris.hears().count == 5)
        romeo.configures(["muc#roomconfig_passwordprotectedroom": "0"])
        #expect(stage.room()?.configuration.password == "")
    }

    @Test func aFullRoomTakesAdminsAndOwnersOnly() {
        romeo.configures(["muc#roomconfig_maxusers": "3"])
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("Paris")
        #expect(paris.hears() == ["presence error service-unavailable/wait"])
        prince.joins("Prince")
        #expect(prince.hears().count == 5)
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "admin"])
        paris.joins("Paris")
        #expect(paris.hears().count == 6)
    }

    @Test func participantsMayBeAllowedToChangeTheSubject() {
        juliet.setsSubject("me")
        #expect(juliet.hears() == ["message error forbidden/auth"])
        romeo.configures(["muc#roomconfig_changesubject": "1"])
        hush()
        juliet.setsSubject("the moon")
        #expect(nurse.hears() == ["Juliet sets the subject: the moon"])
    }

    @Test(arguments: [
        ("anyone", [true, true, true]), ("participants", [false, true, true]), ("moderators", [false, false, true]),
        ("none", [false, false, false]),
    ])
    func privateMessagesAreForThoseWhomTheOwnerLets(_ who: String, _ allowed: [Bool]) {
        romeo.moderates(["nick": "Nurse", "role": "visitor"])
        romeo.configures(["muc#roomconfig_allowpm": who])
        hush()
        for (actor, isAllowed) in zip([nurse, juliet, romeo], allowed) {
            actor.whispers("psst", to: "Romeo")
            let heard = romeo.hears() + actor.hears()
            #expect(heard.last?.hasSuffix("whispers: psst") == isAllowed)
            #expect(heard.contains("message error forbidden/auth") != isAllowed)
        }
    }

    @Test func requestsToOccupantsCanBeForbiddenAndSelfPingsCannot() {
        romeo.configures(["allow_query_users": "0"])
        hush()
        juliet.asks(Element("query", Namespace.version), of: "balcony/Romeo")
        juliet.asks(Element("ping", Namespace.ping), of: "balcony/Juliet")
        #expect(juliet.hears() == ["iq error not-allowed/cancel", "iq result"])
        #expect(romeo.hears() == [])
    }

    @Test func newcomersGetNoMoreHistoryThanTheOwnerWants() {
        for number in 1...5 { romeo.says("\(number)") }
        romeo.configures(["muc#maxhistoryfetch": "2"])
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("Paris", history: ["maxstanzas": "4"])
        #expect(paris.hears().dropFirst(4).dropLast() == ["Romeo (earlier): 4", "Romeo (earlier): 5"])
        paris.leaves("Paris")
        _ = paris.gets()
        paris.joins("Paris", history: ["maxstanzas": "1"])
        #expect(paris.hears().dropFirst(4).dropLast() == ["Romeo (earlier): 5"])
    }

    @Test func serviceDiscoveryFollowsTheForm() throws {
        romeo.configures([
            "muc#roomconfig_publicroom": "0", "muc#roomconfig_persistentroom": "1", "muc#roomconfig_membersonly": "1",
            "muc#roomconfig_moderatedroom": "1", "muc#roomconfig_whois": "anyone", "muc#roomconfig_roomsecret": "rose",
            "muc#roomconfig_roomname": "Balcony", "muc#roomconfig_roomdesc": "Above the orchard",
            "muc#roomconfig_lang": "it", "muc#roomconfig_changesubject": "1", "muc#maxhistoryfetch": "9",
        ])
        let query = try #require(romeo.asked(Element("query", Namespace.discoInfo)))
        let features = Set(query.children.filter { $0.name == "feature" }.compactMap { $0["var"] })
        #expect(
            Set(features.filter { $0.hasPrefix("muc_") }) == [
                "muc_hidden", "muc_persistent", "muc_membersonly", "muc_moderated", "muc_nonanonymous",
                "muc_passwordprotected",
            ])
        #expect(query.child("identity", Namespace.discoInfo)?["name"] == "Balcony")
        let info = try DataForm(try #require(query.child("x", Namespace.dataForms)), maximumFields: 100)
        #expect(info.type == Namespace.mucRoomInfo)
        #expect(info.value("muc#roominfo_description") == "Above the orchard")
        #expect(info.value("muc#roominfo_lang") == "it" && info.value("muc#maxhistoryfetch") == "9")
        #expect(info.value("muc#roominfo_subjectmod") == "1" && info.value("muc#roominfo_occupants") == "1")
        #expect(!String(decoding: query.serialized, as: UTF8.self).contains("rose"))
    }

    // MARK: The room of a page

    private func pageRoom() -> (Stage, owner: Actor, visitor: Actor) {
        let stage = Stage(admins: ["prince@verona.example"])
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        let visitor = stage.actor("romeo@verona.example/orchard")
        visitor.isIn(as: "Romeo")
        return (stage, stage.actor("prince@verona.example/palace"), visitor)
    }

    @Test func theRoomOfAPageBelongsToTheAdminsAndIsOpenAtOnce() {
        let (stage, prince, romeo) = pageRoom()
        romeo.asks(Self.ask)
        #expect(romeo.hears() == ["iq error forbidden/auth"])
        #expect(prince.asked(Self.ask) != nil)
        stage.actor("juliet@verona.example/chamber").joins("Juliet")
        #expect(stage.actor("juliet@verona.example/chamber").hears().count == 3)
    }

    @Test func whatAnAdminChangesInTheRoomOfAPageHolds() {
        let (stage, prince, romeo) = pageRoom()
        prince.configures(["muc#roomconfig_moderatedroom": "1", "muc#roomconfig_roomname": "Quiet please"])
        #expect(prince.hears() == ["iq result"])
        romeo.leaves("Romeo")
        _ = romeo.gets()
        romeo.joins("Romeo", [Element("page", Namespace.page, ["url": "https://verona.example/", "title": "Loud"])])
        #expect(romeo.hears().first == "Romeo is here: none/visitor 110 <romeo@verona.example/orchard>")
        #expect(stage.room()?.configuration.name == "Quiet please")
    }

    @Test func theRoomOfAPageCannotBeMadeTemporary() {
        let (stage, prince, _) = pageRoom()
        prince.configures(["muc#roomconfig_persistentroom": "0", "muc#roomconfig_roomname": "x"])
        #expect(prince.hears() == ["iq error not-acceptable/modify"])
        #expect(stage.room()?.configuration.name == "balcony")
    }
}
