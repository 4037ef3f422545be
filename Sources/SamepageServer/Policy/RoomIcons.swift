import Foundation
import MUC
import WebWire

/// The pictures of rooms (XEP-0486), read once at start: one of each site that names a file, and one for all others.
struct RoomIcons: Sendable {
    /// Why a picture cannot be used, in words for the operator.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Largest file, in bytes: whoever asks for the card of a room is sent all of it, in base 64, in one stanza.
    static let maximumSize = 64 * 1_024

    private var common: RoomAvatar?
    private var bySite: [Site: RoomAvatar] = [:]

    init() {}

    init(_ configuration: Configuration) throws(Failure) {
        common = try configuration.rooms.icon.map(Self.read)
        for site in configuration.sites.sites {
            if let path = site.icon { bySite[site] = try Self.read(path) }
        }
    }

    var isEmpty: Bool { common == nil && bySite.isEmpty }

    func avatar(of site: Site?) -> RoomAvatar? { site.flatMap { bySite[$0] } ?? common }

    static func read(_ path: String) throws(Failure) -> RoomAvatar {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Failure(description: "cannot read \(path)") }
        defer { try? file.close() }
        let data = (try? file.read(upToCount: maximumSize + 1)) ?? Data()
        guard data.count <= maximumSize else {
            throw Failure(description: "\(path) has more than \(maximumSize / 1_024) KiB")
        }
        let bytes = Array(data)
        guard let type = mediaType(bytes) else { throw Failure(description: "\(path) is no PNG, JPEG, GIF or WebP") }
        return RoomAvatar(mediaType: type, hash: Digest.hex(Digest.sha1(bytes)), base64: data.base64EncodedString())
    }

    /// By what the file begins with (WHATWG MIME Sniffing §6.1): its name proves nothing. No SVG: that is a document, and
    /// clients draw it with whatever it asks for.
    private static func mediaType(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) { return "image/gif" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "image/webp" }
        return nil
    }
}
