import Testing
import XMPP

@testable import MUC

@Suite struct AdminTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    /// Romeo owns the room; Juliet and the nurse are participants.
    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        nurse.isIn(as: "Nurse")
        _ = (romeo.gets(), juliet.gets())
    }

    private func affiliation(_ actor: Actor) -> Affiliation? { stage.room()?.affiliation(of: actor.jid.bare) }

    private func give(_ affiliation: Affiliation, to actor: Actor) {
        romeo.moderates(["jid": actor.jid.bare.description, "affiliation": affiliation.rawValue])
        for actor in [romeo, juliet, nurse] { _ = actor.gets() }
    }

    private func makeModerator(_ nick: String) {
        romeo.moderates(["nick": nick, "role": "moderator"])
        for actor in [romeo, juliet, nurse] { _ = actor.gets() }
    }

    @Test func aKickIs307WithActorAndReason() {
        romeo.moderates(["nick": "Juliet", "role": "none"], reason: "balcony closed")
        #expect(
            juliet.hears() == [
                "Juliet is gone: none/none 110 307 <juliet@verona.example/chamber> by Romeo because balcony closed"
            ])
        #expect(nurse.hears() == ["Juliet is gone: none/none 307 by Romeo because balcony closed"])
        #expect(romeo.hears().last == "iq result")
        juliet.says("still here?")
        #expect(juliet.hears() == ["message error not-acceptable/modify"])
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 4)
    }

    @Test func aKickTakesOutAllSessionsOfTheNick() {
        let phone = stage.actor("juliet@verona.example/phone")
        phone.isIn(as: "Juliet")
        romeo.moderates(["nick": "Juliet", "role": "none"])
        #expect(juliet.hears().count == 1 && phone.hears().count == 1)
        #expect(nurse.hears().count == 1)
        #expect(stage.room()?.sessions.count == 2)
    }

    @Test func aBanIs301AndKeepsOut() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"], reason: "feud")
        #expect(
            juliet.hears() == [
                "Juliet is gone: outcast/none 110 301 <juliet@verona.example/chamber> by Romeo because feud"
            ])
        #expect(nurse.hears() == ["Juliet is gone: outcast/none 301 by Romeo because feud"])
        juliet.joins("Juliet")
        #expect(juliet.hears() == ["presence error forbidden/auth"])
        give(.none, to: juliet)
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 4)
    }

    @Test func someoneAbsentCanBeBanned() {
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "outcast"])
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("Paris")
        #expect(paris.hears() == ["presence error forbidden/auth"])
    }

    @Test func voiceIsRevokedAndGranted() {
        romeo.moderates(["nick": "Juliet", "role": "visitor"])
        #expect(juliet.hears() == ["Juliet is here: none/visitor 110 <juliet@verona.example/chamber> by Romeo"])
        juliet.says("mmph")
        #expect(juliet.hears() == ["message error forbidden/auth"])
        romeo.moderates(["nick": "Juliet", "role": "participant"])
        juliet.says("free")
        #expect(nurse.hears().last == "Juliet: free")
    }

    @Test func aNewModeratorSeesRealJIDsFromThenOn() {
        romeo.moderates(["nick": "Juliet", "role": "moderator"])
        #expect(juliet.hears() == ["Juliet is here: none/moderator 110 <juliet@verona.example/chamber> by Romeo"])
        nurse.does(.presence, to: "balcony/Nurse")
        #expect(juliet.hears() == ["Nurse is here: none/participant <nurse@verona.example/door>"])
    }

    @Test func thoseWithoutTheRightAreForbidden() {
        juliet.moderates(["nick": "Nurse", "role": "none"])
        juliet.moderates(["jid": "nurse@verona.example", "affiliation": "outcast"])
        stage.actor("paris@verona.example/church").moderates(["nick": "Nurse", "role": "none"])
        #expect(juliet.hears() == ["iq error forbidden/auth", "iq error forbidden/auth"])
        #expect(stage.actor("paris@verona.example/church").hears() == ["iq error forbidden/auth"])
        #expect(stage.room()?.summary.occupants == 3)
    }

    @Test func nobodyActsOnEqualsOrBetters() {
        makeModerator("Juliet")
        makeModerator("Nurse")
        prince.isIn(as: "Prince")
        _ = juliet.gets()
        for nick in ["Nurse", "Romeo", "Prince"] { juliet.moderates(["nick": nick, "role": "none"]) }
        #expect(juliet.hears() == Array(repeating: "iq error not-allowed/cancel", count: 3))
        _ = romeo.gets()
        romeo.moderates(["nick": "Prince", "role": "none"])
        romeo.moderates(["jid": "prince@verona.example", "affiliation": "outcast"])
        romeo.moderates(["jid": "prince@verona.example", "affiliation": "none"])
        #expect(romeo.hears() == Array(repeating: "iq error not-allowed/cancel", count: 3))
    }

    @Test func anAdminActsOnModeratorsButNotOnAdminsAndOwners() {
        give(.admin, to: juliet)
        makeModerator("Nurse")
        juliet.moderates(["jid": "romeo@verona.example", "affiliation": "none"])
        juliet.moderates(["jid": "paris@verona.example", "affiliation": "admin"])
        #expect(juliet.hears() == ["iq error not-allowed/cancel", "iq error forbidden/auth"])
        juliet.moderates(["nick": "Nurse", "role": "none"])
        #expect(nurse.hears().count == 1)
    }

    @Test func aModeratorMakesNoModerators() {
        makeModerator("Juliet")
        juliet.moderates(["nick": "Nurse", "role": "moderator"])
        #expect(juliet.hears() == ["iq error forbidden/auth"])
    }

    @Test func banningOneselfIsAConflict() {
        romeo.moderates(["jid": "romeo@verona.example", "affiliation": "outcast"])
        #expect(romeo.hears() == ["iq error conflict/cancel"])
    }

    @Test func theLastOwnerCannotGo() {
        romeo.moderates(["jid": "romeo@verona.example", "affiliation": "admin"])
        #expect(romeo.hears() == ["iq error conflict/cancel"])
        give(.owner, to: juliet)
        romeo.moderates(["jid": "romeo@verona.example", "affiliation": "none"])
        #expect(affiliation(romeo) == Affiliation.none)
        #expect(juliet.hears() == ["Romeo is here: none/participant <romeo@verona.example/orchard> by Romeo"])
    }

    @Test func roleAndAffiliationInOneItemIsABadRequest() {
        romeo.moderates(["nick": "Juliet", "jid": "juliet@verona.example", "role": "none", "affiliation": "none"])
        romeo.moderates(["nick": "Juliet"])
        romeo.moderates(["nick": "Juliet", "role": "king"])
        romeo.moderates(["role": "none"])
        romeo.asks(Element("query", Namespace.mucAdmin), type: "set")
        #expect(romeo.hears() == Array(repeating: "iq error bad-request/modify", count: 5))
    }

    @Test func aBatchWithOneBadItemChangesNothing() {
        romeo.moderates(
            ["jid": "juliet@verona.example", "affiliation": "outcast"], ["nick": "Nurse", "role": "visitor"],
            ["nick": "Nobody", "role": "none"])
        #expect(romeo.hears() == ["iq error item-not-found/cancel"])
        #expect(juliet.hears() == [] && nurse.hears() == [])
        #expect(affiliation(juliet) == Affiliation.none)
    }

    @Test func aBatchChangesAll() {
        romeo.moderates(
            ["jid": "juliet@verona.example", "affiliation": "member"], ["nick": "Nurse", "role": "visitor"])
        #expect(affiliation(juliet) == .member)
        #expect(stage.room()?.occupants["Nurse"]?.role == .visitor)
    }

    @Test func inARoomForMembersALostMembershipIs321() throws {
        give(.member, to: juliet)
        try #require(stage.room()).configuration.isMembersOnly = true
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "none"])
        #expect(juliet.hears() == ["Juliet is gone: none/none 110 321 <juliet@verona.example/chamber> by Romeo"])
    }

    @Test func anAdminOfTheServiceActsFromOutside() {
        prince.moderates(["nick": "Juliet", "role": "none"])
        #expect(prince.hears() == ["iq result"])
        #expect(juliet.hears() == ["Juliet is gone: none/none 110 307 <juliet@verona.example/chamber>"])
    }

    @Test func listsAreForThoseWhoMaySeeThem() throws {
        give(.outcast, to: stage.actor("paris@verona.example/church"))
        func list(_ item: KeyValuePairs<String, String?>) -> Element {
            Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, item)])
        }
        for affiliation in ["owner", "admin", "member", "outcast"] { juliet.asks(list(["affiliation": affiliation])) }
        juliet.asks(list(["role": "participant"]))
        #expect(juliet.hears() == Array(repeating: "iq error forbidden/auth", count: 5))
        romeo.asks(list(["affiliation": "outcast"]))
        let outcasts = try #require(romeo.gets().first?.payload.first)
        #expect(outcasts.children.map { $0["jid"] } == ["paris@verona.example"])
        romeo.asks(list(["affiliation": "owner"]))
        let owners = try #require(romeo.gets().first?.payload.first)
        #expect(Set(owners.children.map { $0["jid"] }) == ["romeo@verona.example", "prince@verona.example"])
        romeo.asks(list(["role": "participant"]))
        let participants = try #require(romeo.gets().first?.payload.first)
        #expect(Set(participants.children.map { $0["nick"] }) == ["Juliet", "Nurse"])
    }

    @Test func affiliationsAndItemsAreBounded() {
        let stage = Stage { limits in
            limits.affiliationsPerRoom = 3
            limits.adminItems = 2
        }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        func ban(_ name: String) -> KeyValuePairs<String, String?> {
            ["jid": "\(name)@verona.example", "affiliation": "outcast"]
        }
        romeo.moderates(ban("a"), ban("b"), ban("c"))
        romeo.moderates(ban("a"), ban("b"))
        romeo.moderates(ban("c"))
        romeo.moderates(["jid": "a@verona.example", "affiliation": "none"])
        #expect(
            romeo.hears() == [
                "iq error bad-request/modify", "iq result", "iq error resource-constraint/wait", "iq result",
            ])
    }

    @Test func aBatchNamesEverybodyOnce() {
        romeo.moderates(
            ["jid": "juliet@verona.example", "affiliation": "member"],
            ["jid": "juliet@verona.example/chamber", "affiliation": "outcast"])
        romeo.moderates(["nick": "Nurse", "role": "visitor"], ["nick": "Nurse", "role": "none"])
        #expect(romeo.hears() == Array(repeating: "iq error bad-request/modify", count: 2))
        #expect(affiliation(juliet) == Affiliation.none && nurse.hears() == [])
    }

    private func list(_ item: KeyValuePairs<String, String?>) -> Element {
        Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, item)])
    }

    @Test func theListOfTheBannedSaysWhy() {
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "outcast"], reason: "feud")
        _ = romeo.gets()
        let item = romeo.asked(list(["affiliation": "outcast"]))?.children.first
        #expect(item?.child("reason", Namespace.mucAdmin)?.text == "feud")
        let entry = stage.room()?.affiliations[Stage.jid("paris@verona.example")]
        #expect(entry?.actor == romeo.jid.bare && entry?.since == stage.now)
    }

    @Test func aLongReasonIsCut() {
        romeo.moderates(
            ["jid": "paris@verona.example", "affiliation": "outcast"], reason: String(repeating: "x", count: 600))
        #expect(stage.room()?.affiliations[Stage.jid("paris@verona.example")]?.reason?.utf8.count == 512)
    }

    @Test func membersSeeEachOtherWhereAddressesAreNoSecret() {
        give(.member, to: juliet)
        let members = list(["affiliation": "member"])
        juliet.asks(members)
        romeo.configures(["muc#roomconfig_membersonly": "1"])
        juliet.asks(members)
        #expect(juliet.hears().filter { $0.hasPrefix("iq") } == Array(repeating: "iq error forbidden/auth", count: 2))
        romeo.configures(["muc#roomconfig_whois": "anyone"])
        #expect(juliet.asked(members)?.children.map { $0["jid"] } == ["juliet@verona.example"])
        juliet.asks(list(["affiliation": "owner"]))
        juliet.asks(list(["affiliation": "outcast"]))
        #expect(juliet.hears() == Array(repeating: "iq error forbidden/auth", count: 2))
    }

    @Test func adminsAndModeratorsAreMadeAndUnmade() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "admin"])
        #expect(nurse.hears() == ["Juliet is here: admin/moderator by Romeo"])
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "none"])
        #expect(nurse.hears() == ["Juliet is here: none/participant by Romeo"])
        romeo.moderates(["nick": "Juliet", "role": "moderator"])
        romeo.moderates(["nick": "Juliet", "role": "participant"])
        #expect(
            nurse.hears() == ["Juliet is here: none/moderator by Romeo", "Juliet is here: none/participant by Romeo"])
    }

    @Test func anOwnerHandsTheRoomOver() {
        give(.owner, to: juliet)
        romeo.moderates(["jid": "romeo@verona.example", "affiliation": "none"])
        #expect(affiliation(romeo) == Affiliation.none)
        juliet.moderates(["jid": "juliet@verona.example", "affiliation": "admin"])
        #expect(juliet.hears().last == "iq error conflict/cancel")
    }
}
