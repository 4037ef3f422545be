import CLinux

/// Who runs where: what is measured has a core of its own.
package struct Cores: Sendable, Equatable {
    /// Of the server that is measured.
    package var server: UInt32
    /// Of the generator, and of whatever else takes part without being measured.
    package var generator: UInt32

    /// The first two that this process may use; with one, both share it, and the run says so.
    package static func choose() throws(BenchFailure) -> Cores {
        var cores = [UInt32](repeating: 0, count: 2)
        let count = samepage_cores(&cores, 2)
        guard count > 0 else { throw .system("sched_getaffinity") }
        return Cores(server: cores[0], generator: count > 1 ? cores[1] : cores[0])
    }

    package var areShared: Bool { server == generator }

    package func pinGenerator() throws(BenchFailure) {
        guard samepage_pin(0, generator) == 0 else { throw .system("sched_setaffinity") }
    }
}
