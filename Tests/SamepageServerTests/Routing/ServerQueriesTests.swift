import Testing
import XMPP

@testable import SamepageServer

struct ServerQueriesTests {
    private let queries = ServerQueries(version: "1.2.3", services: [jid("rooms.localhost")])

    private func ask(_ type: String, _ payload: Element, on place: ServerQueries.Place = .server) -> Result<
        Stanza?, StanzaError
    > {
        queries.answer(
            Stanza(.iq, type: type, id: "1", from: jid("a@localhost/b"), to: jid("localhost"), [payload]), on: place)
    }

    private func reply(_ type: String, _ payload: Element) throws -> Stanza {
        try #require(try ask(type, payload).get())
    }

    @Test func aPingIsAnsweredEmpty() throws {
        let reply = try reply("get", Element("ping", Namespace.ping))
        #expect(reply.payload.isEmpty)
        #expect(reply.to == jid("a@localhost/b"))
        #expect(reply.type == "result")
    }

    @Test func discoNamesTheServerAndItsFeatures() throws {
        let query = try #require(try reply("get", Element("query", Namespace.discoInfo)).payload.first)
        #expect(query.child("identity", Namespace.discoInfo)?["category"] == "server")
        let features = query.children.filter { $0.name == "feature" }.compactMap { $0["var"] }
        #expect(features.contains(Namespace.ping))
        #expect(Set(features).count == features.count)
    }

    @Test func discoItemsListTheRoomService() throws {
        let query = try #require(try reply("get", Element("query", Namespace.discoItems)).payload.first)
        #expect(query.children.map { $0["jid"] } == ["rooms.localhost"])
    }

    @Test func theVersionHidesTheOperatingSystem() throws {
        let query = try #require(try reply("get", Element("query", Namespace.version)).payload.first)
        #expect(query.child("version", Namespace.version)?.text == "1.2.3")
        #expect(query.child("os", Namespace.version) == nil)
    }

    @Test func theTimeIsUTC() throws {
        let time = try #require(try reply("get", Element("time", Namespace.time)).payload.first)
        #expect(time.child("utc", Namespace.time)?.text.hasSuffix("Z") == true)
    }

    @Test(arguments: [
        ("an unknown namespace", "get", Element("query", "urn:unknown"), StanzaError.Condition.serviceUnavailable),
        ("setting the version", "set", Element("query", Namespace.version), .serviceUnavailable),
        ("an unknown node", "get", Element("query", Namespace.discoInfo, ["node": "x"]), .itemNotFound),
    ])
    func whatIsNotOfferedIsRefused(
        _ name: String, _ type: String, _ payload: Element, _ condition: StanzaError.Condition
    ) {
        guard case .failure(let error) = ask(type, payload) else {
            Issue.record("\(name) was answered")
            return
        }
        #expect(error.condition == condition, "\(name)")
    }

    @Test(arguments: ["result", "error"])
    func resultsAndErrorsAreNeverAnswered(_ type: String) throws {
        #expect(try ask(type, Element("ping", Namespace.ping)).get() == nil)
    }
}

func jid(_ text: String) -> JID {
    guard let jid = JID(text) else { preconditionFailure("\(text) is no JID") }
    return jid
}
