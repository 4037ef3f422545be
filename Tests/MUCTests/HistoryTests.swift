import Testing
import XMPP

@testable import MUC

@Suite struct HistoryTests: Verona {
    let stage = Stage()

    /// Five messages, ten seconds apart; the last one is ten seconds old.
    init() {
        romeo.isIn(as: "Romeo")
        for number in 1...5 {
            romeo.says("line \(number)")
            stage.now += 10_000
        }
    }

    private func earlier(_ stage: Stage, _ history: KeyValuePairs<String, String?>) -> [String] {
        let juliet = stage.actor("juliet@verona.example/chamber")
        juliet.joins("Juliet", history: history)
        return juliet.gets().filter { $0.child("delay", Namespace.delay) != nil }
            .compactMap { $0.child("body", Namespace.client)?.text }
    }

    @Test func aRememberedMessageHasADelayByTheRoomAndItsIDs() throws {
        juliet.joins("Juliet", history: ["maxstanzas": "1"])
        let message = try #require(juliet.gets().first { $0.child("body", Namespace.client) != nil })
        #expect(message.payload.map(\.name) == ["body", "occupant-id", "stanza-id", "delay"])
        let delay = message.child("delay", Namespace.delay)
        #expect(delay?["from"] == "balcony@\(Stage.service)" && delay?["stamp"] == "2026-11-22T16:00:40.000Z")
        #expect(message.from?.resource == "Romeo" && message.type == "groupchat")
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let request: KeyValuePairs<String, String?>
        let lines: ClosedRange<Int>?
        var testDescription: String { name }
    }

    static var cases: [Case] {
        [
            Case(name: "nothing said", request: [:], lines: 1...5),
            Case(name: "maxstanzas", request: ["maxstanzas": "2"], lines: 4...5),
            Case(name: "maxstanzas 0", request: ["maxstanzas": "0"], lines: nil),
            Case(name: "maxstanzas beyond", request: ["maxstanzas": "99"], lines: 1...5),
            Case(name: "maxchars 0", request: ["maxchars": "0"], lines: nil),
            Case(name: "maxchars of less than a stanza", request: ["maxchars": "50"], lines: nil),
            Case(name: "maxchars of one stanza and a half", request: ["maxchars": "600"], lines: 5...5),
            Case(name: "seconds", request: ["seconds": "30"], lines: 3...5),
            Case(name: "seconds 0", request: ["seconds": "0"], lines: nil),
            Case(name: "seconds of all eternity", request: ["seconds": "9223372036854775807"], lines: 1...5),
            Case(name: "since", request: ["since": "2026-11-22T16:00:30Z"], lines: 4...5),
            Case(name: "since tomorrow", request: ["since": "2026-11-23T16:00:30Z"], lines: nil),
            Case(name: "the smallest wins", request: ["maxstanzas": "4", "seconds": "20"], lines: 4...5),
            Case(name: "nonsense", request: ["maxstanzas": "many", "seconds": "-1", "since": "then"], lines: 1...5),
        ]
    }

    @Test(arguments: cases)
    func theTightestLimitOfTheRequestCounts(_ history: Case) {
        let expected = history.lines.map { $0.map { "line \($0)" } } ?? []
        #expect(earlier(stage, history.request) == expected)
    }

    @Test func theRoomRemembersOnlyTheLastMessages() {
        let stage = Stage { $0.history = 3 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        for number in 1...9 { romeo.says("line \(number)") }
        #expect(earlier(stage, [:]) == ["line 7", "line 8", "line 9"])
    }

    @Test func theRoomRemembersOnlySoManyBytes() {
        let stage = Stage { $0.historySize = 5_000 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        for number in 1...9 { romeo.says("\(number)" + String(repeating: "O", count: 999)) }
        #expect(earlier(stage, [:]).map { $0.prefix(1) } == ["7", "8", "9"])
        romeo.says(String(repeating: "O", count: 5_000))
        #expect(stage.room()?.history.count == 0)
    }

    @Test func aRoomWithoutHistoryRemembersNothing() {
        let stage = Stage { $0.history = 0 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        romeo.says("gone with the wind")
        #expect(earlier(stage, [:]) == [])
    }

    @Test func aPageRoomKeepsItsHistoryWhileItIsEmpty() {
        let stage = Stage()
        stage.policy.origin = { _, _, _ in .page(url: "https://verona.example/", name: "Verona") }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        romeo.says("line 1")
        romeo.leaves("Romeo")
        #expect(earlier(stage, [:]) == ["line 1"])
    }
}
