extension String {
    /// The longest beginning of whole characters within so many bytes of UTF-8.
    package func prefix(bytes maximum: Int) -> String {
        guard utf8.count > maximum else { return self }
        var size = 0
        var end = startIndex
        for index in indices {
            size += self[index].utf8.count
            guard size <= maximum else { break }
            end = self.index(after: index)
        }
        return String(self[..<end])
    }
}
