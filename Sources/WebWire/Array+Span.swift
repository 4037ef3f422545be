extension [UInt8] {
    /// Appends a copy of borrowed bytes. The closure form becomes one block copy; `append` in a loop does not.
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices {
                output.append(bytes[index])
            }
        }
    }
}
