import Testing

@testable import MUC

@Suite struct CollectionTests {
    @Test func anIndexedListFindsAndRemovesWithoutASearch() {
        var list = IndexedList<Int>()
        for number in 0..<10 { list.append(number) }
        list.append(3)
        #expect(list.count == 10)
        for number in [9, 0, 5, 42] { list.remove(number) }
        #expect(Set(list.elements) == [1, 2, 3, 4, 6, 7, 8])
        for number in list.elements { list.remove(number) }
        #expect(list.isEmpty)
    }

    @Test func leavingOutAFewLeavesAllTheOthers() {
        var list = IndexedList<Int>()
        for number in 0..<6 { list.append(number) }
        for first in 0..<6 {
            for second in 0..<8 {
                let rest = list.without([first, second])
                #expect(Set(rest) == Set(0..<6).subtracting([first, second]))
                #expect(rest.count == Set(rest).count)
            }
        }
        #expect(list.without([]) == list.elements && list.without([42]) == list.elements)
    }

    @Test func idleRoomsGoInTheOrderInWhichTheyWereLeft() {
        var idle = IdleRooms()
        for room in ["a", "b", "c", "d"] { idle.insert(room) }
        idle.remove("a")
        idle.remove("c")
        idle.insert("a")
        #expect(idle.popLongestIdle() == "b")
        #expect(idle.popLongestIdle() == "d")
        #expect(idle.popLongestIdle() == "a")
        #expect(idle.popLongestIdle() == nil)
    }

    @Test func comingAndGoingDoesNotGrowTheQueueOfIdleRooms() {
        var idle = IdleRooms()
        idle.insert("b")
        for _ in 0..<1_000 {
            idle.insert("a")
            idle.remove("a")
        }
        #expect(idle.count == 1 && idle.queuedCount <= 20)
        #expect(idle.popLongestIdle() == "b")
    }

    @Test func idsGrowInAnyWeather() {
        var generator = StanzaIDGenerator()
        let times: [Int64] = [1_795_363_200_000, 1_795_363_200_000, 1_795_363_200_001, 5, -1, 1_795_363_200_000]
        let ids = times.map { generator.next(now: $0) }
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        let texts = ids.map(\.description)
        #expect(texts == texts.sorted() && texts.allSatisfy { $0.utf8.count == 13 })
        #expect(texts.map(StanzaID.init) == ids)
        #expect(generator.next(now: .max) > ids[5])
        var later = StanzaIDGenerator(after: StanzaID(1 << 62))
        #expect(later.next(now: 0) > ids[0])
    }
}
