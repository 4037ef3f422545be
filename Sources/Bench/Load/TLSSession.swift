import COpenSSL
import Glibc

/// What all TLS connections of the generator share. The certificate is not verified: it is made for the run.
final class TLSContext {
    let pointer: OpaquePointer

    init() throws(BenchFailure) {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw BenchFailure("OpenSSL makes no context") }
        pointer = context
        _ = samepage_SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION)
    }

    deinit {
        SSL_CTX_free(pointer)
    }
}

/// TLS of one connection, straight on its socket.
final class TLSSession {
    enum Handshake {
        case done
        case wantsRead
        case wantsWrite
        case failed(String)
    }

    private let context: TLSContext
    private let ssl: OpaquePointer

    init(_ context: TLSContext, _ descriptor: Int32) throws(BenchFailure) {
        guard let ssl = SSL_new(context.pointer) else { throw BenchFailure("OpenSSL makes no session") }
        self.context = context
        self.ssl = ssl
        SSL_set_fd(ssl, descriptor)
        SSL_set_connect_state(ssl)
    }

    deinit {
        SSL_free(ssl)
    }

    var hasPending: Bool { SSL_pending(ssl) > 0 }

    func handshake() -> Handshake {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        guard result != 1 else { return .done }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default: return .failed("the TLS handshake failed")
        }
    }

    /// As `recv`: -1 with EAGAIN when there is nothing.
    func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        outcome(SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count)))
    }

    /// As `send`.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        outcome(SSL_write(ssl, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    private func outcome(_ result: Int32) -> Int {
        guard result <= 0 else { return Int(result) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: errno = EAGAIN
        case SSL_ERROR_ZERO_RETURN: return 0
        default: errno = EPROTO
        }
        ERR_clear_error()
        return -1
    }
}
