import Testing
import XMPP

@testable import MUC

@Suite struct RoomStateTests: Verona {
    let stage = Stage()
    let paris = Stage.jid("paris@verona.example")

    @Test func whatARoomKeepsMakesTheSameRoomElsewhere() throws {
        romeo.isIn(as: "Romeo")
        romeo.moderates(["jid": paris.description, "affiliation": "outcast"], reason: "feud")
        romeo.setsSubject("the moon")
        var state = try #require(stage.service.state(localpart: "balcony"))
        state.configuration.isPersistent = true
        state.configuration.name = "The balcony"

        let elsewhere = Stage()
        try elsewhere.service.restore(state)
        #expect(elsewhere.service.state(localpart: "balcony") == state)
        let tybalt = elsewhere.actor("paris@verona.example/church")
        tybalt.joins("Paris")
        #expect(tybalt.hears() == ["presence error forbidden/auth"])
        let owner = elsewhere.actor("romeo@verona.example/orchard")
        owner.joins("Romeo")
        #expect(
            owner.hears() == [
                "Romeo is here: owner/moderator 110 <romeo@verona.example/orchard>",
                "Romeo (earlier) sets the subject: the moon",
            ])
    }

    @Test func aRestoredRoomStaysWhileItIsEmptyAndARunningOneIsNotReplaced() throws {
        var configuration = RoomConfiguration(name: "Balcony")
        configuration.isPersistent = true
        let state = RoomState(localpart: "balcony", configuration: configuration)
        try stage.service.restore(state)
        #expect(stage.service.roomCount == 1 && stage.service.idle.contains("balcony"))
        var other = state
        other.configuration.name = "Another"
        try stage.service.restore(other)
        #expect(stage.room()?.configuration.name == "Balcony")
    }

    @Test func aRoomSaysWhatIsToBeKept() throws {
        romeo.isIn(as: "Romeo")
        romeo.moderates(["jid": paris.description, "affiliation": "outcast"], reason: "feud")
        let entry = AffiliationEntry(
            .outcast, reason: "feud", actor: Stage.jid("romeo@verona.example"), since: stage.now)
        romeo.setsSubject("the moon")
        romeo.moderates(["jid": paris.description, "affiliation": "none"])
        let subject = try #require(stage.room()?.subject)
        #expect(
            stage.changes["balcony"] == [
                .affiliation(paris, entry), .subject(subject), .affiliation(paris, nil),
            ])
        romeo.leaves("Romeo")
        #expect(stage.changes["balcony"]?.last == .destroyed)
    }

    @Test func nothingIsKeptOfWhatIsRefused() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        juliet.moderates(["jid": paris.description, "affiliation": "outcast"])
        romeo.moderates(["jid": paris.description, "affiliation": "outcast"], ["nick": "Nobody", "role": "none"])
        juliet.setsSubject("me")
        #expect(stage.changes["balcony"] == nil)
    }

    @Test func aRoomThatIsEmptyForGoodIsForgottenAndAPersistentOneIsNot() {
        stage.policy.origin = { localpart, _, _ in
            localpart == "balcony" ? .user : .page(url: "https://verona.example/", name: localpart)
        }
        romeo.isIn(as: "Romeo", room: "market")
        romeo.does(.message, "groupchat", to: "market", [.body("fish!")])
        romeo.does(.presence, "unavailable", to: "market/Romeo")
        #expect(stage.changes["market"] == nil)
    }

    @Test func roomsThatCannotBeAreNotRestored() {
        let full = Stage { $0.rooms = 1 }
        full.actor("romeo@verona.example/orchard").isIn(as: "Romeo")
        #expect(throws: StanzaError.self) {
            try full.service.restore(RoomState(localpart: "crypt", configuration: RoomConfiguration(name: "")))
        }
        #expect(throws: StanzaError.self) {
            try full.service.restore(RoomState(localpart: "a b", configuration: RoomConfiguration(name: "")))
        }
    }
}
