import Testing
import XMPP

@testable import MUC

@Suite struct JoinTests: Verona {
    let stage = Stage()

    @Test func theFirstOccupantOfAUserRoomCreatesAndOwnsIt() {
        romeo.joins("Romeo")
        #expect(
            romeo.hears() == [
                "Romeo is here: owner/moderator 110 201 <romeo@verona.example/orchard>",
                "nobody sets the subject: ",
            ])
    }

    @Test func aNewcomerHearsOthersThenItselfThenHistoryThenSubject() {
        romeo.isIn(as: "Romeo")
        romeo.says("But, soft!")
        juliet.isIn(as: "Juliet")
        romeo.setsSubject("light")
        nurse.joins("Nurse")
        let heard = nurse.hears()
        #expect(
            Set(heard.prefix(2)) == ["Romeo is here: owner/moderator", "Juliet is here: none/participant"])
        #expect(
            heard.dropFirst(2) == [
                "Nurse is here: none/participant 110 <nurse@verona.example/door>",
                "Romeo (earlier): But, soft!",
                "Romeo (earlier) sets the subject: light",
            ])
        nurse.says("live")
        #expect(nurse.hears() == ["Nurse: live"])
    }

    @Test func aRoomWithoutASubjectEndsTheJoinWithAnEmptyOne() {
        romeo.joins("Romeo")
        let last = romeo.gets().last
        #expect(last?.payload == [Element("subject", Namespace.client)])
        #expect(last?.type == "groupchat" && last?.from == Stage.jid("balcony@\(Stage.service)"))
    }

    @Test func inASemiAnonymousRoomOnlyModeratorsSeeRealJIDs() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
        nurse.joins("Nurse")
        #expect(romeo.hears() == ["Nurse is here: none/participant <nurse@verona.example/door>"])
        #expect(juliet.hears() == ["Nurse is here: none/participant"])
    }

    @Test func inANonAnonymousRoomAllSeeRealJIDsAndAreTold() throws {
        romeo.isIn(as: "Romeo")
        try #require(stage.room()).configuration.whois = .anyone
        juliet.joins("Juliet")
        #expect(
            juliet.hears().prefix(2) == [
                "Romeo is here: owner/moderator <romeo@verona.example/orchard>",
                "Juliet is here: none/participant 100 110 <juliet@verona.example/chamber>",
            ])
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/chamber>"])
    }

    @Test func aLoggedRoomSaysSo() throws {
        romeo.isIn(as: "Romeo")
        try #require(stage.room()).configuration.isLogged = true
        juliet.joins("Juliet")
        #expect(juliet.hears()[1] == "Juliet is here: none/participant 110 170 <juliet@verona.example/chamber>")
    }

    @Test func joiningWithoutANickIsJIDMalformed() {
        romeo.does(.presence, to: "balcony", [Element("x", Namespace.muc)])
        #expect(romeo.hears() == ["presence error jid-malformed/modify"])
        #expect(stage.service.roomCount == 0)
    }

    @Test func anErrorAnswersTheAddressThatWasJoined() {
        romeo.isIn(as: "Romeo")
        juliet.does(.presence, id: "j1", to: "balcony/Romeo", [Element("x", Namespace.muc)])
        let error = juliet.gets().first
        #expect(error?.from == Stage.jid("balcony@\(Stage.service)/Romeo") && error?.id == "j1")
        #expect(error?.child("error", Namespace.client)?["by"] == "balcony@\(Stage.service)")
    }

    @Test func aTakenNickIsAConflict() {
        romeo.isIn(as: "Romeo")
        juliet.joins("Romeo")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        #expect(romeo.hears() == [])
    }

    @Test func nicksAreComparedByCanonicalEquivalenceAndCase() {
        romeo.isIn(as: "Rom\u{E9}o")
        juliet.joins("Rome\u{301}o")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        juliet.joins("rom\u{E9}o")
        #expect(juliet.hears().contains("rom\u{E9}o is here: none/participant 110 <juliet@verona.example/chamber>"))
    }

    @Test func spacesAroundANickAreDroppedAndTheNewcomerIsTold() {
        romeo.joins("  Romeo  Montague ")
        #expect(
            romeo.hears().first == "Romeo Montague is here: owner/moderator 110 201 210 <romeo@verona.example/orchard>")
    }

    @Test func theBannedAreForbidden() throws {
        romeo.isIn(as: "Romeo")
        try #require(stage.room()).setEntry(AffiliationEntry(.outcast), of: juliet.jid.bare)
        juliet.joins("Juliet")
        #expect(juliet.hears() == ["presence error forbidden/auth"])
    }

    @Test func aRoomForMembersWantsRegistration() throws {
        romeo.isIn(as: "Romeo")
        let room = try #require(stage.room())
        room.configuration.isMembersOnly = true
        juliet.joins("Juliet")
        #expect(juliet.hears() == ["presence error registration-required/auth"])
        room.setEntry(AffiliationEntry(.member), of: juliet.jid.bare)
        juliet.joins("Juliet")
        #expect(juliet.hears()[1] == "Juliet is here: member/participant 110 <juliet@verona.example/chamber>")
    }

    @Test func aRoomWithAPasswordWantsIt() throws {
        romeo.isIn(as: "Romeo")
        try #require(stage.room()).configuration.password = "rose"
        juliet.joins("Juliet")
        juliet.joins("Juliet", password: "thorn")
        #expect(juliet.hears() == ["presence error not-authorized/auth", "presence error not-authorized/auth"])
        juliet.joins("Juliet", password: "rose")
        #expect(juliet.hears().count == 3)
    }

    @Test func inAModeratedRoomStrangersAreVisitors() throws {
        romeo.isIn(as: "Romeo")
        try #require(stage.room()).configuration.isModerated = true
        juliet.joins("Juliet")
        #expect(juliet.hears()[1] == "Juliet is here: none/visitor 110 <juliet@verona.example/chamber>")
    }

    @Test func aFullRoomTakesAdminsOnly() throws {
        let stage = Stage(admins: ["prince@verona.example"]) { $0.occupantsPerRoom = 2 }
        stage.actor("romeo@verona.example/orchard").isIn(as: "Romeo")
        stage.actor("juliet@verona.example/chamber").isIn(as: "Juliet")
        let nurse = stage.actor("nurse@verona.example/door")
        nurse.joins("Nurse")
        #expect(nurse.hears() == ["presence error service-unavailable/wait"])
        let prince = stage.actor("prince@verona.example/palace")
        prince.joins("Prince")
        #expect(prince.hears().contains("Prince is here: owner/moderator 110 <prince@verona.example/palace>"))
    }

    @Test func presenceWithoutTheExtensionOfAStrangerIsNoJoin() {
        romeo.does(.presence, to: "balcony/Romeo")
        #expect(romeo.hears() == ["presence error not-acceptable/modify"])
        #expect(stage.service.roomCount == 0)
    }

    @Test func aProbeNeitherJoinsNorLeaves() {
        juliet.isIn(as: "Juliet")
        romeo.does(.presence, "probe", to: "balcony/Romeo")
        juliet.does(.presence, "probe", to: "balcony/Juliet")
        #expect(romeo.hears() == [] && juliet.hears() == [])
        #expect(stage.room()?.summary.occupants == 1)
    }

    @Test(arguments: ["subscribe", "subscribed", "unsubscribe", "unsubscribed", "nonsense"])
    func otherTypesOfPresenceDoNothing(_ type: String) {
        juliet.isIn(as: "Juliet")
        juliet.does(.presence, type, to: "balcony/Juliet")
        romeo.does(.presence, type, to: "balcony")
        #expect(romeo.hears() == [] && juliet.hears() == [])
    }

    @Test func joiningARoomOneIsInTellsEverythingAgain() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        juliet.says("Ay me!")
        _ = (romeo.gets(), juliet.gets())
        juliet.joins("Juliet")
        #expect(
            juliet.hears() == [
                "Romeo is here: owner/moderator",
                "Juliet is here: none/participant 110 <juliet@verona.example/chamber>",
                "Juliet (earlier): Ay me!",
                "nobody sets the subject: ",
            ])
        #expect(romeo.hears() == [])
    }

    @Test func aResyncThatChangesWhatOneShowsTellsTheOthers() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
        juliet.joins("Juliet", [Element("show", Namespace.client, text: "away")])
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/chamber> show away"])
        #expect(
            juliet.hears() == [
                "Romeo is here: owner/moderator",
                "Juliet is here: none/participant 110 <juliet@verona.example/chamber> show away",
                "nobody sets the subject: ",
            ])
    }

    @Test func aNewcomersPresenceIsPassedOnWithoutWhatOnlyTheRoomReads() throws {
        romeo.isIn(as: "Romeo")
        let caps = Element("c", "http://jabber.org/protocol/caps", ["ver": "1"])
        juliet.joins(
            "Juliet",
            [
                caps, Element("page", Namespace.page, ["url": "https://verona.example/"]),
                Element("occupant-id", Namespace.occupantID, ["id": "forged"]),
                Element("x", Namespace.mucUser, [Element("item", Namespace.mucUser, ["affiliation": "owner"])]),
            ])
        let seen = try #require(romeo.gets().first)
        #expect(seen.payload.map(\.name) == ["c", "occupant-id", "x"])
        #expect(seen.payload.first == caps)
        #expect(seen.child("occupant-id", Namespace.occupantID)?["id"] == "id-of-juliet-in-balcony")
    }

    @Test func thePresenceThatAnswersAJoinRepeatsItsID() {
        romeo.does(.presence, id: "n13mt3l", to: "balcony/Romeo", [Element("x", Namespace.muc)])
        #expect(romeo.gets().first?.id == "n13mt3l")
    }

    @Test func aPresenceTooLargeToTellEverybodyIsRefused() {
        romeo.joins("Romeo", [Element("status", Namespace.client, text: String(repeating: "O", count: 5_000))])
        #expect(romeo.hears() == ["presence error policy-violation/modify"])
        #expect(stage.service.roomCount == 0)
    }
}
