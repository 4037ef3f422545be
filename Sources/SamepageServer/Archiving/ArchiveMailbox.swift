import Archive
import EventLoop
import Synchronization

/// Brings the reports of the archive's threads to the loop, in their order.
final class ArchiveMailbox: Sendable {
    private let reports = Mutex<[Archive.Report]>([])
    /// Takes what has come.
    @EventLoop private var receive: (([Archive.Report]) -> Void)?

    init() {}

    /// From any thread.
    func put(_ report: Archive.Report) {
        let isFirst = reports.withLock { reports in
            reports.append(report)
            return reports.count == 1
        }
        if isFirst { Task { @EventLoop in empty() } }
    }

    @EventLoop
    func open(_ receive: @escaping ([Archive.Report]) -> Void) {
        self.receive = receive
    }

    @EventLoop
    private func empty() {
        let taken = reports.withLock { reports in
            defer { reports = [] }
            return reports
        }
        receive?(taken)
    }
}
