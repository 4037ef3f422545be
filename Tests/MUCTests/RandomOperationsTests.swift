import Testing
import XMPP

@testable import MUC

/// Random people do random things; after each step the service's books must agree with each other, and with what every
/// session was told.
@Suite struct RandomOperationsTests {
    @Test(arguments: [45, 2_026, 410] as [UInt64])
    func everySessionsViewOfARoomIsTheRooms(seed: UInt64) {
        run(RandomPlay(seed: seed), seed)
    }

    @Test(arguments: [46, 2_027, 411] as [UInt64])
    func theViewsAgreeAtTheEndOfEachTurnHoweverMuchHappensInIt(seed: UInt64) {
        run(RandomPlay(seed: seed, batches: true), seed)
    }

    @Test(arguments: [47, 2_028, 412] as [UInt64])
    func theViewsAgreeInACrowdToo(seed: UInt64) {
        run(RandomPlay(seed: seed, batches: seed % 2 == 0, quietAbove: 3), seed)
    }

    private func run(_ play: RandomPlay, _ seed: UInt64) {
        for step in 0..<1_500 {
            let action = play.act()
            if let fault = play.fault() {
                Issue.record("seed \(seed), step \(step), after \(action): \(fault)")
                return
            }
        }
        #expect(play.refusals > 50 && play.presences > 1_000 && play.readings > 20)
    }
}
