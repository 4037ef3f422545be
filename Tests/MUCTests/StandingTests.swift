import Testing
import XMPP

@testable import MUC

/// People to whom the service itself gave a place in the room, and took it back.
@Suite struct StandingTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])
    var friar: Actor { stage.actor("friar@verona.example/cell") }

    private func has(_ standing: Standing?) { stage.policy.standings["friar@verona.example"] = standing }

    /// Romeo owns the room, and Juliet is in it.
    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    private func affiliation(_ actor: Actor) -> Affiliation? { stage.room()?.affiliation(of: actor.jid.bare) }

    private func everybodyListens() {
        for actor in [romeo, juliet, friar, prince] { _ = actor.gets() }
    }

    @Test func aNickThatSomebodyReservedBeforeIsNoObstacleToWhomTheServiceGivesIt() {
        romeo.configures(["{urn:samepage:room:0}register": "1"])
        let paris = stage.actor("paris@verona.example/church")
        paris.isIn(as: "Paris")
        var form = DataForm(.submit, type: Namespace.mucRegister)
        form.fields = [DataForm.Field("muc#register_roomnick", ["Friar"])]
        paris.asks(Element("query", Namespace.register, [form.element]), type: "set")
        #expect(paris.hears().last == "iq result")
        stage.policy.nicks["Friar"] = "friar@verona.example"
        has(.moderator)
        paris.renames(to: "Friar")
        #expect(paris.hears() == ["presence error conflict/cancel"])
        stage.actor("friar@verona.example/cell").isIn(as: "Friar")
        #expect(stage.room()?.occupants["Friar"]?.person == Stage.jid("friar@verona.example"))
        let mercutio = stage.actor("mercutio@verona.example/x")
        mercutio.joins("Friar")
        #expect(mercutio.hears() == ["presence error conflict/cancel"])
    }

    @Test func anOwnerComesInAsOneAndNothingOfItIsKept() {
        has(.owner)
        friar.joins("Friar")
        #expect(juliet.hears() == ["Friar is here: owner/moderator"])
        #expect(stage.room()?.affiliations[friar.jid.bare] == nil)
    }

    @Test func anOwnerBansAndMakesAdminsAndAnAdminBansButMakesNone() {
        for (standing, makesAdmins) in [(Standing.owner, true), (.admin, false)] {
            has(standing)
            friar.isIn(as: "Friar")
            everybodyListens()
            friar.moderates(["jid": "paris@verona.example", "affiliation": "outcast"])
            #expect(friar.hears() == ["iq result"])
            friar.moderates(["jid": "juliet@verona.example", "affiliation": "admin"])
            #expect(friar.hears().last == (makesAdmins ? "iq result" : "iq error forbidden/auth"), "\(standing)")
            romeo.moderates(["jid": "juliet@verona.example", "affiliation": "none"])
            friar.ends(.left)
            everybodyListens()
        }
    }

    @Test func anAdminRanksBelowTheOwnersOfTheRoom() {
        has(.admin)
        friar.isIn(as: "Friar")
        friar.moderates(["nick": "Romeo", "role": "none"])
        #expect(friar.hears() == ["iq error not-allowed/cancel"])
        friar.moderates(["jid": "romeo@verona.example", "affiliation": "none"])
        #expect(friar.hears() == ["iq error not-allowed/cancel"])
    }

    @Test func aModeratorIsOneInEveryVisitAndKicksAndSilencesButBansNobody() {
        has(.moderator)
        for _ in 0..<2 {
            friar.joins("Friar")
            #expect(juliet.hears() == ["Friar is here: member/moderator"])
            friar.moderates(["nick": "Juliet", "role": "visitor"])
            #expect(juliet.hears() == ["Juliet is here: none/visitor 110 <juliet@verona.example/chamber> by Friar"])
            friar.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"])
            #expect(friar.hears().last == "iq error forbidden/auth")
            friar.moderates(["nick": "Romeo", "role": "none"])
            #expect(friar.hears().last == "iq error not-allowed/cancel")
            friar.moderates(["nick": "Juliet", "role": "none"])
            #expect(juliet.hears().last?.contains("307") == true)
            friar.leaves("Friar")
            juliet.isIn(as: "Juliet")
            everybodyListens()
        }
    }

    @Test func aModeratorEntersARoomForMembersAndSpeaksInAModeratedOne() {
        has(.moderator)
        stage.room()?.configuration.isMembersOnly = true
        stage.room()?.configuration.isModerated = true
        friar.isIn(as: "Friar")
        friar.says("peace")
        #expect(juliet.hears().last == "Friar: peace")
    }

    @Test func nobodyInTheRoomTakesAwayWhatTheServiceGaveNorBansTheBearer() {
        for standing in [Standing.owner, .admin, .moderator] {
            has(standing)
            for affiliation in ["outcast", "none", standing.affiliation.rawValue] {
                romeo.moderates(["jid": "friar@verona.example", "affiliation": affiliation])
                #expect(romeo.hears() == ["iq error not-allowed/cancel"], "\(standing) \(affiliation)")
            }
            #expect(affiliation(friar) == standing.affiliation)
        }
    }

    @Test func theRoomMayAddToItAndTakeThatBack() {
        has(.moderator)
        friar.isIn(as: "Friar")
        everybodyListens()
        romeo.moderates(["jid": "friar@verona.example", "affiliation": "admin"])
        #expect(juliet.hears() == ["Friar is here: admin/moderator by Romeo"])
        romeo.moderates(["jid": "friar@verona.example", "affiliation": "none"])
        #expect(juliet.hears() == ["Friar is here: member/moderator by Romeo"])
        #expect(stage.room()?.affiliations[friar.jid.bare] == nil)
    }

    @Test func aNickThatTheRoomKeepsForSomebodyWithAStandingOpensNoWayRoundIt() {
        has(.owner)
        friar.isIn(as: "Friar")
        var form = DataForm(.submit, type: Namespace.mucRegister)
        form.fields = [DataForm.Field("muc#register_roomnick", ["Friar"])]
        friar.asks(Element("query", Namespace.register, [form.element]), type: "set")
        #expect(friar.hears().last == "iq result")
        everybodyListens()
        for affiliation in ["outcast", "none", "member", "admin", "owner"] {
            romeo.moderates(["jid": "friar@verona.example", "affiliation": affiliation])
            #expect(romeo.hears() == ["iq error not-allowed/cancel"], "\(affiliation)")
        }
        #expect(stage.room()?.affiliations[friar.jid.bare]?.nick == "Friar")
    }

    @Test func anOlderBanOfTheRoomDoesNotCountAgainstTheService() {
        romeo.moderates(["jid": "friar@verona.example", "affiliation": "outcast"])
        has(.moderator)
        friar.joins("Friar")
        #expect(juliet.hears() == ["Friar is here: member/moderator"])
    }

    @Test func whatTheServiceTakesBackIsGoneAtOnce() {
        has(.owner)
        friar.isIn(as: "Friar")
        everybodyListens()
        has(nil)
        friar.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"])
        #expect(friar.hears() == ["iq error forbidden/auth"])
        friar.ends(.left)
        everybodyListens()
        friar.joins("Friar")
        #expect(juliet.hears() == ["Friar is here: none/participant"])
    }

    @Test func theListsNameThoseWhomTheServiceMade() {
        stage.policy.standings = [
            "friar@verona.example": .owner, "nurse@verona.example": .admin, "page@verona.example": .moderator,
        ]
        func list(_ affiliation: String) -> [String?] {
            _ = romeo.gets()
            let item = Element("item", Namespace.mucAdmin, ["affiliation": affiliation])
            romeo.asks(Element("query", Namespace.mucAdmin, [item]))
            return romeo.gets().first?.payload.first?.children.map { $0["jid"] } ?? []
        }
        #expect(list("owner") == ["prince@verona.example", "friar@verona.example", "romeo@verona.example"])
        #expect(list("admin") == ["nurse@verona.example"])
        #expect(list("member") == ["page@verona.example"])
    }

    @Test func aRoomWhoseLastOwnerByItsListsGoesIsNotHeldByTheServicesOwners() {
        has(.owner)
        romeo.moderates(["jid": "romeo@verona.example", "affiliation": "none"])
        #expect(romeo.hears() == ["iq error conflict/cancel"])
    }

    @Test func aNickThatBelongsToSomebodyIsAConflictForEverybodyElse() {
        stage.policy.nicks["Friar"] = "friar@verona.example"
        let stranger = stage.actor("mercutio@verona.example/street")
        stranger.joins("Friar")
        #expect(stranger.hears() == ["presence error conflict/cancel"])
        juliet.renames(to: "Friar")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        friar.joins("Friar")
        #expect(juliet.hears() == ["Friar is here: none/participant"])
        let phone = stage.actor("friar@verona.example/phone")
        phone.joins("Friar")
        #expect(juliet.hears() == [], "another session of the same person")
        friar.renames(to: "Lawrence")
        stage.now += 60_000
        friar.renames(to: "Friar")
        #expect(friar.hears().last?.contains("error") == false)
    }

    @Test func nobodyReservesANickThatBelongsToSomebodyElse() {
        stage.policy.nicks["Friar"] = "friar@verona.example"
        var form = DataForm(.submit, type: Namespace.mucRegister)
        form.fields = [DataForm.Field("muc#register_roomnick", ["Friar"])]
        let query = Element("query", Namespace.register, [form.element])
        romeo.asks(query, type: "set")
        #expect(romeo.hears() == ["iq error conflict/cancel"])
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member", "nick": "Friar"])
        #expect(romeo.hears() == ["iq error conflict/cancel"])
        #expect(affiliation(juliet) == Affiliation.none)
        romeo.moderates(["jid": "friar@verona.example", "affiliation": "member", "nick": "Friar"])
        #expect(romeo.hears().last == "iq result")
    }

    @Test func whoHasAStandingComesInWithItWhereNewcomersHaveAVoiceOrNone() {
        for newcomersHaveVoice in [true, false] {
            stage.room()?.configuration.isModerated = true
            stage.room()?.configuration.newcomersHaveVoice = newcomersHaveVoice
            has(.moderator)
            friar.joins("Friar")
            #expect(juliet.hears() == ["Friar is here: member/moderator"])
            friar.leaves("Friar")
            has(nil)
            everybodyListens()
            friar.joins("Friar")
            #expect(juliet.hears() == ["Friar is here: none/\(newcomersHaveVoice ? "participant" : "visitor")"])
            friar.leaves("Friar")
            everybodyListens()
        }
    }
}

extension StagePolicy {
    func standing(of bareJID: JID, in room: JID, pageURL: String?) -> Standing? {
        if let standing = standings[bareJID.description] { return standing }
        guard let office = offices[bareJID.description] else { return nil }
        return office.site.map { isRoom(room, pageURL: pageURL, of: $0) } ?? true ? office.standing : nil
    }

    func office(of bareJID: JID) -> Office? { offices[bareJID.description] }

    func isRoom(_ room: JID, pageURL: String?, of site: String) -> Bool { sites[room.localpart ?? ""] == site }

    func peopleOfStanding(in room: JID, pageURL: String?) -> [JID] { standings.keys.sorted().map(Stage.jid) }

    func owns(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool {
        nicks[nick] == bareJID.description
    }

    func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool {
        nicks[nick].map { $0 == bareJID.description } ?? true
    }
}
