import Archive
import Foundation
import XMPP

/// What the command line does with the archive of a server that is running, or is not.
package enum ArchiveTools {
    /// In words for the operator.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Copies the archive of the configured data directory into a new file.
    package static func backUp(_ configuration: Configuration, to path: String) throws(Failure) {
        do {
            try ArchiveCopy.write(from: directory(configuration), to: absolute(path))
        } catch {
            throw Failure(description: error.description)
        }
    }

    /// The formats of `export`.
    package static var formats: [String] { ArchiveExport.Format.allCases.map(\.rawValue) }

    /// Writes all messages of a room.
    ///
    /// - Parameters:
    ///   - room: The room's JID, its localpart, or the URL of its page.
    ///   - format: One of `formats`.
    package static func export(
        _ room: String, _ configuration: Configuration, format: String, showsAddresses: Bool,
        _ write: (String) throws -> Void
    ) throws(Failure) {
        guard let format = ArchiveExport.Format(rawValue: format) else {
            throw Failure(description: "the format must be one of \(formats.joined(separator: ", "))")
        }
        let jid = try jid(of: room, configuration)
        let isThere: Bool
        do {
            isThere = try ArchiveExport(directory: directory(configuration)).write(
                jid, as: format, showsAddresses: showsAddresses, write)
        } catch {
            throw Failure(description: error.description)
        }
        guard isThere else { throw Failure(description: "the archive has no room \(jid)") }
    }

    private static func jid(of room: String, _ configuration: Configuration) throws(Failure) -> JID {
        let service = configuration.rooms.service
        if room.hasPrefix("http://") || room.hasPrefix("https://") {
            do throws(PageAddressError) {
                let page = try PageAddress.make(url: room, room: nil, sites: configuration.sites)
                if let jid = JID(localpart: page.localpart, domain: service) { return jid }
            } catch {
                throw Failure(description: error.description)
            }
        } else if let jid = JID(room), jid.localpart != nil, jid.domain == service {
            return jid.bare
        } else if let jid = JID(localpart: room, domain: service) {
            return jid
        }
        throw Failure(description: "\(room.debugDescription) is no room of \(service) and no URL")
    }

    private static func directory(_ configuration: Configuration) -> String { absolute(configuration.data) }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
