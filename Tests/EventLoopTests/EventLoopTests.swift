import EventLoop
import Foundation
import LoopTesting
import Testing

@Suite(.serialized)
struct EventLoopTests {
    init() { LoopThread.start() }

    @Test func jobsOfTheActorRunOnTheLoopsThread() async {
        #expect(await LoopThread.isCurrent())
    }

    @Test func isolatedCodeIsEnteredWithoutAHopFromTheLoopsThread() async {
        let sum = await Task { @EventLoop in EventLoop.assumeIsolated { 1 + 1 } }.value
        #expect(sum == 2)
    }

    @Test func jobsFromManyThreadsAllRun() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1_000 { group.addTask { await Counter.increment() } }
        }
        #expect(await Counter.value == 1_000)
    }

    @Test func timersFireInTheOrderOfTheirDelays() async {
        let order = await withCheckedContinuation { (done: CheckedContinuation<[Int], Never>) in
            Task { @EventLoop in
                let log = Log()
                for delay: Int64 in [30, 10, 20] {
                    let timer = LoopTimer()
                    log.timers.append(timer)
                    timer.start(after: delay) {
                        log.entries.append(Int(delay))
                        if log.entries.count == 3 {
                            log.timers = []
                            done.resume(returning: log.entries)
                        }
                    }
                }
            }
        }
        #expect(order == [10, 20, 30])
    }

    @Test func aTimerThatIsStartedLateInALongTurnDoesNotFireEarly() async {
        let waited = await withCheckedContinuation { (done: CheckedContinuation<Duration, Never>) in
            Task { @EventLoop in
                usleep(200_000)
                let timer = LoopTimer()
                let start = ContinuousClock.now
                timer.start(after: 100) {
                    done.resume(returning: ContinuousClock.now - start)
                    timer.cancel()
                }
            }
        }
        // The loop's clock has whole milliseconds.
        #expect(waited >= .milliseconds(98))
    }

    @Test func aRepeatingTimerFiresUntilItIsCancelled() async {
        let count = await withCheckedContinuation { (done: CheckedContinuation<Int, Never>) in
            Task { @EventLoop in
                let log = Log()
                let timer = LoopTimer()
                let judge = LoopTimer()
                log.timers = [timer, judge]
                timer.start(after: 1, every: 1) {
                    log.entries.append(1)
                    guard log.entries.count == 3 else { return }
                    log.timers.first?.cancel()
                    // Long enough for more of them, had it not been cancelled.
                    log.timers.last?.start(after: 30) {
                        log.timers = []
                        done.resume(returning: log.entries.count)
                    }
                }
            }
        }
        #expect(count == 3)
    }

    @Test func aTimerThatNobodyHoldsNeverFires() async {
        let fired = await withCheckedContinuation { (done: CheckedContinuation<Bool, Never>) in
            Task { @EventLoop in
                let log = Log()
                LoopTimer().start(after: 1) { log.entries.append(1) }
                let judge = LoopTimer()
                log.timers = [judge]
                judge.start(after: 30) {
                    log.timers = []
                    done.resume(returning: !log.entries.isEmpty)
                }
            }
        }
        #expect(!fired)
    }
}

@EventLoop private enum Counter {
    static private(set) var value = 0
    static func increment() { value += 1 }
}

@EventLoop private final class Log {
    var entries: [Int] = []
    var timers: [LoopTimer] = []
}
