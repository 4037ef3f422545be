import Foundation
import Testing
import XMPP

@testable import MUC

/// A room and the reference model of its rules do the same random things: both allow them or both do not, and afterwards
/// the same people are there with the same roles and affiliations.
///
/// `SAMEPAGE_MODEL_STEPS` sets how many steps are taken in all.
@Suite struct RoleModelTests {
    private static let steps = ProcessInfo.processInfo.environment["SAMEPAGE_MODEL_STEPS"].flatMap(Int.init) ?? 12_000

    @Test(arguments: [5, 45, 1_045, 2_026] as [UInt64])
    func aRoomAndItsModelAgree(seed: UInt64) throws {
        let duel = try RoleModelDuel(seed: seed)
        for step in 0..<(Self.steps / 4) {
            let operation = duel.next()
            if let fault = duel.play(operation) {
                Issue.record("seed \(seed), step \(step), \(operation): \(fault)")
                return
            }
        }
        // A play in which nothing happens, or nothing is refused, proves nothing.
        #expect(duel.allowed > Self.steps / 20 && duel.refused > Self.steps / 20)
    }
}
