import Foundation
import Glibc

/// Where figures come from: they mean little without it.
package enum Machine {
    package static var description: String {
        let date = ISO8601DateFormatter.string(
            from: Date(), timeZone: .gmt, formatOptions: [.withFullDate, .withDashSeparatorInDate])
        return "\(date), \(processor), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores, Linux \(kernel), load \(load)"
    }

    private static var processor: String {
        firstLine("/proc/cpuinfo") { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }

    private static var kernel: String { firstLine("/proc/sys/kernel/osrelease") { _ in true } ?? "?" }

    /// Who else is at work: over 2 with the benchmark's own, the figures are of a busy machine.
    private static var load: String {
        firstLine("/proc/loadavg") { _ in true }?.split(separator: " ").first.map(String.init) ?? "?"
    }

    private static func firstLine(_ path: String, where isWanted: (Substring) -> Bool) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first(where: isWanted).map(String.init)
    }
}
