import Streams
import Testing
import XMPP

/// How sessions rest and end: pauses, polling, keys, lost connections (XEP-0124 §10–§15).
struct BOSHEndTests {
    private func message(_ text: String) -> String {
        "<message xmlns='jabber:client' to='r@rooms.localhost'><body>\(text)</body></message>"
    }

    // MARK: - Pause (§10)

    @Test func theAnswerToAPauseCarriesNothing() throws {
        var play = try BOSHPlay()
        play.deliver("before")
        let pausing = try play.say(rid: 2, "pause='60'")
        #expect(play.answers[pausing]?.nodes.isEmpty == true)
        play.deliver("meanwhile")
        let next = try play.say(rid: 3)
        #expect(play.texts(next) == ["before", "meanwhile"])
    }

    @Test func whatWaitsLeavesWithTheOlderRequestWhenAPauseBegins() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        let held = try play.say(rid: rid)
        let pausing = try play.say(rid: rid + 1, "pause='60'", "<message xmlns='jabber:client' to='@' id='bad'/>")
        #expect(play.answers[held]?.children.map { $0["id"] } == ["bad"])
        #expect(play.answers[pausing]?.nodes.isEmpty == true)
    }

    @Test func whatComesWithAPauseIsRouted() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        try play.say(rid: rid, "pause='60'", message("see you"))
        #expect(play.routed.count == 1)
    }

    @Test func aPauseMayAlsoBeShorterThanTheUsualSilence() throws {
        var play = try BOSHPlay()
        try play.say(rid: 2, "pause='5'")
        play.pass(4_999)
        #expect(play.ending == nil)
        play.pass(1)
        #expect(play.ending == .some(nil))
    }

    @Test func thePauseIsOverWithTheNextRequest() throws {
        var play = try BOSHPlay("to='localhost' wait='1'")
        try play.say(rid: 2, "pause='120'")
        try play.say(rid: 3)
        play.pass(1_000)
        play.pass(60_000)
        #expect(play.ending != nil)
    }

    @Test func aRepeatedPauseIsAnsweredAndStillAPause() throws {
        var play = try BOSHPlay()
        let pausing = try play.say(rid: 2, "pause='120'")
        let again = try play.say(rid: 2, "pause='120'")
        #expect(play.bytes[again] == play.bytes[pausing])
        play.pass(119_000)
        #expect(play.ending == nil)
    }

    @Test func aPauseThatIsTooLongRunsNothing() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        try play.say(rid: rid, "pause='121'", message("never"))
        #expect(play.ending == .some(.policyViolation))
    }

    // MARK: - Polling (§12)

    @Test func whoPollsMayAskAgainAtOnceForMore() throws {
        var play = try BOSHPlay("to='localhost' hold='0'")
        play.deliver("one")
        let first = try play.say(rid: 2)
        #expect(play.texts(first) == ["one"])
        let second = try play.say(rid: 3)
        #expect(play.answers[second]?["type"] == nil)
        let third = try play.say(rid: 4)
        #expect(play.answers[third]?["condition"] == "policy-violation")
    }

    @Test func whoPollsMaySpeakInBetween() throws {
        var play = try BOSHPlay("to='localhost' hold='0'")
        var rid = try play.logIn()
        for text in ["a", "b", "c"] {
            try play.say(rid: rid, "", message(text))
            try play.say(rid: rid + 1)
            rid += 2
        }
        #expect(play.ending == nil)
        #expect(play.routed.count == 3)
    }

    @Test func aPollIsAnsweredAtOnce() throws {
        for attributes in ["wait='0'", "hold='0'", "wait='0' hold='0'"] {
            var play = try BOSHPlay("to='localhost' \(attributes)")
            let ticket = try play.say(rid: 2)
            #expect(play.answers[ticket] != nil)
        }
    }

    // MARK: - Keys (§15)

    @Test func keysMayBeWrittenInCapitals() throws {
        let keys = BOSHKeys(seed: "seed", count: 2)
        var play = try BOSHPlay("to='localhost' newkey='\(keys.last.uppercased())'")
        let ticket = try play.say(rid: 2, "key='\(keys[0])'")
        #expect(play.answers[ticket] == nil && play.ending == nil)
    }

    @Test func aKeyWithoutASuccessorIsWhatTheNextMustHashTo() throws {
        let keys = BOSHKeys(seed: "seed", count: 3)
        var play = try BOSHPlay("to='localhost' newkey='\(keys[2])'")
        try play.say(rid: 2, "key='\(keys[1])'")
        try play.say(rid: 3, "key='\(keys[0])'")
        #expect(play.ending == nil)
        try play.say(rid: 4, "key='\(keys[0])'")
        #expect(play.ending == .some(.itemNotFound))
    }

    @Test func aNewSequenceFollowsTheOld() throws {
        let old = BOSHKeys(seed: "old", count: 2)
        let new = BOSHKeys(seed: "new", count: 2)
        var play = try BOSHPlay("to='localhost' newkey='\(old.last)'")
        try play.say(rid: 2, "key='\(old[0])' newkey='\(new.last)'")
        try play.say(rid: 3, "key='\(new[0])'")
        #expect(play.ending == nil)
    }

    @Test func keysMayBeginLater() throws {
        let keys = BOSHKeys(seed: "later", count: 1)
        var play = try BOSHPlay()
        try play.say(rid: 2, "newkey='\(keys.last)'")
        try play.say(rid: 3)
        #expect(play.ending == .some(.itemNotFound))
    }

    @Test(arguments: [("no key", ""), ("a wrong one", "key='wrong'"), ("the one before", "key='%'")])
    func aRequestWithoutTheKeyRunsNothingAndEndsTheSession(_ name: String, _ attributes: String) throws {
        let keys = BOSHKeys(seed: "secret", count: 8)
        var play = try BOSHPlay("to='localhost' newkey='\(keys.last)'")
        var index = 7
        func next() -> String {
            index -= 1
            return "key='\(keys[index])'"
        }
        let rid = try play.logIn(next)
        try play.say(rid: rid, attributes.replacing("%", with: keys[index + 1]), message("injected"))
        #expect(play.routed.isEmpty, "\(name)")
        #expect(play.ending == .some(.itemNotFound))
    }

    @Test func withKeysOnlyTheirOwnerGetsAnAnswerAgain() throws {
        let keys = BOSHKeys(seed: "secret", count: 4)
        var play = try BOSHPlay("to='localhost' newkey='\(keys.last)'")
        let ticket = try play.say(rid: 2, "key='\(keys[2])'")
        play.deliver("for the owner")
        let again = try play.say(rid: 2, "key='\(keys[2])'")
        #expect(play.bytes[again] == play.bytes[ticket])
        let thief = try play.say(rid: 2)
        #expect(play.answers[thief]?.nodes.isEmpty == true)
        #expect(play.answers[thief]?["condition"] == "item-not-found")
    }

    @Test func withKeysNobodyElseTakesTheHeldRequestOver() throws {
        let keys = BOSHKeys(seed: "secret", count: 4)
        var play = try BOSHPlay("to='localhost' newkey='\(keys.last)'")
        let held = try play.say(rid: 2, "key='\(keys[2])'")
        let thief = try play.say(rid: 2, "key='guess'")
        #expect(play.answers[thief]?["condition"] == "item-not-found")
        #expect(play.answers[held] == nil && play.ending == nil)
        play.deliver("for the owner")
        #expect(play.texts(held) == ["for the owner"])
    }

    // MARK: - The end (§13)

    @Test func aRestartIgnoresWhatComesWithIt() throws {
        var play = try BOSHPlay()
        try play.say(rid: 2, "", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
        let ticket = try play.say(rid: 3, "xmpp:restart='true' to='localhost'", "<nonsense xmlns='jabber:client'/>")
        #expect(play.answers[ticket]?.children.map(\.name) == ["features"])
        #expect(play.ending == nil)
    }

    @Test func whatWaitsComesWithTheEndToSomebodyWhoCanReadIt() throws {
        var play = try BOSHPlay()
        let lost = try play.say(rid: 2)
        play.lose(lost)
        let early = try play.say(rid: 4)
        play.end(with: StreamError(.conflict))
        #expect(play.answers[lost] == nil)
        #expect(play.answers[early]?.child("error", Namespace.streams) != nil)
    }

    @Test func theEndIsToldToEveryOpenRequestAndWhatWaitsToOne() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        let held = try play.say(rid: rid)
        let last = try play.say(rid: rid + 1, "type='terminate'", "<message xmlns='jabber:client' to='@' id='bad'/>")
        #expect(play.answers[held]?.children.map { $0["id"] } == ["bad"])
        #expect(play.answers[held]?["type"] == "terminate")
        #expect(play.answers[last]?["type"] == "terminate")
        #expect(play.answers[last]?.nodes.isEmpty == true)
        #expect(play.routed.isEmpty)
    }

    @Test func afterTheEndThereIsNoSession() throws {
        var play = try BOSHPlay()
        try play.say(rid: 2, "type='terminate'")
        let ticket = try play.say(rid: 3)
        #expect(play.answers[ticket]?["condition"] == "item-not-found")
    }

    @Test func aClientWhoseConnectionIsLostIsGoneAfterTheUsualSilence() throws {
        var play = try BOSHPlay()
        let held = try play.say(rid: 2)
        play.pass(30_000)
        play.lose(held)
        play.pass(30_000)
        play.pass(29_999)
        #expect(play.ending == nil)
        play.pass(1)
        #expect(play.ending == .some(nil))
    }

    @Test func whatIsSaidToALostClientDoesNotKeepItAlive() throws {
        var play = try BOSHPlay()
        let held = try play.say(rid: 2)
        play.lose(held)
        play.pass(59_000)
        play.deliver("anybody there?")
        play.pass(1_000)
        #expect(play.ending == .some(nil))
    }
}
