/// Bytes that wait for the socket, coalesced so that one turn costs one write.
///
/// Bounded: `hasRoom(for:)` tells before anything is appended, and whoever owns the connection decides what an overflow
/// means.
package struct OutboundQueue {
    private var bytes: [UInt8] = []
    private var sent = 0
    /// In bytes.
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes not yet handed to the kernel.
    package var count: Int { bytes.count - sent }
    package var isEmpty: Bool { count == 0 }

    /// Whether so much may be appended. One thing of any size is never too much.
    func hasRoom(for more: Int) -> Bool { isEmpty || more <= limit - count }

    mutating func append(_ body: (inout [UInt8]) -> Void) { body(&bytes) }

    /// Hands the next bytes, at most `maximum`, to `write`, which says how many it took; nil when the socket is gone.
    ///
    /// Returns whether the socket still lives.
    mutating func drain(maximum: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int?) -> Bool {
        let end = min(bytes.count, sent + maximum)
        let written = bytes.withUnsafeMutableBufferPointer { buffer in
            write(UnsafeMutableBufferPointer(rebasing: buffer[sent..<end]))
        }
        guard let written else { return false }
        sent += written
        if sent >= bytes.count {
            sent = 0
            bytes.removeAll(keepingCapacity: true)
        } else if sent > bytes.count / 2 {
            bytes.removeFirst(sent)
            sent = 0
        }
        return true
    }

    /// Whether there is no buffer yet.
    var needsBuffer: Bool { bytes.capacity == 0 }

    /// Gives an empty buffer to write into, with room for so many bytes.
    mutating func use(_ buffer: consuming [UInt8], for count: Int) {
        bytes = buffer
        if bytes.capacity < count { bytes.reserveCapacity(count) }
    }

    /// Takes the buffer out, once it is empty.
    mutating func takeBuffer() -> [UInt8] {
        guard isEmpty else { return [] }
        var buffer: [UInt8] = []
        swap(&buffer, &bytes)
        return buffer
    }
}
