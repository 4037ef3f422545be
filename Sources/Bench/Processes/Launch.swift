import CLinux
import Glibc

/// What a child does before it becomes the program that it is to be.
package enum Launch {
    static let executable = "/proc/self/exe"
    package static let subcommand = "launch"

    /// Goes with its parent, stays on a core, may open as many files as the system lets it, and becomes a program.
    ///
    /// Returns only when that fails.
    package static func become(_ command: [String], core: UInt32, folder: String) -> BenchFailure {
        guard samepage_die_with_parent() == 0 else { return .system("prctl") }
        guard samepage_pin(0, core) == 0 else { return .system("sched_setaffinity") }
        do throws(BenchFailure) { try raiseDescriptorLimit() } catch { return error }
        // The parent has blocked what would end it in the middle of something.
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        guard chdir(folder) == 0 else { return .system("chdir \(folder)") }
        guard let program = command.first else { return BenchFailure("there is no program to start") }
        let arguments = command.map { strdup($0) } + [nil]
        execvp(program, arguments)
        return .system(program)
    }

    /// The soft limit becomes the hard one.
    package static func raiseDescriptorLimit() throws(BenchFailure) {
        var limit = rlimit()
        guard samepage_descriptor_limit(&limit) == 0 else { throw .system("getrlimit") }
        limit.rlim_cur = limit.rlim_max
        guard samepage_set_descriptor_limit(&limit) == 0 else { throw .system("setrlimit") }
    }

    /// For this process and those that it will start.
    package static func setPriority(_ nice: Int32) throws(BenchFailure) {
        guard samepage_set_priority(nice) == 0 else { throw .system("setpriority") }
        // Where the system has autogroups, a priority counts within its session only, unless the session has it, too (sched(7)).
        guard let autogroup = fopen("/proc/self/autogroup", "w") else { return }
        fputs(String(nice), autogroup)
        fclose(autogroup)
    }

    /// How many files may be open at once.
    static var descriptorLimit: Int {
        var limit = rlimit()
        return samepage_descriptor_limit(&limit) == 0 ? Int(clamping: limit.rlim_cur) : 0
    }
}
