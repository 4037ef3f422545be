import Testing
import XMPP

@testable import Archive
@testable import MUC

@Suite struct ArchiveSearchTests {
    let scratch = Scratch()
    let archive: Archive

    /// Ten messages in each of two rooms, alternating.
    init() throws {
        archive = try scratch.open()
        for room in ["balcony", "crypt"] { archive.perform(.save(Samples.state(room))) }
        for number in 0..<20 {
            archive.perform(
                .store(
                    Samples.message(
                        number, room: number % 2 == 0 ? "balcony" : "crypt", nick: number % 3 == 0 ? "Romeo" : "Nurse"))
            )
        }
    }

    private func query(_ change: (inout ArchiveQuery) -> Void = { _ in }) -> ArchiveQuery {
        var query = ArchiveQuery(room: "balcony", max: 100)
        change(&query)
        return query
    }

    /// The numbers of the messages found, and whether that was all.
    private func found(_ change: (inout ArchiveQuery) -> Void) throws -> ([Int], Bool) {
        guard case .page(let messages, let isComplete, _) = try scratch.find(query(change), in: archive) else {
            throw Scratch.Missing()
        }
        return (messages.map { Int(($0.time - Samples.start) / 1_000) }, isComplete)
    }

    private static let all = Array(stride(from: 0, to: 20, by: 2))

    @Test func aRoomHasItsOwnMessagesInOrder() throws {
        #expect(try found { _ in } == (Self.all, true))
    }

    @Test func pagesForwardsGiveAllOnce() throws {
        var seen: [Int] = []
        var last: StanzaID?
        var isComplete = false
        while !isComplete {
            let (page, complete) = try found {
                $0.max = 3
                $0.page = .after(last)
            }
            seen += page
            last = page.last.map(Samples.id)
            isComplete = complete
        }
        #expect(seen == Self.all)
    }

    @Test func pagesBackwardsGiveAllOnce() throws {
        var seen: [Int] = []
        var first: StanzaID?
        var isComplete = false
        while !isComplete {
            let (page, complete) = try found {
                $0.max = 4
                $0.page = .before(first)
            }
            seen = page + seen
            first = page.first.map(Samples.id)
            isComplete = complete
        }
        #expect(seen == Self.all)
    }

    @Test func aPageThatEndsWithTheLastMessageIsComplete() throws {
        #expect(try found { $0.max = 10 } == (Self.all, true))
        #expect(try found { $0.page = .after(Samples.id(18)) } == ([], true))
    }

    @Test func timesAreInclusive() throws {
        #expect(
            try found {
                $0.start = Samples.start + 4_000
                $0.end = Samples.start + 8_000
            } == ([4, 6, 8], true))
        #expect(try found { $0.start = .max } == ([], true))
        #expect(try found { $0.end = .max } == (Self.all, true))
        #expect(try found { $0.end = .min } == ([], true))
        #expect(try found { $0.start = .min } == (Self.all, true))
    }

    @Test func idsAreExclusiveAndCombineWithPages() throws {
        #expect(
            try found {
                $0.afterID = Samples.id(2)
                $0.beforeID = Samples.id(16)
                $0.page = .before(nil)
                $0.max = 2
            } == ([12, 14], false))
    }

    @Test func sendersAreFoundByNickAndByOccupantID() throws {
        #expect(try found { $0.nick = "Romeo" } == ([0, 6, 12, 18], true))
        #expect(try found { $0.occupantID = "id-of-Nurse" } == ([2, 4, 8, 10, 14, 16], true))
        #expect(try found { $0.nick = "nobody" } == ([], true))
    }

    @Test func singleMessagesAreFound() throws {
        #expect(try found { $0.ids = [Samples.id(6), Samples.id(2)] } == ([2, 6], true))
    }

    @Test func idsThatAreNotInThisRoomAreNotFound() throws {
        let changes: [(inout ArchiveQuery) -> Void] = [
            { $0.page = .after(Samples.id(1)) }, { $0.page = .before(Samples.id(100)) }, { $0.afterID = Samples.id(3) },
            { $0.beforeID = StanzaID(0) }, { $0.ids = [Samples.id(2), Samples.id(3)] },
        ]
        for change in changes { #expect(try scratch.find(query(change), in: archive) == .itemNotFound) }
        var elsewhere = ArchiveQuery(room: "nowhere", max: 10)
        #expect(try scratch.find(elsewhere, in: archive) == .page([], isComplete: true))
        elsewhere.afterID = Samples.id(2)
        #expect(try scratch.find(elsewhere, in: archive) == .itemNotFound)
    }

    @Test func aPageHasRoomForOneLargeMessageAtLeast() throws {
        let one = Samples.message(0).stanza.footprint
        #expect(try found { $0.maxSize = 1 } == ([0], false))
        #expect(try found { $0.maxSize = 2 * one } == ([0, 2], false))
        #expect(
            try found {
                $0.maxSize = 1
                $0.page = .before(nil)
            } == ([18], false))
    }

    @Test func aPageOfNoneSaysHowManyThereAre() throws {
        #expect(try scratch.find(query { $0.max = 0 }, in: archive) == .page([], isComplete: false, count: 10))
        #expect(
            try scratch.find(
                query {
                    $0.max = 0
                    $0.page = .before(nil)
                    $0.nick = "Romeo"
                }, in: archive) == .page([], isComplete: false, count: 4))
    }

    @Test func theArchiveSaysWhereItBeginsAndEnds() throws {
        archive.perform(.measure(room: "crypt", ArchiveTicket(number: 1)))
        let span = try scratch.wait { if case .found(.span(let span), _) = $0 { span } else { nil } }
        #expect(
            span
                == ArchiveSpan(
                    first: Samples.id(1), firstTime: Samples.start + 1_000, last: Samples.id(19),
                    lastTime: Samples.start + 19_000))
    }
}
