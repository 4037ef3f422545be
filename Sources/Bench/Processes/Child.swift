import CLinux
import Glibc

/// A process that the benchmark started: on one core, in a folder of its own, gone when the benchmark goes.
final class Child {
    let pid: pid_t
    private let outputPath: String
    private(set) var status: Int32?

    /// - Parameter command: The program, as a path or to be found in PATH, and its arguments.
    init(_ command: [String], core: UInt32, folder: String, environment: [String: String] = [:]) throws(BenchFailure) {
        outputPath = folder + "/output"
        // The program is started by this one in another part: who limits, pins and changes the folder must be the new process.
        var arguments = [Launch.executable, Launch.subcommand, String(core), folder] + command
        arguments[0] = Launch.executable
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        var variables = Self.environment
        for (name, value) in environment { variables[name] = value }
        let failure = Self.withPointers(arguments) { arguments in
            Self.withPointers(variables.map { "\($0)=\($1)" }) { variables in
                var pid: pid_t = 0
                let failure = posix_spawn(&pid, Launch.executable, &files, nil, arguments, variables)
                return (pid, failure)
            }
        }
        pid = failure.0
        guard failure.1 == 0 else {
            throw BenchFailure("\(command.first ?? "") cannot be started: \(String(cString: strerror(failure.1)))")
        }
    }

    deinit {
        kill()
    }

    var isRunning: Bool {
        guard status == nil else { return false }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return true }
        self.status = status
        return false
    }

    /// What it has printed.
    var output: String {
        guard let file = fopen(outputPath, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Waits until something is so, or says what the process did instead.
    func wait(seconds: Double, for what: String, every milliseconds: Int = 20, until done: () -> Bool)
        throws(BenchFailure)
    {
        let deadline = Clock.now + UInt64(seconds * 1e9)
        while !done() {
            guard isRunning else { throw BenchFailure("it ended before \(what):\n\(output)") }
            guard Clock.now < deadline else {
                throw BenchFailure("\(Int(seconds)) s were not enough for \(what):\n\(output)")
            }
            try Interruption.check()
            Clock.sleep(milliseconds: milliseconds)
        }
    }

    /// Ends it as an operator does, and as a power cut would if it takes too long.
    func end(seconds: Double = 5) {
        guard isRunning else { return }
        Glibc.kill(pid, SIGTERM)
        let deadline = Clock.now + UInt64(seconds * 1e9)
        while isRunning, Clock.now < deadline { Clock.sleep(milliseconds: 10) }
        kill()
    }

    func kill() {
        guard isRunning else { return }
        Glibc.kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        self.status = status
    }

    private static var environment: [String: String] {
        var variables: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }

    private static func withPointers<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
