import CLinux
import Glibc

/// Why a measurement has no result, in words for whoever runs the benchmark.
package struct BenchFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// A system call that failed just now.
    static func system(_ call: String) -> BenchFailure {
        BenchFailure("\(call): \(String(cString: strerror(errno)))")
    }
}
