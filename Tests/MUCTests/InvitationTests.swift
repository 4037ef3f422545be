import Testing
import XMPP

@testable import MUC

@Suite struct InvitationTests: Verona {
    let stage = Stage()
    /// Where an invitation arrives: a bare JID.
    var nurseAtHome: Actor { stage.actor("nurse@verona.example") }

    /// Romeo owns the room, Juliet is in it, the nurse is not.
    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    private func invite(_ people: [String], reason: String? = nil, from: String? = nil) -> Element {
        let children = reason.map { [Element("reason", Namespace.mucUser, text: $0)] } ?? []
        return Element(
            "x", Namespace.mucUser,
            people.map { Element("invite", Namespace.mucUser, ["to": $0, "from": from], children) })
    }

    private func decline(_ actor: Actor, to person: String = "juliet@verona.example") {
        let reason = Element("reason", Namespace.mucUser, text: "too late")
        actor.tells(Element("x", Namespace.mucUser, [Element("decline", Namespace.mucUser, ["to": person], [reason])]))
    }

    @Test func anInvitationComesFromTheRoomWhichSaysWhoInvites() {
        juliet.tells(invite(["nurse@verona.example"], reason: "come", from: "prince@verona.example"))
        #expect(nurseAtHome.hears() == ["invite from balcony@\(Stage.service)/Juliet because come"])
        #expect(juliet.hears() == [])
    }

    @Test func nothingElseOfTheInvitersMessageIsPassedOn() throws {
        let direct = Element("x", Namespace.directInvitation, ["jid": "elsewhere@verona.example"])
        juliet.tells(invite(["nurse@verona.example/door"]), .body("buy this"), direct)
        let message = try #require(nurseAtHome.gets().first)
        #expect(message.payload.map(\.name) == ["x"] && message.from == stage.room()?.jid)
    }

    @Test func thePasswordGoesWithIt() {
        romeo.configures(["muc#roomconfig_roomsecret": "rose"])
        romeo.tells(invite(["nurse@verona.example"]))
        #expect(nurseAtHome.hears() == ["invite from balcony@\(Stage.service)/Romeo with rose"])
    }

    @Test func whoIsNotInsideInvitesNobody() {
        nurse.tells(invite(["paris@verona.example"]))
        #expect(nurse.hears() == ["message error not-acceptable/modify"])
    }

    @Test func whoHasNoVoiceInvitesNobody() {
        romeo.moderates(["nick": "Juliet", "role": "visitor"])
        _ = juliet.gets()
        juliet.tells(invite(["nurse@verona.example"]))
        #expect(juliet.hears() == ["message error forbidden/auth"] && nurseAtHome.hears() == [])
    }

    @Test func anOwnerMayKeepInvitationsToAdmins() {
        romeo.configures(["muc#roomconfig_allowinvites": "0"])
        _ = juliet.gets()
        juliet.tells(invite(["nurse@verona.example"]))
        #expect(juliet.hears() == ["message error forbidden/auth"])
        romeo.tells(invite(["nurse@verona.example"]))
        #expect(nurseAtHome.hears().count == 1)
    }

