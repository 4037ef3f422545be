/// Why a session ended, as the `condition` of a terminating body (XEP-0124 §17.2).
package enum BOSHCondition: String, Error, Hashable, Sendable {
    case badRequest = "bad-request"
    case hostUnknown = "host-unknown"
    case improperAddressing = "improper-addressing"
    case internalServerError = "internal-server-error"
    case itemNotFound = "item-not-found"
    case policyViolation = "policy-violation"
    case remoteStreamError = "remote-stream-error"
    case systemShutdown = "system-shutdown"
    case undefinedCondition = "undefined-condition"
}
