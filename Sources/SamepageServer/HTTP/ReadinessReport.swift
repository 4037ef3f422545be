/// What `GET /readyz` answers and `samepage status` reads, as JSON.
package struct ReadinessReport: Codable, Sendable {
    package struct Archive: Codable, Sendable {
        /// `up`, or `failing` while nothing can be written.
        package let state: String
        /// RFC 3339.
        package internal(set) var since: String?
        /// A sentence for people.
        package internal(set) var reason: String?
    }

    package struct Link: Codable, Sendable {
        package let domain: String
        package let serves: String
        /// `up`, `down` or `connecting`.
        package let state: String
        /// RFC 3339.
        package internal(set) var since: String?
        /// One word for programs.
        package internal(set) var failure: String?
        /// A sentence for people.
        package internal(set) var reason: String?
    }

    package let ready: Bool
    /// Why it is not, if that is not a link.
    package internal(set) var because: String?
    package let links: [Link]
    package internal(set) var archive: Archive?
    package internal(set) var version: String?
    package internal(set) var sessions: Int?
    package internal(set) var rooms: Int?
    package internal(set) var occupiedRooms: Int?
}
