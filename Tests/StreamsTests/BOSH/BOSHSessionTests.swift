import Streams
import Testing
import XMPP

/// XEP-0124 and XEP-0206, a test for each promise.
struct BOSHSessionTests {
    private static let message = "<message xmlns='jabber:client' to='r@rooms.localhost'><body>%</body></message>"

    private func message(_ text: String) -> String { Self.message.replacing("%", with: text) }

    // MARK: - The first answer

    @Test func theFirstAnswerSaysWhatWasAgreedOn() throws {
        let play = try BOSHPlay()
        let body = try #require(play.answers[1])
        #expect(body["wait"] == "60")
        #expect(body["hold"] == "1")
        #expect(body["requests"] == "2")
        #expect(body["inactivity"] == "60")
        #expect(body["maxpause"] == "120")
        #expect(body["polling"] == "5")
        #expect(body["ver"] == "1.6")
        #expect(body["from"] == "localhost")
        #expect((body["sid"] ?? "").count >= 26)
        #expect(body.attributes.contains { $0.name == "restartlogic" && $0.value == "true" })
        #expect(body.child("features", Namespace.streams) != nil)
    }

    @Test(arguments: [
        ("wait beyond ours", "wait='3600'", "wait", "60"), ("a shorter wait", "wait='5'", "wait", "5"),
        ("no wait", "", "wait", "60"), ("more hold than ours", "hold='7'", "hold", "1"),
        ("an enormous wait", "wait='99999999999999999999999'", "wait", "60"),
        ("a later version", "ver='1.12'", "ver", "1.11"), ("1.10 is later than 1.6", "ver='1.10'", "ver", "1.10"),
        ("polling", "wait='0'", "hold", "0"), ("hold nothing", "hold='0'", "requests", "1"),
    ])
    func whatIsAskedForIsClamped(_ name: String, _ asked: String, _ attribute: String, _ value: String) throws {
        let play = try BOSHPlay("to='localhost' \(asked)")
        #expect(play.answers[1]?[attribute] == value, "\(name)")
    }

    @Test(arguments: [
        ("no number", "rid='x'"), ("negative", "rid='-1'"), ("zero", "rid='0'"), ("2^53", "rid='9007199254740992'"),
        ("missing", ""), ("a sign", "rid='+1'"), ("wait is no number", "rid='1' wait='x'"),
        ("hold is negative", "rid='1' hold='-1'"), ("a broken version", "rid='1' ver='1'"),
        ("pause is no number", "rid='1' pause='x'"), ("a content type with a line end", "rid='1' content='a/b&#10;c'"),
    ])
    func nonsenseIsABadRequest(_ name: String, _ attributes: String) throws {
        let text = "<body xmlns='http://jabber.org/protocol/httpbind' \(attributes)/>"
        let body = try StreamParser(mode: .document, limits: XMLLimits()).parseDocument(Array(text.utf8).span)
        #expect(throws: BOSHCondition.badRequest, "\(name)") { try BOSHRequest(body) }
    }

    @Test func anUnknownHostEndsTheSessionAtOnce() throws {
        let play = try BOSHPlay("to='example.org'")
        #expect(play.answers[1]?["condition"] == "host-unknown")
        #expect(play.ending == .some(.hostUnknown))
    }

    @Test func theContentTypeThatWasAskedForIsUsed() throws {
        #expect(try BOSHPlay("to='localhost' content='text/plain'").session.contentType == "text/plain")
        #expect(try BOSHPlay().session.contentType == "text/xml; charset=utf-8")
    }

    // MARK: - Holding

    @Test func aRequestIsHeldForTheAgreedTimeAndThenAnsweredEmpty() throws {
        var play = try BOSHPlay("to='localhost' wait='10' hold='1'")
        let ticket = try play.say(rid: 2)
        play.pass(9_999)
        #expect(play.answers[ticket] == nil)
        play.pass(1)
        #expect(play.answers[ticket]?.nodes.isEmpty == true)
        #expect(play.ending == nil)
    }

