/// Why a connection could not be made, in words for the operator.
package struct ConnectError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
