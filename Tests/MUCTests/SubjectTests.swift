import Testing
import XMPP

@testable import MUC

@Suite struct SubjectTests: Verona {
    let stage = Stage()

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    @Test func aModeratorSetsTheSubjectForAll() {
        romeo.setsSubject("the moon")
        #expect(romeo.hears() == ["Romeo sets the subject: the moon"])
        #expect(juliet.hears() == ["Romeo sets the subject: the moon"])
    }

    @Test func aParticipantMayNotUnlessTheRoomAllowsIt() throws {
        juliet.setsSubject("the sun")
        #expect(juliet.hears() == ["message error forbidden/auth"])
        try #require(stage.room()).configuration.participantsSetSubject = true
        juliet.setsSubject("the sun")
        #expect(romeo.hears() == ["Juliet sets the subject: the sun"])
    }

    @Test func aSubjectWithABodyOrAThreadIsAMessage() {
        juliet.says("by yonder moon", [Element("subject", Namespace.client, text: "vows")])
        juliet.does(
            .message, "groupchat",
            [Element("subject", Namespace.client, text: "vows"), Element("thread", Namespace.client, text: "t1")])
        #expect(romeo.hears() == ["Juliet: by yonder moon", "Juliet sets the subject: vows"])
        #expect(stage.room()?.subject == nil)
    }

    @Test func theSubjectOutlivesItsAuthorAndKeepsOnlyWhatItNeeds() throws {
        romeo.does(
            .message, "groupchat",
            [Element("subject", Namespace.client, text: "the moon"), Element("active", Namespace.chatStates)])
        romeo.leaves("Romeo")
        let nurse = stage.actor("nurse@verona.example/door")
        nurse.joins("Nurse")
        let last = try #require(nurse.gets().last)
        #expect(Transcript.line(last) == "Romeo (earlier) sets the subject: the moon")
        #expect(last.payload.map(\.name) == ["subject", "occupant-id", "stanza-id", "delay"])
        #expect(last.child("delay", Namespace.delay)?["stamp"] == "2026-11-22T16:00:00.000Z")
    }

    @Test func anEmptySubjectRemovesIt() {
        romeo.setsSubject("the moon")
        romeo.setsSubject("")
        juliet.joins("Juliet")
        #expect(juliet.hears().last == "Romeo (earlier) sets the subject: ")
    }

    @Test func aSubjectThatIsTooLongIsNotAcceptable() {
        romeo.setsSubject(String(repeating: "O", count: 2_000))
        #expect(romeo.hears() == ["message error not-acceptable/modify"])
    }
}
