import COpenSSL

/// The client's side of TLS (1.2 and 1.3) on memory: ciphertext in and out by hand, so that it stands above any connection
/// and can begin in the middle of one (STARTTLS). The certificate is always verified, with the name (RFC 6125).
package final class TLSClient {
    package struct Settings: Hashable, Sendable {
        /// The name, or the numeric address, that the certificate must be for.
        package var name: String
        /// A PEM file of the authorities to trust instead of the system's.
        package var authorities: String?

        package init(name: String, authorities: String? = nil) {
            self.name = name
            self.authorities = authorities
        }
    }

    /// What went wrong, in words for the operator.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Plaintext is decrypted in portions of at most one TLS record.
    private static let recordSize = 16_384

    private let name: String
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    /// Owned by `ssl`: ciphertext from the peer, and to it.
    private let input: OpaquePointer
    private let output: OpaquePointer
    /// What is to be encrypted at the end of the turn.
    private var plaintext: [UInt8] = []
    private(set) var isEstablished = false
    private(set) var isClosedByPeer = false
    private var hasSaidGoodbye = false

    package init(_ settings: Settings) throws(Failure) {
        name = settings.name
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Failure(description: Self.lastError) }
        guard let ssl = Self.makeSession(context, settings), let input = BIO_new(BIO_s_mem()),
            let output = BIO_new(BIO_s_mem())
        else {
            SSL_CTX_free(context)
            throw Failure(description: "TLS cannot be set up: \(Self.lastError)")
        }
        self.context = context
        self.ssl = ssl
        self.input = input
        self.output = output
        SSL_set_bio(ssl, input, output)
        SSL_set_connect_state(ssl)
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    private static func makeSession(_ context: OpaquePointer, _ settings: Settings) -> OpaquePointer? {
        _ = samepage_SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let hasAuthorities =
            settings.authorities.map { SSL_CTX_load_verify_locations(context, $0, nil) }
            ?? SSL_CTX_set_default_verify_paths(context)
        guard hasAuthorities == 1, let ssl = SSL_new(context) else { return nil }
        let parameters = SSL_get0_param(ssl)
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // An address is no name: it is never sent as one (RFC 6066 §3), and only an address in the certificate matches.
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, settings.name) == 1 { return ssl }
        guard X509_VERIFY_PARAM_set1_host(parameters, settings.name, 0) == 1,
            samepage_SSL_set_tlsext_host_name(ssl, settings.name) == 1
        else {
            SSL_free(ssl)
            return nil
        }
        return ssl
    }

    /// Bytes that wait to be encrypted.
    var pending: Int { plaintext.count }

    /// Queues plaintext; it leaves with the next `seal`, or when the handshake is over.
    func write(_ body: (inout [UInt8]) -> Void) { body(&plaintext) }

    /// Takes ciphertext from the peer and hands out what it decrypts to. `isEstablished` may become true.
    func receive(_ bytes: Span<UInt8>, _ take: (Span<UInt8>) -> Void) throws(Failure) {
        let taken = bytes.withUnsafeBufferPointer { BIO_write(input, $0.baseAddress, Int32(clamping: $0.count)) }
        guard taken == bytes.count else { throw Failure(description: "out of memory") }
        try shakeHands()
        guard isEstablished else { return }
        var buffer = [UInt8](repeating: 0, count: Self.recordSize)
        while true {
            ERR_clear_error()
            let count = SSL_read(ssl, &buffer, Int32(clamping: buffer.count))
            guard count > 0 else {
                switch SSL_get_error(ssl, count) {
                case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
                case SSL_ERROR_ZERO_RETURN:
                    isClosedByPeer = true
                    return
                default: throw failure
                }
            }
            take(buffer.span.extracting(0..<Int(count)))
        }
    }

    /// Appends the ciphertext that is to be sent: of the handshake, and of what was written once that is over.
    ///
    /// - Parameter isLast: Says goodbye behind it, so that the peer can tell an end from a cut (RFC 8446 §6.1).
    func seal(into bytes: inout [UInt8], isLast: Bool = false) throws(Failure) {
        try shakeHands()
        if isEstablished, !plaintext.isEmpty {
            ERR_clear_error()
            // The output is memory: everything is taken at once.
            let written = SSL_write(ssl, plaintext, Int32(clamping: plaintext.count))
            guard written == plaintext.count else { throw failure }
            plaintext = []
        }
        if isLast, isEstablished, !hasSaidGoodbye {
            hasSaidGoodbye = true
            SSL_shutdown(ssl)
        }
        takeOutput(&bytes)
    }

    private func shakeHands() throws(Failure) {
        guard !isEstablished else { return }
        ERR_clear_error()
        let status = SSL_do_handshake(ssl)
        if status == 1 {
            isEstablished = true
            return
        }
        switch SSL_get_error(ssl, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        default: throw failure
        }
    }

    private func takeOutput(_ bytes: inout [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: Self.recordSize)
        while BIO_ctrl_pending(output) > 0 {
            let count = BIO_read(output, &buffer, Int32(clamping: buffer.count))
            guard count > 0 else { return }
            bytes.append(contentsOf: buffer.prefix(Int(count)))
        }
    }

    private var failure: Failure {
        let result = SSL_get_verify_result(ssl)
        guard result != Int(X509_V_OK) else {
            return Failure(description: "TLS with \(name) failed: \(Self.lastError)")
        }
        let reason = X509_verify_cert_error_string(result).map { String(cString: $0) } ?? "error \(result)"
        return Failure(description: "the certificate of \(name) cannot be trusted: \(reason)")
    }

    private static var lastError: String {
        let code = ERR_get_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: reason)
    }
}
