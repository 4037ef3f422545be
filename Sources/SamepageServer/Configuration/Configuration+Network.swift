/// What connects us to the XMPP network.
extension Configuration {
    /// A link as a component of an XMPP server (XEP-0114).
    package struct Component: Hashable, Sendable {
        /// What a link is for.
        package enum Service: String, CaseIterable, Sendable {
            /// Our rooms are on the network: the domain is `rooms.service`.
            case rooms
            /// Our visitors are: the domain is `domain`.
            case visitors
        }

        /// What the server calls the component, in canonical form.
        package var domain: String
        /// Where the server listens for components.
        package var host = "localhost"
        package var port = 5_347
        package var secret: String
        /// TLS from the first byte on, verified.
        package var tls = false
        /// A PEM file of the authorities to trust; nil: the system's.
        package var ca: String?
        package var serves: Service

        package init(domain: String, secret: String, serves: Service) {
            self.domain = domain
            self.secret = secret
            self.serves = serves
        }
    }

    /// Whom to turn to, as URIs (XEP-0157).
    package struct Contact: Hashable, Sendable {
        package var abuse: [String] = []
        package var admin: [String] = []
        package var security: [String] = []
        package var support: [String] = []

        package init() {}
    }
}
