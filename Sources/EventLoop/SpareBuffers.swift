/// Emptied buffers for whoever has something to send next: a broadcast allocates nothing for it, and a connection that is
/// idle holds no memory.
@EventLoop
enum SpareBuffers {
    /// How many are kept, and how large each may be, in bytes: 1 MiB in all.
    private static let most = 1_024
    private static let largest = 1_024

    private static var buffers: [[UInt8]] = []

    static func take() -> [UInt8] { buffers.popLast() ?? [] }

    static func give(_ buffer: [UInt8]) {
        guard 1...largest ~= buffer.capacity, buffers.count < most else { return }
        buffers.append(buffer)
    }
}
