import XMPP

/// Names without duplicates, in order: O(log n) to find, and to page through (XEP-0059). Inserting and removing move what
/// lies behind, which is cheap next to making a room.
struct SortedNames {
    private(set) var names: [String] = []

    var count: Int { names.count }

    /// The position of a name, or the one that it would have.
    func position(of name: String) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = low + (high - low) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func contains(_ name: String) -> Bool {
        let position = position(of: name)
        return position < names.count && names[position] == name
    }

    mutating func insert(_ name: String) {
        let position = position(of: name)
        guard position == names.count || names[position] != name else { return }
        names.insert(name, at: position)
    }

    /// Many at once.
    mutating func insert(_ many: [String]) {
        names = Set(names).union(many).sorted()
    }

    mutating func remove(_ name: String) {
        let position = position(of: name)
        if position < names.count, names[position] == name { names.remove(at: position) }
    }

    /// One page. A position beside a name that is no longer there is where that name would be: lists change while
    /// somebody reads them.
    func page(_ position: ResultSetRequest.Position, maximum: Int) -> Range<Int> {
        let maximum = max(0, maximum)
        func from(_ start: Int) -> Range<Int> {
            let start = min(max(0, start), names.count)
            return start..<(start + min(maximum, names.count - start))
        }
        func upTo(_ end: Int) -> Range<Int> { (end - min(maximum, end))..<end }
        switch position {
        case .first: return from(0)
        case .after(let name): return from(self.position(of: name) + (contains(name) ? 1 : 0))
        case .before(let name): return upTo(self.position(of: name))
        case .last: return upTo(names.count)
        case .index(let index): return from(index)
        }
    }
}
