import Dispatch

/// The file behind `Revocations`: appended to, and written anew when much of it is out of date.
///
/// Nothing here runs on the loop: a queue of its own does one thing after the other, and says when that is safe from a
/// power cut.
final class RevocationFile: Sendable {
    private let file: DurableFile
    private let queue = DispatchQueue(label: "samepage.revocations")

    init(path: String) {
        file = DurableFile(path: path)
    }

    /// Nil when there is none yet.
    func read() throws(DataDirectory.Failure) -> String? { try file.read() }

    /// Adds a line. `done` is called off the loop, with whether it is on the disk.
    func append(_ line: String, done: @escaping @Sendable (Bool) -> Void) {
        queue.async { [self] in done(file.append(line)) }
    }

    /// Puts this in the place of everything.
    func replace(with text: String, done: @escaping @Sendable (Bool) -> Void) {
        queue.async { [self] in done(file.replace(with: text)) }
    }
}
