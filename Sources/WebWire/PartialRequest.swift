/// What has been read of a request so far.
struct PartialRequest: Sendable {
    var request = HTTPRequest(method: "", target: "")
    /// Bytes of the head, later of the trailers, with their line ends.
    var headBytes = 0
    var trailerCount = 0
    var chunkExtensionBytes = 0
}
