import Testing
import XMPP

@testable import MUC

/// Rooms of the archive are listed without being open.
@Suite struct RoomShelfTests {
    let stage = Stage(archive: true) {
        $0.rooms = 1
        $0.roomsPerSession = 0
    }
    let archive: StageArchive
    var romeo: Actor { stage.actor("romeo@verona.example/orchard") }

    init() {
        archive = StageArchive(stage)
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
    }

    private func remember(_ names: String...) {
        stage.service.remember(
            names.map { (localpart: $0, summary: RoomSummary(name: "Room \($0)", occupants: 0, lastActivity: 7)) })
    }

    private func list(_ max: String? = nil, after: String? = nil) throws -> [String?] {
        var query = Element("query", Namespace.discoItems)
        if let max {
            var set = Element("set", ResultSetRequest.namespace, [])
            set.append(Element("max", ResultSetRequest.namespace, text: max))
            if let after { set.append(Element("after", ResultSetRequest.namespace, text: after)) }
            query.append(set)
        }
        let answer = try #require(romeo.asked(query, of: ""))
        return answer.children.filter { $0.name == "item" }.map { $0["name"] }
    }

    private func visits(_ room: String) {
        romeo.joins("Romeo", room: room)
        archive.work()
        romeo.does(.message, "groupchat", to: room, [.body("hello")])
        archive.work()
        romeo.does(.presence, "unavailable", to: "\(room)/Romeo")
        _ = romeo.gets()
    }

    @Test func afterARestartTheRoomsOfTheArchiveAreListed() throws {
        remember("crypt", "balcony")
        #expect(try list() == ["Room balcony", "Room crypt"])
        #expect(try list("1", after: "balcony@\(Stage.service)") == ["Room crypt"])
        #expect(stage.service.summary(localpart: "crypt")?.lastActivity == 7)
        #expect(stage.service.roomCount == 0)
    }

    @Test func aRoomThatMadePlaceIsStillListed() throws {
        visits("balcony")
        visits("crypt")
        #expect(stage.room("balcony") == nil)
        #expect(try list() == ["balcony", "crypt"])
        #expect(stage.service.summary(localpart: "balcony")?.lastActivity == stage.now)
    }

    @Test func aRoomThatWasHiddenIsNotListedWhenItMadePlace() throws {
        visits("balcony")
        stage.room("balcony")?.configuration.isPublic = false
        visits("balcony")
        visits("crypt")
        #expect(stage.room("balcony") == nil)
        #expect(try list() == ["crypt"])
        #expect(stage.service.summary(localpart: "balcony") == nil)
    }

    @Test func aRoomThatIsOpenSpeaksForItself() throws {
        remember("balcony", "crypt")
        visits("balcony")
        stage.room("balcony")?.configuration.isPublic = false
        visits("balcony")
        #expect(try list() == ["Room crypt"])
        remember("balcony")
        #expect(try list() == ["Room crypt"])
    }

    @Test func aRoomThatWasDestroyedMeanwhileIsNotListed() throws {
        stage.policy.origin = { _, _, _ in .user }
        romeo.joins("Romeo")
        archive.work()
        let destroy = Element("destroy", Namespace.mucOwner)
        romeo.asks(Element("query", Namespace.mucOwner, [destroy]), type: "set")
        archive.work()
        _ = romeo.gets()
        #expect(stage.room() == nil)
        remember("balcony")
        #expect(try list() == [])
    }
}