    @Test func oneRequestMoreThanHoldReleasesTheOldest() throws {
        var play = try BOSHPlay()
        let first = try play.say(rid: 2)
        #expect(play.answers[first] == nil)
        let second = try play.say(rid: 3)
        #expect(play.answers[first] != nil)
        #expect(play.answers[second] == nil)
    }

    @Test func aStanzaLeavesAtOnceWithTheHeldRequest() throws {
        var play = try BOSHPlay()
        let ticket = try play.say(rid: 2)
        play.deliver("hello")
        #expect(play.texts(ticket) == ["hello"])
    }

    @Test func stanzasWithoutARequestWaitForTheNextOneInOrder() throws {
        var play = try BOSHPlay()
        play.deliver("one")
        play.deliver("two")
        let ticket = try play.say(rid: 2)
        #expect(play.texts(ticket) == ["one", "two"])
    }

    // MARK: - Order and repetition

    @Test func requestsOutOfOrderAreProcessedAndAnsweredInOrder() throws {
        var play = try BOSHPlay()
        _ = try play.logIn()
        let later = try play.say(rid: 6, "", message("b"))
        #expect(play.routed.isEmpty)
        let sooner = try play.say(rid: 5, "", message("a"))
        #expect(play.routed.compactMap { $0.child("body", Namespace.client)?.text } == ["a", "b"])
        #expect(play.answers[sooner] != nil)
        play.deliver("x")
        #expect(play.order.suffix(2) == [sooner, later])
    }

