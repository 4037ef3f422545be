import Testing
import XMPP

@testable import Archive
@testable import MUC

@Suite struct PublicRoomsTests {
    let scratch = Scratch()

    @Test func theListHasPublicRoomsOnlyAndWhenSomebodyLastSpoke() throws {
        let archive = try scratch.open()
        for (name, number) in [("orchard", 3), ("balcony", 1), ("crypt", 5), ("square", 7)] {
            var state = Samples.state(name, name: name.uppercased())
            state.configuration.isPublic = name != "crypt"
            archive.perform(.save(state))
            archive.perform(.store(Samples.message(number, room: name)))
            archive.perform(.store(Samples.message(number + 10, room: name, kind: .reference)))
        }
        archive.keep(.destroyed, room: "square")
        archive.perform(.save(Samples.state("cell", name: "CELL")))
        #expect(try scratch.settle(archive))
        archive.listRooms(atMost: 3)
        let rooms = try scratch.wait { if case .rooms(let rooms) = $0 { rooms } else { nil } }
        #expect(Set(rooms.map(\.localpart)) == ["orchard", "balcony", "cell"])
        let orchard = try #require(rooms.first { $0.localpart == "orchard" })
        #expect(orchard.summary == RoomSummary(name: "ORCHARD", occupants: 0, lastActivity: Samples.start + 3_000))
        archive.listRooms(atMost: 1)
        #expect(try scratch.wait { if case .rooms(let rooms) = $0 { rooms } else { nil } }.count == 1)
    }
}
