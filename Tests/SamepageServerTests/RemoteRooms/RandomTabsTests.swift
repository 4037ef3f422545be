import MUC
import SeededTesting
import Testing
import XMPP

@testable import SamepageServer

/// Two visitors with three tabs each do whatever comes to their minds, and the link breaks now and then. In the end the
/// service and we agree about who is in, under which nick.
@Suite struct RandomTabsTests {
    private static let plays = 30
    private static let steps = 60

    @Test(arguments: ScriptedService.Flavor.allCases)
    func theServiceAndWeAgreeWhateverTheTabsDo(_ flavor: ScriptedService.Flavor) {
        let seed = UInt64.random(in: 0...UInt64.max)
        for play in 0..<Self.plays {
            var generator = SeededGenerator(seed: seed &+ UInt64(play))
            let disagreement = perform(flavor, &generator)
            #expect(disagreement == nil, "seed \(seed), play \(play)")
            if disagreement != nil { return }
        }
    }

    private func perform(_ flavor: ScriptedService.Flavor, _ generator: inout SeededGenerator) -> String? {
        let house = Playhouse(flavor)
        house.service.hasArchive = Bool.random(using: &generator)
        let tabs = ["romeo", "juliet"].flatMap { name in
            ["one", "two", "three"].map { house.visitor(name, tab: $0) }
        }
        var isLinked = true
        for _ in 0..<Self.steps {
            switch Int.random(in: 0..<12, using: &generator) {
            case 0:
                isLinked.toggle()
                if isLinked {
                    house.linkComesUp()
                } else {
                    house.linkBreaks()
                    house.others { service in for tab in tabs { service.leave(tab.jid, room: Playhouse.room) } }
                }
            case 1...3: house.wait(Int64.random(in: 0...8_000, using: &generator))
            case 4, 5:
                house.atOnce {
                    for _ in 0..<3 { act(tabs, house, &generator) }
                }
            default: act(tabs, house, &generator)
            }
        }
        if !isLinked { house.linkComesUp() }
        house.wait(120_000)
        return disagreement(tabs, house)
    }

    private func act(_ tabs: [Visitor], _ house: Playhouse, _ generator: inout SeededGenerator) {
        guard let tab = tabs.randomElement(using: &generator),
            let nick = ["A", "B", "C", "D"].randomElement(using: &generator)
        else { return }
        let occupant = house.muc.rooms[Playhouse.room]?.occupants[tab.jid]
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: tab.ends()
        case 1: if let occupant { tab.shows(occupant.nick, type: "unavailable") }
        case 2: tab.says("something")
        case 3...6 where occupant != nil: tab.shows(nick)
        default: tab.joins(nick)
        }
    }

    private func disagreement(_ tabs: [Visitor], _ house: Playhouse) -> String? {
        let room = house.muc.rooms[Playhouse.room]
        let ours = room?.occupants.values.map { "\($0.session) as \($0.nick)" }.sorted() ?? []
        let theirs = house.service.rooms[Playhouse.room]?.occupants ?? []
        let seen = theirs.filter { $0.session != Playhouse.keeper }.map { "\($0.session) as \($0.nick)" }.sorted()
        if ours != seen { return "we: \(ours); the service: \(seen)" }
        for occupant in room?.occupants.values.map(\.self) ?? [] {
            guard case .joined = occupant.phase, occupant.following == nil else {
                return "\(occupant.session) is \(occupant.phase)"
            }
        }
        let count = Set(theirs.filter { $0.session != Playhouse.keeper }.map(\.nick)).count
        let told = house.muc.summary(localpart: Playhouse.room)?.occupants ?? 0
        return count == told ? nil : "\(told) are told of, and \(count) are here"
    }
}
