/// How much one WebSocket peer may make us hold and do.
package struct WebSocketLimits: Sendable, Equatable {
    /// Payload bytes of one message, all fragments together; past it 1009, as soon as the length is announced.
    package var message: Int
    /// Empty fragments (not counting the last) within one message; past it 1008.
    package var emptyFragments: Int
    /// Control frames between the fragments of one message; past it 1008. Those between messages are the caller's
    /// to count: each of them is an event.
    package var controlFrames: Int

    /// The defaults suit anonymous visitors: a message is one stanza.
    package init(message: Int = 64 * 1024, emptyFragments: Int = 16, controlFrames: Int = 32) {
        self.message = Swift.max(0, message)
        self.emptyFragments = emptyFragments
        self.controlFrames = controlFrames
    }
}
