extension PageAddress {
    /// One thing that was done on the way from a URL to a room.
    package struct Step: Hashable, Sendable {
        /// Which rule did it.
        package let rule: Rule
        /// What it did, in a few words.
        package let effect: String

        init(_ rule: Rule, _ effect: String) {
            self.rule = rule
            self.effect = effect
        }
    }
}

extension PageAddress.Step {
    /// The rules of page addresses, in their order.
    package enum Rule: String, Sendable, CaseIterable {
        case scheme
        case host
        case defaultPort = "default port"
        case fragment
        case room
        case query
        case percentEncoding = "percent-encoding"
        case dotSegments = "dot segments"
        case trailingSlash = "trailing slash"
        case slashes
        case indexFile = "index file"
        case escaping
        case hash
    }
}
