/// An array without duplicates and without a promised order: O(1) to append, find and remove.
///
/// The array itself is what broadcasts carry: it is shared with them, and copied only when it changes while one is
/// still on its way.
struct IndexedList<Element: Hashable> {
    private(set) var elements: [Element] = []
    private var positions: [Element: Int] = [:]

    var count: Int { elements.count }
    var isEmpty: Bool { elements.isEmpty }

    func contains(_ element: Element) -> Bool { positions[element] != nil }

    mutating func append(_ element: Element) {
        guard positions[element] == nil else { return }
        positions[element] = elements.count
        elements.append(element)
    }

    mutating func remove(_ element: Element) {
        guard let position = positions.removeValue(forKey: element), let last = elements.popLast() else { return }
        guard position < elements.count else { return }
        elements[position] = last
        positions[last] = position
    }

    /// The elements less a few; the array itself when none of them is in it.
    func without(_ few: [Element]) -> [Element] {
        let holes = Set(few.compactMap { positions[$0] })
        guard !holes.isEmpty else { return elements }
        var rest = elements
        for hole in holes.sorted(by: >) {
            // From the back, so that what moves into a hole is never to be left out itself.
            guard hole < rest.count, let last = rest.popLast() else { continue }
            if hole < rest.count { rest[hole] = last }
        }
        return rest
    }
}

extension IndexedList: Sendable where Element: Sendable {}
