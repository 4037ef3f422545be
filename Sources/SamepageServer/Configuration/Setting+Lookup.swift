extension Setting {
    /// Whether there are settings below this key.
    static func isGroup(_ key: String) -> Bool {
        all.contains { $0.key.hasPrefix(key + ".") }
    }

    /// One of the keys below a group.
    static func example(of group: String) -> String {
        all.first { $0.key.hasPrefix(group + ".") }?.key ?? group
    }

    /// ` Did you mean …?` for a name near one of the names there are; else empty.
    static func suggestion(for name: String, among names: [String]) -> String {
        let near = names.map { (name: $0, distance: distance(name, $0)) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= max(1, min(3, name.count / 3)) else { return "" }
        return "; did you mean \(near.name)?"
    }

    /// The number of letters to insert, delete, replace or swap with their neighbour to make one word of the other.
    /// Bounded: very long words are just far apart.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.lowercased()), Array(right.lowercased()))
        guard left.count <= 100, right.count <= 100 else { return .max }
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = previous
            previous = current
        }
        return previous.last ?? 0
    }
}
