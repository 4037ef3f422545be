import COpenSSL

/// Message digests, by OpenSSL.
package enum Digest {
    /// SHA-1, 20 bytes: only where a protocol demands it (RFC 6455 §4.2.2, XEP-0114).
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes, EVP_sha1())
    }

    /// SHA-256, 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        digest(bytes, EVP_sha256())
    }

    /// Two lower-case digits per byte.
    package static func hex(_ bytes: [UInt8]) -> String {
        func digit(_ value: UInt8) -> UInt8 {
            value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "a")
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count &* 2)
        for byte in bytes {
            output.append(digit(byte >> 4))
            output.append(digit(byte & 0x0F))
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digest(_ bytes: [UInt8], _ type: OpaquePointer?) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let status = EVP_Digest(bytes, bytes.count, &output, &length, type, nil)
        // Fails only when the library cannot provide the algorithm at all, which no input causes.
        precondition(status == 1, "OpenSSL provides SHA-1 and SHA-256")
        return Array(output.prefix(Int(length)))
    }
}
