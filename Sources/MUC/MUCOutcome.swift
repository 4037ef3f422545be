import XMPP

/// What became of a stanza.
package enum MUCOutcome: Sendable {
    case handled([MUCEffect])
    /// An IQ request to the service's own address that has nothing to do with rooms (version, ping, time): the caller
    /// answers it.
    case unhandled

    /// What is to be delivered; nothing for an unhandled stanza.
    package var effects: [MUCEffect] {
        switch self {
        case .handled(let effects): effects
        case .unhandled: []
        }
    }
}
