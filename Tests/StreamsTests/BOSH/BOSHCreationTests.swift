import Streams
import Testing
import XMPP

/// The request that makes a session (XEP-0124 §7, XEP-0206 §3–§4).
struct BOSHCreationTests {
    private static let auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"

    @Test(arguments: [("no host", "ver='1.6'"), ("an empty one", "to=''")])
    func aRequestThatNamesNoHostIsImproperlyAddressed(_ name: String, _ attributes: String) throws {
        let play = try BOSHPlay(attributes)
        #expect(play.answers[1]?["condition"] == "improper-addressing", "\(name)")
        #expect(play.ending == .some(.improperAddressing))
    }

    @Test func onlyAStreamErrorBringsAnErrorElement() throws {
        #expect(try BOSHPlay("to='example.org'").answers[1]?.nodes.isEmpty == true)
        let play = try BOSHPlay("to='localhost' xmpp:version='0.9'")
        #expect(play.answers[1]?["condition"] == "remote-stream-error")
        let error = play.answers[1]?.child("error", Namespace.streams)
        #expect(error?.child("unsupported-version", Namespace.streamErrors) != nil)
    }

    @Test func whatComesWithItIsProcessedAndAnsweredAtOnce() throws {
        let play = try BOSHPlay(BOSHPlay.creation, payload: Self.auth)
        #expect(play.answers[1]?["sid"] == play.session.sid)
        #expect(play.answers[1]?.children.map(\.name) == ["features", "success"])
    }

    @Test func attributesThatNobodyKnowsAreIgnored() throws {
        var play = try BOSHPlay(
            "to='localhost' stream='x' secure='true' route='xmpp:a:1' from='a@b' xml:lang='de' more='1'")
        #expect(play.answers[1]?["sid"] != nil)
        #expect(play.answers[1]?["stream"] == nil)
        // §16.3: without multiple streams, a further `to` is an ordinary request.
        let ticket = try play.say(rid: 2, "to='localhost' stream='x' ver='1.6' wait='1' hold='0' more='1'")
        #expect(play.answers[ticket] == nil)
        play.deliver("hello")
        #expect(play.texts(ticket) == ["hello"])
    }

    @Test func onlyItsAnswerSaysWhatWasAgreedOn() throws {
        var play = try BOSHPlay()
        let ticket = try play.say(rid: 2)
        play.deliver("hello")
        #expect(play.answers[ticket]?.attributes.isEmpty == true)
        let again = try play.say(rid: 1)
        #expect(play.bytes[again] == play.bytes[1])
    }

    @Test func featuresAndErrorsHaveTheirUsualPrefix() throws {
        var play = try BOSHPlay()
        let first = String(decoding: play.bytes[1] ?? [], as: UTF8.self)
        #expect(first.contains(" xmlns:stream='http://etherx.jabber.org/streams'>"))
        #expect(first.contains("<stream:features>"))
        let ticket = try play.say(rid: 2, "", "<nonsense xmlns='jabber:client'/>")
        #expect(String(decoding: play.bytes[ticket] ?? [], as: UTF8.self).contains("<stream:error>"))
    }

    @Test func whoPollsMayBeSilentForLonger() throws {
        let play = try BOSHPlay("to='localhost' hold='0'")
        let inactivity = play.answers[1]?["inactivity"].flatMap(Int.init) ?? 0
        let polling = play.answers[1]?["polling"].flatMap(Int.init) ?? 0
        #expect(inactivity > 60 + polling)
    }

    @Test func textBesideTheElementsIsABadRequest() throws {
        #expect(throws: BOSHCondition.badRequest) { try BOSHPlay.request(rid: 1, "", "hello") }
        #expect(throws: Never.self) { try BOSHPlay.request(rid: 1, "", "\n  <a xmlns='b'/>\n") }
    }

    @Test func aStanzaWithoutANamespaceOfItsOwnIsAClientsStanza() throws {
        var play = try BOSHPlay()
        let rid = try play.logIn()
        try play.say(rid: rid, "", "<message to='r@rooms.localhost'><body>hello</body><x xmlns='other'/></message>")
        #expect(play.routed.first?.child("body", Namespace.client)?.text == "hello")
        #expect(play.routed.first?.child("x", "other") != nil)
    }
}
