import Testing
import XMPP

@testable import MUC

@Suite struct LargeRoomTests {
    /// What must not grow with the room: the number of effects, and the copies of the list of its sessions.
    @Test func aThousandOccupantsCostOneBroadcastAMessage() throws {
        let stage = Stage()
        for number in 0..<1_000 { stage.actor("p\(number)@verona.example/a").isIn(as: "Nick \(number)") }
        let room = try #require(stage.room())
        let first = stage.actor("p0@verona.example/a")
        let message = Stanza(.message, type: "groupchat", from: first.jid, to: room.jid, [.body("hello")])
        for effect in stage.service.handle(message, now: stage.now).effects {
            guard case .broadcast(_, let recipients) = effect else {
                Issue.record("sent one by one")
                return
            }
            #expect(recipients.count == 1_000)
        }
        let away = Stanza(.presence, from: first.jid, to: room.occupants["Nick 0"]?.address)
        #expect(stage.service.handle(away, now: stage.now).effects.count <= 3)
    }

    /// 3,000 who have joined and 3,000 who only read.
    private func crowd(quietAbove: Int = 60) async -> Stage {
        let stage = Stage {
            $0.occupantsPerRoom = 0
            $0.quietAbove = quietAbove
        }
        stage.actor("owner@verona.example/a").isIn(as: "Owner")
        for number in 1..<3_000 {
            stage.actor("p\(number)@verona.example/a").isIn(as: "Nick \(number)")
            stage.actor("r\(number)@verona.example/a").isReading()
            // Other tests have deadlines, and there are no more threads than cores.
            if number.isMultiple(of: 50) { await Task.yield() }
        }
        stage.actor("r0@verona.example/a").isReading()
        for jid in stage.waiting { _ = stage.take(jid) }
        return stage
    }

    /// How many stanzas a handler sends.
    private func copies(_ effects: [MUCEffect]) -> Int {
        effects.reduce(0) { sum, effect in
            switch effect {
            case .send: sum + 1
            case .broadcast(_, let recipients): sum + recipients.count
            case .shared(let stanzas, let recipients): sum + stanzas.count * recipients.count
            case .changed, .archive, .moderation: sum
            }
        }
    }

    @Test func whoComesIntoACrowdIsNoNewsUntilItSpeaks() async throws {
        let stage = await crowd()
        let room = try #require(stage.room())
        #expect(room.occupants.count == 3_000 && room.readers.count == 3_000 && room.isQuiet)
        let shown = room.occupants.values.count { $0.isShown }
        #expect(shown <= 62, "those who came before it was a crowd")

        let romeo = stage.actor("romeo@verona.example/orchard")
        let nick: JID = try #require(room.jid.with(resource: "Romeo"))
        let join = Stanza(.presence, from: romeo.jid, to: nick, [Element("x", Namespace.muc)])
        let effects = stage.service.handle(join, now: stage.now).effects + stage.service.endTurn()
        #expect(copies(effects) <= shown + 3, "the newcomer hears who is shown, itself, and the subject")

        let away = Stanza(.presence, from: romeo.jid, to: join.to, [Element("show", Namespace.client, text: "away")])
        #expect(copies(stage.service.handle(away, now: stage.now).effects) == 1, "its own copy")

        romeo.says("But, soft!")
        let other = stage.actor("p2999@verona.example/a")
        let reader = stage.actor("r7@verona.example/a")
        for listener in [other, reader] {
            #expect(
                listener.hears() == ["Romeo is here: none/participant show away", "Romeo: But, soft!"])
        }
        romeo.leaves("Romeo")
        #expect(other.hears() == ["Romeo is gone: none/none"])
    }

    @Test func inACrowdNicksAndPrivateMessagesWorkAsEver() async {
        let stage = await crowd()
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Nick 2999")
        #expect(romeo.hears() == ["presence error conflict/cancel"])
        romeo.isIn(as: "Romeo")
        romeo.whispers("psst", to: "Nick 2999")
        #expect(stage.actor("p2999@verona.example/a").hears() == ["Romeo whispers: psst"])
        romeo.renames(to: "Montague")
        #expect(romeo.hears().last?.hasPrefix("Montague is here: none/participant 110") == true)
        #expect(stage.actor("p2999@verona.example/a").hears() == [])
        romeo.asks(Element("ping", Namespace.ping), of: "balcony/Montague")
        #expect(romeo.hears() == ["iq result"])
    }

    @Test func inACrowdModeratorsAreSeenAndFindEverybody() async throws {
        let stage = await crowd()
        let owner = stage.actor("owner@verona.example/a")
        let list = Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, ["role": "participant"])])
        #expect(owner.asked(list)?.children.count == 2_999)
        owner.moderates(["nick": "Nick 2999", "role": "moderator"])
        #expect(
            stage.actor("p2998@verona.example/a").hears() == ["Nick 2999 is here: none/moderator by Owner"])
        owner.moderates(["nick": "Nick 2998", "role": "none"])
        #expect(stage.actor("p2998@verona.example/a").hears().contains { $0.contains("110 307") })
        #expect(stage.actor("p2997@verona.example/a").hears().allSatisfy { !$0.hasPrefix("Nick 2998") })
    }

    @Test func aCrowdThatGoesHomeBecomesAnOrdinaryRoomStepByStep() async throws {
        let stage = await crowd(quietAbove: 200)
        let room = try #require(stage.room())
        for number in 0..<3_000 { stage.actor("r\(number)@verona.example/a").ends(.left) }
        for number in 100..<2_839 { stage.actor("p\(number)@verona.example/a").ends(.left) }
        #expect(room.audience.all.count == 261 && room.isQuiet)
        for number in 2_839..<2_900 { stage.actor("p\(number)@verona.example/a").ends(.left) }
        #expect(room.audience.all.count == 200 && room.isQuiet, "not at the very limit")
        for number in 60..<100 { stage.actor("p\(number)@verona.example/a").ends(.left) }
        #expect(!room.isQuiet)
        for _ in 0..<3 {
            for jid in stage.waiting { _ = stage.take(jid) }
            let effects = stage.service.tellCrowds()
            #expect(copies(effects) <= 20_000 + 1)
            stage.deliver(effects)
        }
        #expect(room.occupants.values.allSatisfy { $0.isShown })
        #expect(stage.service.context.changedCrowds.isEmpty)
    }

    @Test func aMessageToThreeThousandReadersIsOneBroadcast() async throws {
        let stage = await crowd()
        let owner = stage.actor("owner@verona.example/a")
        let message = Stanza(.message, type: "groupchat", from: owner.jid, to: stage.room()?.jid, [.body("hello")])
        let effects = stage.service.handle(message, now: stage.now).effects
        #expect(effects.count == 1 && copies(effects) == 6_000)
    }

    @Test func aStormOfNewcomersCostsAFewEffectsEach() async throws {
        let stage = Stage { $0.quietAbove = 0 }
        stage.actor("owner@verona.example/a").isIn(as: "Owner")
        let room = try #require(stage.room())
        var effects: [MUCEffect] = []
        for number in 0..<500 {
            let nick = try #require(room.jid.with(resource: "Nick \(number)"))
            let join = Stanza(
                .presence, from: stage.actor("p\(number)@verona.example/a").jid, to: nick, [Element("x", Namespace.muc)]
            )
            effects += stage.service.handle(join, now: stage.now).effects
        }
        effects += stage.service.endTurn()
        #expect(effects.count <= 500 * 4 + 3)
        #expect(copies(effects) == 500 * 501 + 500 + 500, "each is told of each once, of itself, and the subject")
    }
}
