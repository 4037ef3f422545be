import Testing
import XMPP

@Suite struct ResultSetTests {
    private func request(_ children: [(String, String)]) throws(StanzaError) -> ResultSetRequest? {
        let set = Element(
            "set", ResultSetRequest.namespace,
            children.map { Element($0.0, ResultSetRequest.namespace, text: $0.1) })
        return try ResultSetRequest(Element("query", "urn:x", [set]))
    }

    @Test func aRequestSaysWhereAndHowMuch() throws {
        #expect(try ResultSetRequest(Element("query", "urn:x")) == nil)
        #expect(try request([])?.position == .first)
        #expect(try request([("max", "10")])?.maximum == 10)
        #expect(try request([("after", "a")])?.position == .after("a"))
        #expect(try request([("before", "a")])?.position == .before("a"))
        #expect(try request([("before", "")])?.position == .last)
        #expect(try request([("index", "0")])?.position == .index(0))
    }

    @Test(arguments: [
        [("max", "-1")], [("max", "ten")], [("max", "99999999999999999999")], [("index", "1.5")],
        [("after", "a"), ("before", "b")], [("index", "1"), ("before", "")],
    ])
    func nonsenseIsABadRequest(_ children: [(String, String)]) {
        #expect(throws: StanzaError.self) { try request(children) }
    }

    @Test func anAnswerSaysWhatItsPageIs() {
        let set = ResultSet(first: "a", last: "c", index: 3, count: 10)
        #expect(
            String(decoding: set.element.serialized, as: UTF8.self)
                == "<set xmlns='http://jabber.org/protocol/rsm'><first index='3'>a</first><last>c</last>"
                + "<count>10</count></set>")
    }
}