    @Test func aRepeatedRidReplaysTheSameBytesAndRunsNothing() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        let ticket = try play.say(rid: rid, "", message("once"))
        play.deliver("answer")
        let again = try play.say(rid: rid, "", message("once"))
        #expect(play.bytes[again] == play.bytes[ticket])
        #expect(play.routed.count == 1)
    }

    @Test func aRidRepeatedWhileItIsHeldReleasesTheOlderConnection() throws {
        var play = try BOSHPlay()
        let older = try play.say(rid: 2)
        let newer = try play.say(rid: 2)
        #expect(play.answers[older]?["type"] == "error")
        #expect(play.answers[newer] == nil)
        play.deliver("hello")
        #expect(play.texts(newer) == ["hello"])
    }

    @Test func anAnswerThatWasLostWithItsConnectionIsKeptForTheRepetition() throws {
        var play = try BOSHPlay()
        let lost = try play.say(rid: 2)
        play.lose(lost)
        play.deliver("hello")
        #expect(play.answers[lost] == nil)
        let again = try play.say(rid: 2)
        #expect(play.texts(again) == ["hello"])
    }

    @Test(arguments: [("one too far", Int64(4)), ("far ahead", 1_000)])
    func aRidBeyondTheWindowEndsTheSession(_ name: String, _ rid: Int64) throws {
        var play = try BOSHPlay(rid: 1)
        let ticket = try play.say(rid: rid)
        #expect(play.answers[ticket]?["condition"] == "item-not-found", "\(name)")
        #expect(play.ending == .some(.itemNotFound))
    }

    // MARK: - Pause, polling, inactivity

    @Test func aPauseAnswersWhatIsHeldAndStretchesTheSilence() throws {
        var play = try BOSHPlay()
        let held = try play.say(rid: 2)
        let pausing = try play.say(rid: 3, "pause='100'")
        #expect(play.answers[held] != nil)
        #expect(play.answers[pausing] != nil)
        play.pass(99_000)
        #expect(play.ending == nil)
        try play.say(rid: 4)
        play.pass(60_000)
        play.pass(60_000)
        #expect(play.ending != nil)
    }

    @Test func aPauseThatIsTooLongIsAgainstThePolicy() throws {
        var play = try BOSHPlay()
        let ticket = try play.say(rid: 2, "pause='121'")
        #expect(play.answers[ticket]?["condition"] == "policy-violation")
    }

    @Test func silenceEndsTheSession() throws {
        var play = try BOSHPlay()
        play.pass(59_999)
        #expect(play.ending == nil)
        play.pass(1)
        #expect(play.ending == .some(nil))
    }

    @Test func aRequestAheadOfItsTurnKeepsNoSessionAlive() throws {
        var play = try BOSHPlay()
        let early = try play.say(rid: 3)
        play.pass(60_000)
        #expect(play.ending != nil)
        #expect(play.answers[early]?["type"] == "terminate")
    }

    @Test func afterItsDeadlineASessionHasALaterOneOrIsOver() throws {
        var play = try BOSHPlay()
        try play.say(rid: 2)
        try play.say(rid: 4)
        for _ in 0..<5 where play.ending == nil {
            play.pass(max(0, play.session.deadline - play.now))
            #expect(play.ending != nil || play.session.deadline > play.now)
        }
        #expect(play.ending != nil)
    }

    @Test func whoPollsTooOftenIsRefused() throws {
        var play = try BOSHPlay("to='localhost' wait='0'")
        try play.say(rid: 2)
        play.pass(5_000)
        let patient = try play.say(rid: 3)
        #expect(play.answers[patient]?["type"] == nil)
        play.pass(100)
        let hasty = try play.say(rid: 4)
        #expect(play.answers[hasty]?["condition"] == "policy-violation")
    }

    // MARK: - The end, keys, the queue

    @Test func whatComesWithTheFarewellIsDeliveredFirst() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        let ticket = try play.say(rid: rid, "type='terminate'", message("bye"))
        #expect(play.routed.count == 1)
        #expect(play.answers[ticket]?["type"] == "terminate")
        #expect(play.answers[ticket]?["condition"] == nil)
        #expect(play.ending == .some(nil))
    }

    @Test func shutdownReachesEveryHeldRequest() throws {
        var play = try BOSHPlay()
        let held = try play.say(rid: 2)
        let early = try play.say(rid: 4)
        play.end(with: StreamError(.systemShutdown))
        #expect(play.answers[held]?["condition"] == "system-shutdown")
        #expect(play.answers[early]?["condition"] == "system-shutdown")
    }

    @Test func keysMustHashToTheOneBefore() throws {
        // SHA-1 of "c" is 84a5…, of that 56…: the client hands them out backwards.
        let seed = "c"
        let first = "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4"
        var play = try BOSHPlay("to='localhost' newkey='\(first)'")
        try play.say(rid: 2, "key='\(seed)' newkey='\(first)'")
        #expect(play.ending == nil)
        let wrong = try play.say(rid: 3, "key='wrong'")
        #expect(play.answers[wrong]?["condition"] == "item-not-found")
    }

    @Test func aClientThatNeverAsksCannotMakeTheQueueGrowWithoutBound() throws {
        var limits = BOSHLimits()
        limits.queue = 1_000
        var play = try BOSHPlay(limits: limits)
        for _ in 0..<100 where play.ending == nil { play.deliver("hello") }
        #expect(play.ending == .some(.policyViolation))
    }

    @Test func aStreamErrorComesInsideTheLastBody() throws {
        var play = try BOSHPlay()
        let ticket = try play.say(rid: 2, "", message("too early"))
        #expect(play.answers[ticket]?["condition"] == "remote-stream-error")
        let error = play.answers[ticket]?.child("error", Namespace.streams)
        #expect(error?.child("not-authorized", Namespace.streamErrors) != nil)
    }

    @Test func afterSASLARestartAnswersTheFeatures() throws {
        var play = try BOSHPlay()
        try play.say(rid: 2, "", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
        let ticket = try play.say(rid: 3, "xmpp:restart='true' to='localhost'")
        #expect(play.answers[ticket]?.child("features", Namespace.streams)?.child("bind", Namespace.bind) != nil)
    }

    @Test func whatFollowsAQuestionInTheSameBodyIsReadAfterItsAnswer() throws {
        var play = try BOSHPlay()
        try play.say(rid: 2, "", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
        try play.say(rid: 3, "xmpp:restart='true' to='localhost'")
        try play.say(
            rid: 4, "",
            "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
                + message("a"))
        #expect(play.routed.count == 1)
    }
}
