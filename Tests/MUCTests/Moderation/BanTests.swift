import Testing
import XMPP

@testable import MUC

@Suite struct BanTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    /// Romeo owns the room, the nurse is a moderator, Juliet and Tybalt are participants. Tybalt and Juliet share a network.
    init() {
        romeo.isIn(as: "Romeo")
        for (actor, nick) in [(juliet, "Juliet"), (nurse, "Nurse"), (tybalt, "Tybalt")] { actor.isIn(as: nick) }
        romeo.moderates(["nick": "Nurse", "role": "moderator"])
        juliet.comes(from: "house")
        tybalt.comes(from: "house")
        clear()
    }

    private func clear() { for actor in [romeo, juliet, nurse, tybalt, prince] { _ = actor.gets() } }

    private func refusal(_ actor: Actor, room: String = "balcony") -> String? {
        actor.joins("\(actor.jid.localpart ?? "") again", room: room)
        let error = actor.gets().compactMap { $0.child("error", Namespace.client) }.first
        return error.map {
            "\($0.children.first?.name ?? "?"): \($0.child("text", Namespace.stanzaErrors)?.text ?? "")"
        }
    }

    @Test func aModeratorBansByCommandInTwoSteps() {
        let begun = nurse.commands("ban")
        #expect(begun.status == "executing" && begun.options("scope") == ["room"])
        let asked = nurse.commands(
            "ban", action: "next", session: begun.sessionID,
            ["who": ["Tybalt"], "duration": ["3600"], "reason": ["brawling"], "widen": ["0"], "scope": ["room"]])
        #expect(asked.status == "executing" && asked.field("others") == ["0"])
        #expect(stage.room()?.summary.occupants == 4)
        let done = nurse.commands("ban", action: "complete", session: begun.sessionID)
        #expect(done.status == "completed" && done.error == nil)
        #expect(
            tybalt.hears() == [
                "Tybalt is gone: outcast/none 110 301 <tybalt@verona.example/street> by Nurse because brawling"
            ])
        #expect(juliet.hears() == ["Tybalt is gone: outcast/none 301 by Nurse because brawling"])
    }

    @Test func theRefusalSaysWhyAndUntilWhen() {
        nurse.bans("Tybalt", reason: "brawling")
        #expect(
            refusal(tybalt)
                == "forbidden: You are banned from this room until 2026-11-22T17:00:00.000Z: brawling")
    }

    @Test func aBanEndsByItself() {
        nurse.bans("Tybalt", for: "60")
        stage.now += 59_999
        #expect(refusal(tybalt) != nil)
        stage.now += 1
        #expect(refusal(tybalt) == nil)
    }

    @Test func aBanForEverDoesNot() {
        nurse.bans("Tybalt", for: "never")
        stage.now += 400 * 86_400_000
        #expect(refusal(tybalt) == "forbidden: You are banned from this room.")
    }

    @Test func aWidenedBanHitsTheNetworkAndIsToldBeforehand() {
        let benvolio = stage.actor("benvolio@verona.example/street")
        benvolio.comes(from: "square")
        benvolio.isIn(as: "Benvolio")
        clear()
        let ban = nurse.bans("Tybalt", wide: true, reason: "brawling")
        #expect(ban.asked.instructions == "1 other here would be hit." && ban.asked.field("others") == ["1"])
        #expect(
            juliet.hears().last
                == "Juliet is gone: outcast/none 110 301 <juliet@verona.example/chamber> by Nurse because brawling")
        #expect(stage.room()?.occupants.keys.sorted() == ["Benvolio", "Nurse", "Romeo"])
        // Another identity of the same network.
        let stranger = stage.actor("stranger@verona.example/street")
        stranger.comes(from: "house")
        #expect(
            refusal(stranger)
                == "forbidden: Your network is banned from this room until 2026-11-22T17:00:00.000Z: brawling")
        stage.now += 3_600_000
        #expect(refusal(stranger) == nil)
    }

    @Test func aNetworkCountsForSoLongAndThePersonForEver() {
        nurse.bans("Tybalt", for: "never", wide: true)
        stage.now += 30 * 86_400_000
        #expect(refusal(juliet) == nil)
        #expect(refusal(tybalt) != nil)
    }

    @Test func whoIsKnownIsNotHitByTheNetworkOfSomebodyElse() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        nurse.comes(from: "house")
        romeo.comes(from: "house")
        clear()
        let ban = nurse.bans("Tybalt", wide: true)
        #expect(ban.asked.field("others") == ["0"])
        #expect(stage.room()?.occupants.keys.sorted() == ["Juliet", "Nurse", "Romeo"])
        juliet.leaves("Juliet")
        _ = juliet.gets()
        #expect(refusal(juliet) == nil)
        // Not even without affiliation: it is the nurse's own ban.
        nurse.leaves("Nurse")
        _ = nurse.gets()
        #expect(refusal(nurse) == nil)
    }

    @Test func somebodyWhoHasGoneIsBannedWithTheNetworkThatWasSeen() {
        tybalt.leaves("Tybalt")
        stage.service.leaveNetwork(of: tybalt.jid, now: stage.now)
        let ban = nurse.bans("tybalt@verona.example", wide: true)
        #expect(ban.asked.field("others") == ["1"])
        #expect(refusal(juliet) != nil)
    }

    @Test func networksAreForgottenInTime() {
        tybalt.leaves("Tybalt")
        stage.service.leaveNetwork(of: tybalt.jid, now: stage.now)
        stage.now += 3_600_000
        stage.service.enter(network: "elsewhere", of: nurse.jid)
        stage.service.leaveNetwork(of: nurse.jid, now: stage.now)
        let ban = nurse.bans("tybalt@verona.example", wide: true)
        #expect(ban.asked.field("others") == ["0"])
        #expect(ban.asked.instructions?.contains("No network of tybalt@verona.example is known") == true)
    }

    @Test func leavingAllRoomsDoesNotShakeOffTheNetwork() {
        nurse.bans("Tybalt", wide: true)
        let stranger = stage.actor("stranger@verona.example/street")
        stranger.comes(from: "house")
        stranger.ends(.left)
        #expect(refusal(stranger) != nil)
    }

    @Test func peopleOfTheNetworkAreBannedByAddressAlone() {
        let paris = stage.actor("paris@elsewhere.example/church")
        paris.isIn(as: "Paris")
        let ban = nurse.bans("Paris", wide: true)
        #expect(ban.asked.field("others") == ["0"] && ban.done.status == "completed")
        #expect(refusal(paris) != nil)
        #expect(stage.service.bans.first?.networks == [])
    }

    @Test func aBanHasAnEffectOnOneRoomAndASiteBanOnAll() {
        tybalt.isIn(as: "Tybalt", room: "square")
        prince.isIn(as: "Prince")
        clear()
        nurse.bans("Tybalt")
        #expect(stage.room("square")?.summary.occupants == 1)
        prince.bans("tybalt@verona.example", scope: "site", reason: "exile")
        #expect(tybalt.hears().last?.hasPrefix("Tybalt is gone: outcast/none 110 301") == true)
        #expect(
            refusal(tybalt, room: "square")
                == "forbidden: You are banned from these rooms until 2026-11-22T17:00:00.000Z: exile")
    }

    @Test func administratorsBanAtTheServiceToo() {
        tybalt.isIn(as: "Tybalt", room: "square")
        clear()
        let ban = prince.bans("tybalt@verona.example", to: "", wide: true)
        #expect(ban.asked.field("others") == ["1"])
        #expect(refusal(tybalt) != nil && refusal(tybalt, room: "square") != nil && refusal(juliet) != nil)
        #expect(romeo.commands("ban", to: "").error == "forbidden")
    }

    @Test func nobodyBansWithoutTheRightOrEqualsOrThemselves() {
        #expect(juliet.commands("ban").error == "forbidden")
        #expect(stage.actor("paris@verona.example/church").commands("ban").error == "forbidden")
        #expect(nurse.bans("Romeo").asked.error == "not-allowed")
        #expect(nurse.bans("Nurse").asked.error == "conflict")
        #expect(romeo.bans("prince@verona.example").asked.error == "not-allowed")
        #expect(nurse.bans("Tybalt", scope: "site").asked.error == "forbidden")
        romeo.moderates(["nick": "Juliet", "role": "moderator"])
        #expect(nurse.bans("Juliet").asked.error == "not-allowed")
        #expect(stage.service.bans.isEmpty)
    }

    @Test func rightsAreLookedAtAgainWhenItIsConfirmed() {
        let begun = nurse.commands("ban")
        _ = nurse.commands(
            "ban", action: "next", session: begun.sessionID, ["who": ["Tybalt"], "duration": ["never"]])
        romeo.moderates(["nick": "Nurse", "role": "participant"])
        #expect(nurse.commands("ban", action: "complete", session: begun.sessionID).error == "forbidden")
        #expect(stage.room()?.occupants["Tybalt"] != nil)
    }

    @Test func aBanThatMakesNoSenseIsRefused() {
        #expect(nurse.bans("Mercutio").asked.error == "item-not-found")
        #expect(nurse.bans("balcony@\(Stage.service)").asked.error == "item-not-found")
        #expect(nurse.bans("").asked.error == "bad-request")
        for duration in ["0", "-1", "99999999999999999999", "soon", ""] {
            #expect(nurse.bans("Tybalt", for: duration).asked.error == "not-acceptable", "\(duration)")
        }
    }

    @Test func theListSaysWhoWhenWhyAndUntil() {
        nurse.bans("Tybalt", wide: true, reason: "brawling")
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "outcast"], reason: "feud")
        let list = nurse.commands("bans")
        #expect(
            list.rows("id", "jid", "scope", "networks", "actor", "since", "until", "reason") == [
                "2 tybalt@verona.example room balcony 1 nurse@verona.example 2026-11-22T16:00:00.000Z "
                    + "2026-11-22T17:00:00.000Z brawling",
                "paris@verona.example paris@verona.example room 0 romeo@verona.example 2026-11-22T16:00:00.000Z  feud",
            ])
        #expect(juliet.commands("bans").error == "forbidden")
    }

    @Test func moderatorsLiftTheirOwnBansAndAdminsAll() {
        nurse.bans("Tybalt")
        romeo.bans("Juliet")
        let ids = stage.service.bans.map { String($0.id) }
        let form = nurse.commands("lift")
        #expect(form.options("bans") == [ids[0]])
        #expect(nurse.commands("lift", session: form.sessionID, ["bans": [ids[1]]]).error == "item-not-found")
        #expect(nurse.commands("lift", session: form.sessionID, ["bans": [ids[0]]]).note == "1 lifted.")
        #expect(refusal(tybalt) == nil)
        let own = romeo.commands("lift")
        #expect(romeo.commands("lift", session: own.sessionID, ["bans": [ids[1]]]).status == "completed")
        #expect(refusal(juliet) == nil)
        #expect(stage.service.bans.isEmpty)
    }

    @Test func aLesserModeratorDoesNotReplaceTheBanOfABetter() {
        romeo.bans("Tybalt", for: "never")
        #expect(nurse.bans("tybalt@verona.example", for: "60").done.error == "not-allowed")
        #expect(romeo.bans("tybalt@verona.example", for: "60").done.status == "completed")
        #expect(stage.service.bans.count == 1)
    }

    @Test func bansAreInTheListOfOutcastsAndLiftedByTheOrdinaryDoor() throws {
        nurse.bans("Tybalt")
        romeo.asks(
            Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, ["affiliation": "outcast"])]))
        let list = try #require(romeo.gets().last { $0.kind == .iq }?.payload.first)
        #expect(list.children.map { $0["jid"] } == ["tybalt@verona.example"])
        romeo.moderates(["jid": "tybalt@verona.example", "affiliation": "none"])
        #expect(refusal(tybalt) == nil)
        #expect(stage.service.bans.isEmpty)
    }

    @Test func bansAreKeptAndHoldElsewhere() throws {
        nurse.bans("Tybalt", wide: true, reason: "brawling")
        let kept = stage.records.compactMap { if case .ban(let ban) = $0 { ban } else { nil } }
        #expect(kept == stage.service.bans)
        let elsewhere = Stage()
        elsewhere.service.restore(kept, now: elsewhere.now)
        let stranger = elsewhere.actor("stranger@verona.example/street")
        stranger.comes(from: "house")
        stranger.joins("Stranger")
        #expect(stranger.hears() == ["presence error forbidden/auth"])
        // Ids go on where they were.
        elsewhere.actor("mab@verona.example/x").isIn(as: "Mab")
        let late = Stage()
        late.service.restore(kept, now: late.now + 3_600_000)
        #expect(late.service.bans.isEmpty)
    }

    @Test func registeringIsNoWayAroundABanOfTheNetwork() {
        romeo.configures(["{urn:samepage:room:0}register": "1"])
        nurse.bans("Tybalt", wide: true)
        clear()
        var form = DataForm(.submit, type: Namespace.mucRegister)
        form.fields = [DataForm.Field("muc#register_roomnick", ["Juliet"])]
        juliet.asks(Element("query", Namespace.register, [form.element]), type: "set")
        #expect(juliet.hears() == ["iq error forbidden/auth"])
    }

    @Test func makingARoomIsNoWayAroundABan() {
        prince.bans("tybalt@verona.example", to: "", wide: true)
        #expect(refusal(tybalt, room: "cellar") != nil && refusal(juliet, room: "cellar") != nil)
        #expect(stage.room("cellar") == nil)
    }

    @Test func aRoomThatIsDestroyedLeavesNoBans() {
        nurse.bans("Tybalt")
        let id = stage.service.bans.first?.id ?? 0
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet"), (nurse, "Nurse")] { actor.leaves(nick) }
        #expect(stage.service.bans.isEmpty && stage.records.last == .lifted(id))
        _ = tybalt.gets()
        #expect(refusal(tybalt) == nil)
    }

    @Test func bansAreBounded() {
        let stage = Stage { $0.moderation.bans = 2 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        #expect(romeo.bans("a@verona.example").done.status == "completed")
        #expect(romeo.bans("b@verona.example").done.status == "completed")
        #expect(romeo.bans("c@verona.example").done.error == "resource-constraint")
        #expect(romeo.bans("b@verona.example").done.status == "completed")
    }
}
