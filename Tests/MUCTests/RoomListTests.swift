import SeededTesting
import Testing
import XMPP

@testable import MUC

/// The list of rooms, page by page (XEP-0045 §6.3, XEP-0059).
@Suite struct RoomListTests: Verona {
    let stage = Stage { limits in
        limits.discoItems = 5
        limits.roomsPerSession = 0
    }

    /// Rooms a to h; d is not listed.
    init() {
        for name in ["c", "a", "h", "b", "d", "g", "e", "f"] { romeo.isIn(as: "Romeo", room: name) }
        romeo.configures(["muc#roomconfig_publicroom": "0"], room: "d")
        _ = romeo.gets()
    }

    private func list(_ children: KeyValuePairs<String, String>) throws -> (String, ResultSet) {
        let set = Element(
            "set", ResultSetRequest.namespace,
            children.map { Element($0.key, ResultSetRequest.namespace, text: $0.value) })
        let answer = try #require(romeo.asked(Element("query", Namespace.discoItems, [set]), of: ""))
        let rooms = answer.children.compactMap { $0["jid"].flatMap(JID.init)?.localpart }
        let page = try #require(answer.child("set", ResultSetRequest.namespace))
        func text(_ name: String) -> String? { page.child(name, ResultSetRequest.namespace)?.text }
        let index = page.child("first", ResultSetRequest.namespace)?["index"].flatMap { Int($0) }
        return (
            rooms.joined(),
            ResultSet(first: text("first"), last: text("last"), index: index, count: text("count").flatMap { Int($0) })
        )
    }

    private func jid(_ name: String) -> String { "\(name)@\(Stage.service)" }

    @Test func pagesFollowOneAnother() throws {
        let (first, set) = try list(["max": "3"])
        #expect(first == "abc" && set == ResultSet(first: jid("a"), last: jid("c"), index: 0, count: 7))
        #expect(try list(["max": "3", "after": jid("c")]).0 == "efg")
        let (last, end) = try list(["max": "3", "after": jid("g")])
        #expect(last == "h" && end == ResultSet(first: jid("h"), last: jid("h"), index: 6, count: 7))
        let (none, beyond) = try list(["max": "3", "after": jid("h")])
        #expect(none == "" && beyond.first == nil && beyond.count == 7)
    }

    @Test func pagesGoBackwards() throws {
        #expect(try list(["max": "3", "before": ""]).0 == "fgh")
        #expect(try list(["max": "3", "before": jid("f")]).0 == "bce")
        #expect(try list(["max": "3", "before": jid("b")]).0 == "a")
    }

    @Test func pagesAreFoundByIndex() throws {
        #expect(try list(["max": "2", "index": "5"]).0 == "gh")
        #expect(try list(["max": "2", "index": "9223372036854775807"]).0 == "")
    }

    @Test func noneAreAskedForJustToCount() throws {
        let (rooms, set) = try list(["max": "0"])
        #expect(rooms == "" && set.first == nil && set.count == 7)
    }

    @Test func aPageIsNeverLongerThanTheServiceLikes() throws {
        #expect(try list([:]).0 == "abcef")
        #expect(try list(["max": "1000000"]).0 == "abcef")
    }

    @Test func aRoomThatHasGoneMeanwhileLosesNobodyItsPlace() throws {
        romeo.does(.presence, "unavailable", to: "c/Romeo")
        #expect(try list(["max": "3", "after": jid("c")]).0 == "efg")
        #expect(try list(["max": "3", "after": "<nonsense>"]).0 == "abe")
    }

    @Test func nonsenseIsABadRequest() {
        let set = Element("set", ResultSetRequest.namespace, [Element("max", ResultSetRequest.namespace, text: "-1")])
        romeo.asks(Element("query", Namespace.discoItems, [set]), of: "")
        #expect(romeo.hears() == ["iq error bad-request/modify"])
    }

    @Test func aSortedListAgreesWithASet() {
        var random = SeededGenerator(seed: 59)
        var sorted = SortedNames()
        var model: Set<String> = []
        for _ in 0..<2_000 {
            let name = "n\(Int.random(in: 0..<50, using: &random))"
            if Bool.random(using: &random) {
                sorted.insert(name)
                model.insert(name)
            } else {
                sorted.remove(name)
                model.remove(name)
            }
            guard sorted.names == model.sorted(), sorted.contains(name) == model.contains(name) else {
                Issue.record("\(sorted.names)")
                return
            }
        }
    }
}
