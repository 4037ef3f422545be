import SeededTesting
import Testing
import XMPP

@testable import MUC

/// The archive changes when things are heard, never what or in which order: the same random play, once with rooms in
/// memory and once with an archive that answers at random moments, is heard alike by everybody.
@Suite struct OutboxRandomTests {
    /// One performance: what each session hears of each room.
    private final class Performance {
        let stage: Stage
        let archive: StageArchive
        let sessions: [Actor]
        var heard: [String: [String]] = [:]

        init(archived: Bool) {
            let stage = Stage(admins: ["p0@verona.example"], archive: archived) { limits in
                limits.roomsPerSession = 0
                limits.nickInterval = 0
                limits.occupantsPerRoom = 4
            }
            stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
            self.stage = stage
            archive = StageArchive(stage)
            sessions = (0..<4).flatMap { person in
                ["desk", "phone"].map { stage.actor("p\(person)@verona.example/\($0)") }
            }
        }

        func listen() {
            for session in sessions {
                for stanza in session.gets() {
                    let room = stanza.from?.localpart ?? ""
                    // What is refused is refused at once, whatever waits.
                    let kind = stanza.isError ? "refusals" : "words"
                    // Only where there is an archive, newcomers are told of it.
                    let line = Transcript.line(stanza).replacing(" 110 170", with: " 110")
                    heard["\(kind) of \(room) to \(session.jid)", default: []].append(line)
                }
            }
        }

        /// The occupants that a newcomer is told of come in any order.
        var canonical: [String: [String]] {
            heard.mapValues { lines in
                var result: [String] = []
                var run: [String] = []
                for line in lines {
                    if line.contains(" is here: ") {
                        run.append(line)
                    } else {
                        result += run.sorted() + [line]
                        run = []
                    }
                }
                return result + run.sorted()
            }
        }
    }

    private static let rooms = ["balcony", "crypt"]
    private static let nicks = ["Romeo", "Juliet", "Nurse", "Tybalt"]

    private static func act(_ number: Int, on performance: Performance, _ random: inout SeededGenerator) {
        func any<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &random)] }
        let actor = any(performance.sessions)
        let (room, nick) = (any(rooms), any(nicks))
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: actor.joins(nick, room: room)
        case 20..<25: actor.lurks(room: room)
        case 25..<55: actor.does(.message, "groupchat", to: room, [.body("line \(number)")])
        case 55..<60:
            actor.does(.message, "groupchat", to: room, [Element("subject", Namespace.client, text: "\(number)")])
        case 60..<65: actor.does(.message, "groupchat", to: room, [Element("composing", Namespace.chatStates)])
        case 65..<73: actor.does(.presence, to: "\(room)/\(nick)")
        case 73..<81: actor.does(.presence, "unavailable", to: "\(room)/\(nick)")
        case 81..<86: actor.does(.message, "chat", to: "\(room)/\(nick)", [.body("aside \(number)")])
        case 86..<92:
            let item = Element("item", Namespace.mucAdmin, ["nick": nick, "role": any(["none", "visitor"])])
            actor.asks(Element("query", Namespace.mucAdmin, [item]), of: room, type: "set")
        case 92..<96: actor.asks(Element("ping", Namespace.ping), of: "\(room)/\(nick)")
        default: actor.ends(.errored)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func everybodyHearsTheSame(seed: UInt64) {
        var script = SeededGenerator(seed: seed)
        var delays = SeededGenerator(seed: seed &+ 1_000)
        let memory = Performance(archived: false)
        let disk = Performance(archived: true)
        // Rooms that exist from the beginning on, since one that is being loaded hears of others later.
        for performance in [memory, disk] {
            for room in Self.rooms {
                performance.sessions[0].joins("Prince", room: room)
                performance.archive.work()
            }
        }
        for number in 0..<400 {
            for performance in [memory, disk] {
                var copy = script
                Self.act(number, on: performance, &copy)
                if performance === disk { script = copy }
                performance.stage.now += 1
            }
            while Int.random(in: 0..<3, using: &delays) > 0, disk.archive.waiting > 0 { disk.archive.step() }
            memory.listen()
            disk.listen()
        }
        disk.archive.work()
        disk.listen()
        let heard = disk.canonical
        for (what, lines) in memory.canonical { #expect(heard[what] == lines, "seed \(seed): \(what)") }
        #expect(disk.stage.service.context.outboxes.isEmpty && disk.stage.service.context.backlog.count == 0)
    }
}
