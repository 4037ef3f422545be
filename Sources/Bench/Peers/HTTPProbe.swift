import CLinux
import Glibc

/// Asks a server on loopback for a path, and waits for the answer: for what happens before anything is measured.
struct HTTPProbe {
    var port: UInt16
    /// Over TLS, that the port answers has to do.
    var usesTLS = false

    func isOK(_ path: String) -> Bool {
        guard !usesTLS else { return Loopback.answers(port) }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard Loopback.connect(descriptor, port) == 0 else { return false }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return false }
        var answer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &answer, answer.count, 0)
        return count > 12 && answer.starts(with: Array("HTTP/1.1 200".utf8))
    }
}