    @Test func inARoomForMembersAdminsInviteAndTheInvitedBecomeMembers() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        romeo.configures(["muc#roomconfig_membersonly": "1", "muc#roomconfig_allowinvites": "1"])
        _ = juliet.gets()
        juliet.tells(invite(["nurse@verona.example"]))
        #expect(juliet.hears() == ["message error forbidden/auth"])
        romeo.tells(invite(["nurse@verona.example"]))
        nurse.joins("Nurse")
        #expect(nurse.hears()[2].hasPrefix("Nurse is here: member/participant"))
        romeo.configures(["muc#roomconfig_allowinvites": "1"])
        _ = juliet.gets()
        juliet.tells(invite(["paris@verona.example"]))
        #expect(stage.room()?.affiliation(of: Stage.jid("paris@verona.example")) == .member)
    }

    @Test func theBannedAreNotInvited() {
        romeo.moderates(["jid": "nurse@verona.example", "affiliation": "outcast"])
        romeo.tells(invite(["nurse@verona.example"]))
        #expect(romeo.hears().last == "message error not-allowed/cancel")
        #expect(stage.room()?.affiliation(of: nurse.jid.bare) == .outcast)
    }

    @Test func severalAreInvitedTogetherOrNotAtAll() {
        juliet.tells(invite(["nurse@verona.example", "paris@verona.example"]))
        #expect(nurseAtHome.hears().count == 1 && stage.actor("paris@verona.example").hears().count == 1)
        for bad in ["nobody", "verona.example", "@", "crypt@\(Stage.service)", "nurse@verona.example/again"] {
            juliet.tells(invite(["nurse@verona.example", bad]))
            #expect(juliet.hears().first?.hasPrefix("message error") == true, "\(bad)")
        }
        #expect(nurseAtHome.hears() == [])
    }

    @Test func thePolicyHasAWord() {
        stage.policy.admitsInvitations = false
        juliet.tells(invite(["nurse@verona.example"]))
        #expect(juliet.hears() == ["message error forbidden/auth"] && nurseAtHome.hears() == [])
    }

    @Test func invitationsAreBoundedForEachAndForAll() {
        let stage = Stage { limits in
            limits.invitationsPerRoom = 3
            limits.invitationsPerPerson = 2
        }
        let romeo = stage.actor("romeo@verona.example/orchard")
        let juliet = stage.actor("juliet@verona.example/chamber")
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
        for _ in 0..<3 { romeo.tells(invite(["nurse@verona.example"])) }
        #expect(romeo.hears() == ["message error resource-constraint/wait"])
        for _ in 0..<2 { juliet.tells(invite(["nurse@verona.example"])) }
        #expect(juliet.hears() == ["message error resource-constraint/wait"])
        stage.now += Invitations.lifetime
        juliet.tells(invite(["nurse@verona.example"]))
        #expect(juliet.hears() == [] && stage.actor("nurse@verona.example").hears().count == 4)
    }

    @Test func withoutLimitsTheyAreForgottenBeforeTheyAreTooMany() throws {
        var invitations = Invitations()
        var limits = MUCLimits()
        limits.invitationsPerRoom = 0
        limits.invitationsPerPerson = 0
        let (first, last) = (Stage.jid("first@verona.example"), Stage.jid("last@verona.example"))
        invitations.add(first, by: romeo.jid.bare, now: 0)
        for _ in 1..<Invitations.capacity { invitations.add(last, by: romeo.jid.bare, now: 0) }
        try invitations.reserve(1, by: romeo.jid.bare, limits, now: 0)
        invitations.add(last, by: romeo.jid.bare, now: 0)
        #expect(invitations.decline(by: first, now: 1) == nil)
        #expect(invitations.decline(by: last, now: 1) == romeo.jid.bare)
    }

    @Test func aDeclineReachesWhoInvitedAndNobodyElse() {
        juliet.tells(invite(["nurse@verona.example"]))
        decline(nurse, to: "romeo@verona.example")
        #expect(juliet.hears() == ["decline from nurse@verona.example because too late"])
        #expect(romeo.hears() == [] && nurse.hears() == [])
    }

    @Test func whoWasNotInvitedHasNothingToDecline() {
        decline(nurse)
        juliet.tells(invite(["nurse@verona.example"]))
        decline(nurse)
        decline(nurse)
        juliet.tells(invite(["nurse@verona.example"]))
        stage.now += Invitations.lifetime
        decline(nurse)
        #expect(nurse.hears() == Array(repeating: "message error item-not-found/cancel", count: 3))
        #expect(juliet.hears().count == 1)
    }

    @Test func aDirectInvitationIsAMessageLikeOthers() throws {
        let direct = Element(
            "x", Namespace.directInvitation, ["jid": "crypt@\(Stage.service)", "reason": "quiet there"])
        juliet.does(.message, "chat", to: "balcony/Romeo", [direct])
        #expect(try #require(romeo.gets().first).child("x", Namespace.directInvitation) == direct)
    }

    @Test func aMediatedInvitationCannotBeForgedAsAPrivateMessage() throws {
        juliet.does(
            .message, "normal", to: "balcony/Romeo", [invite(["x@verona.example"], from: "prince@verona.example")])
        let message = try #require(romeo.gets().first)
        #expect(message.child("x", Namespace.mucUser)?.children == [])
    }
}
