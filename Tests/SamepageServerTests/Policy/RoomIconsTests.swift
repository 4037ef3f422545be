import Foundation
import MUC
import Testing

@testable import SamepageServer

/// The pictures of rooms (XEP-0486), as files of the operator.
struct RoomIconsTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]

    private func file(_ bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "samepage-icon-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func aPictureIsKnownByWhatItBeginsWith() throws {
        let cases: [(name: String, bytes: [UInt8], type: String?)] = [
            ("PNG", Self.png, "image/png"), ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0], "image/jpeg"),
            ("GIF", Array("GIF89a…".utf8), "image/gif"),
            ("WebP", Array("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8".utf8), "image/webp"),
            ("SVG", Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), nil), ("nothing", [], nil),
            ("text", Array("PNG".utf8), nil), ("RIFF that is a sound", Array("RIFF\u{1}\u{2}\u{3}\u{4}WAVE".utf8), nil),
        ]
        for (name, bytes, type) in cases {
            let path = try file(bytes)
            defer { try? FileManager.default.removeItem(atPath: path) }
            #expect((try? RoomIcons.read(path))?.mediaType == type, "\(name)")
        }
    }

    @Test func theHashIsThatOfTheFileAndTheDataAreAllOfIt() throws {
        let path = try file(Self.png)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let avatar = try RoomIcons.read(path)
        #expect(avatar.hash == "2834271da1c3a2d94833d6ce47a32d8750eaa290")
        #expect(Data(base64Encoded: avatar.base64).map(Array.init) == Self.png)
    }

    @Test func aFileThatIsTooLargeOrMissingIsRefused() throws {
        let path = try file(Self.png + [UInt8](repeating: 0, count: RoomIcons.maximumSize))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: RoomIcons.Failure.self) { try RoomIcons.read(path) }
        #expect(throws: RoomIcons.Failure.self) { try RoomIcons.read("/nowhere/icon.png") }
    }

    @Test func aSiteHasItsOwnPictureAndAllOthersTheCommonOne() throws {
        let (one, other) = (try file(Self.png), try file(Self.png + [4]))
        defer { for path in [one, other] { try? FileManager.default.removeItem(atPath: path) } }
        var configuration = Configuration()
        configuration.rooms.icon = one
        configuration.sites = SiteList([
            try Site(hosts: ["example.org"], icon: other), try Site(hosts: ["example.com"]),
        ])
        var policy = PageRoomPolicy(creation: .pages, sites: configuration.sites, key: SecretKey())
        policy.icons = try RoomIcons(configuration)
        func hash(_ url: String) -> String? { policy.avatar(of: jid("room@rooms.localhost"), pageURL: url)?.hash }
        #expect(try hash("https://example.org/a") == RoomIcons.read(other).hash)
        #expect(try hash("https://example.com/a") == RoomIcons.read(one).hash)
        #expect(hash("https://example.org/a") != hash("https://example.com/a"))
    }
}
