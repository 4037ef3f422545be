import Glibc

/// What a process has used, as the kernel counts it.
enum Usage {
    /// Nanoseconds on a processor of all threads, those that ended among them, in user and kernel mode.
    ///
    /// The process' clock is the sum of what `/proc/PID/task/*/schedstat` says, without its gaps; `/proc/PID/stat` says the same
    /// in ticks of 10 ms.
    static func cpu(of pid: pid_t) throws(BenchFailure) -> UInt64 {
        var clock: clockid_t = 0
        guard clock_getcpuclockid(pid, &clock) == 0, let time = Clock.read(clock) else {
            throw BenchFailure("process \(pid) is gone")
        }
        return time
    }

    /// Resident bytes, without what is shared with other programs: private pages of `/proc/PID/smaps_rollup`.
    static func memory(of pid: pid_t) throws(BenchFailure) -> Int {
        guard let file = fopen("/proc/\(pid)/smaps_rollup", "r") else { throw .system("/proc/\(pid)/smaps_rollup") }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 13)
        let count = fread(&bytes, 1, bytes.count, file)
        return try memory(String(decoding: bytes[..<count], as: UTF8.self))
    }

    static func memory(_ text: String) throws(BenchFailure) -> Int {
        var sum = 0
        var found = 0
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 2, words[0] == "Private_Clean:" || words[0] == "Private_Dirty:",
                let kib = Int(words[1])
            else { continue }
            sum += kib * 1024
            found += 1
        }
        guard found == 2 else { throw BenchFailure("smaps_rollup has no private pages") }
        return sum
    }
}
