import Streams
import Testing
import XMPP

/// Repetition, the window, and what the two sides tell each other of it (XEP-0124 §9, §11, §14).
struct BOSHOrderTests {
    private func message(_ text: String) -> String {
        "<message xmlns='jabber:client' to='r@rooms.localhost'><body>\(text)</body></message>"
    }

    private func routed(_ play: BOSHPlay) -> [String] {
        play.routed.compactMap { $0.child("body", Namespace.client)?.text }
    }

    @Test func aRequestThatItsRepetitionReplacesIsToldToRepeatItself() throws {
        var play = try BOSHPlay()
        let held = try play.say(rid: 2)
        try play.say(rid: 2)
        #expect(play.answers[held]?["type"] == "error")
        let early = try play.say(rid: 4)
        try play.say(rid: 4)
        #expect(play.answers[early]?["type"] == "error")
        #expect(play.ending == nil)
    }

    @Test func theAnswersOfAWholeWindowCanBeRepeated() throws {
        var play = try BOSHPlay()
        let first = try play.say(rid: 2)
        let second = try play.say(rid: 3)
        play.deliver("one")
        for (rid, ticket) in [(Int64(2), first), (3, second), (2, first)] {
            let again = try play.say(rid: rid)
            #expect(play.bytes[again] == play.bytes[ticket])
        }
        #expect(play.ending == nil)
    }

    @Test func aCopyThatComesTooLateIsRefusedAndHarmsNobody() throws {
        var play = try BOSHPlay()
        for rid in Int64(2)...6 { try play.say(rid: rid) }
        let ticket = try play.say(rid: 2, "", message("long ago"))
        #expect(play.answers[ticket]?["condition"] == "item-not-found")
        #expect(play.routed.isEmpty)
        #expect(play.ending == nil)
    }

    @Test func theErrorForARidTellsNotOnWhichSideOfTheWindowItIs() throws {
        var bytes: [[UInt8]?] = []
        for rid in [Int64(9), 1_000] {
            var play = try BOSHPlay(rid: 10)
            let ticket = try play.say(rid: rid)
            bytes.append(play.bytes[ticket])
        }
        #expect(bytes[0] == bytes[1] && bytes[0] != nil)
    }

    @Test(arguments: [("pause", "pause='60'"), ("farewell", "type='terminate'")])
    func oneRequestMoreThanTheWindowMayPauseOrEnd(_ name: String, _ attributes: String) throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        let last = try play.say(rid: rid + 2, attributes, message("c"))
        let extra = try play.say(rid: rid + 1, "", message("b"))
        #expect(play.answers[last] == nil && play.answers[extra] == nil)
        try play.say(rid: rid, "", message("a"))
        #expect(routed(play) == ["a", "b", "c"], "\(name)")
        #expect(play.order.suffix(2) == [extra, last])
    }

    @Test func theLastRidThatThereIsCanBeUsed() throws {
        var play = try BOSHPlay(rid: 9_007_199_254_740_990)
        let ticket = try play.say(rid: 9_007_199_254_740_991)
        play.deliver("hello")
        #expect(play.texts(ticket) == ["hello"])
    }

    @Test func severalStanzasOfABodyKeepTheirOrderAndSoDoTheirAnswers() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        let bad = "<message xmlns='jabber:client' to='@' id='x'/>"
        let ticket = try play.say(rid: rid, "", message("a") + bad + message("b"))
        #expect(routed(play) == ["a", "b"])
        #expect(play.answers[ticket]?.children.map { $0["id"] } == ["x"])
    }

    // MARK: - Acknowledgements (§9)

    @Test func anAnswerAcknowledgesALaterRequestIfTheClientWantsThat() throws {
        var play = try BOSHPlay(rid: 1, "to='localhost' ack='1'")
        #expect(play.answers[1]?["ack"] == "1")
        let held = try play.say(rid: 2)
        try play.say(rid: 3)
        #expect(play.answers[held]?["ack"] == "3")
    }

    @Test func anAnswerDoesNotAcknowledgeItsOwnRequest() throws {
        var play = try BOSHPlay("to='localhost' ack='1'")
        let ticket = try play.say(rid: 2)
        play.deliver("hello")
        #expect(play.answers[ticket]?["ack"] == nil)
    }

    @Test func aRequestAheadOfItsTurnIsNotAcknowledged() throws {
        var play = try BOSHPlay("to='localhost' ack='1'")
        let ticket = try play.say(rid: 2)
        try play.say(rid: 4)
        play.deliver("hello")
        #expect(play.answers[ticket]?["ack"] == nil)
    }

    @Test func whoDoesNotAskIsAcknowledgedNothing() throws {
        var play = try BOSHPlay()
        #expect(play.answers[1]?["ack"] == nil)
        let held = try play.say(rid: 2)
        try play.say(rid: 3, "ack='1'")
        #expect(play.answers[held]?["ack"] == nil)
    }

    @Test func aClientThatMissesAnAnswerIsToldOfItAtOnce() throws {
        var play = try BOSHPlay("to='localhost' ack='1'")
        let lost = try play.say(rid: 2)
        play.deliver("lost on its way")
        play.pass(1_500)
        let ticket = try play.say(rid: 3, "ack='1'")
        #expect(play.answers[ticket]?["report"] == "2")
        #expect(play.answers[ticket]?["time"] == "1500")
        let again = try play.say(rid: 2)
        #expect(play.bytes[again] == play.bytes[lost])
    }

    @Test func anAnswerThatMayStillBeOnItsWayIsNotReported() throws {
        var play = try BOSHPlay("to='localhost' ack='1'")
        try play.say(rid: 2)
        play.deliver("on its way")
        play.pass(100)
        let ticket = try play.say(rid: 3, "ack='1'")
        #expect(play.answers[ticket] == nil)
    }

    @Test func whoHasAllAnswersIsReportedNone() throws {
        var play = try BOSHPlay("to='localhost' ack='1'")
        try play.say(rid: 2)
        play.deliver("hello")
        play.pass(5_000)
        let ticket = try play.say(rid: 3, "ack='2'")
        let further = try play.say(rid: 4, "ack='9007199254740993'")
        #expect(play.answers[ticket]?["report"] == nil)
        #expect(play.answers[further] == nil)
    }
}
