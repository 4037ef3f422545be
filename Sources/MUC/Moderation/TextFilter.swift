/// Finds words and domains in text: all of them in one pass (Aho and Corasick, 1975), in a time that depends on the length
/// of the text alone, whatever the text and the words are.
///
/// Upper and lower case are the same, and marks and characters that cannot be seen do not count. A word is found where it
/// stands alone, a domain also behind the names of its subdomains.
struct TextFilter {
    private struct Node {
        var next: [UInt32: Int] = [:]
        /// Where the longest suffix leads that is the beginning of a word.
        var fallback = 0
        /// The next node on that way where a word ends; 0 when there is none.
        var shorter = 0
        var ending: Ending?
    }

    private struct Ending {
        let length: Int
        let isDomain: Bool
    }

    private var nodes = [Node()]

    /// Nil when there is nothing to look for.
    init?(_ rules: FilterRules) {
        for word in rules.words { insert(Self.folded(word), isDomain: false) }
        for domain in rules.domains { insert(Self.folded(domain), isDomain: true) }
        guard nodes.count > 1 else { return nil }
        link()
    }

    func matches(_ text: String) -> Bool {
        let scalars = Self.folded(text)
        var state = 0
        for (index, scalar) in scalars.enumerated() {
            while state != 0, nodes[state].next[scalar.value] == nil { state = nodes[state].fallback }
            state = nodes[state].next[scalar.value] ?? 0
            var found = nodes[state].ending == nil ? nodes[state].shorter : state
            // At most as many as the longest word is long.
            while found != 0 {
                if let ending = nodes[found].ending, standsAlone(ending, at: index, in: scalars) { return true }
                found = nodes[found].shorter
            }
        }
        return false
    }

    private mutating func insert(_ word: [Unicode.Scalar], isDomain: Bool) {
        guard !word.isEmpty else { return }
        var state = 0
        for scalar in word {
            if let next = nodes[state].next[scalar.value] {
                state = next
            } else {
                nodes.append(Node())
                nodes[state].next[scalar.value] = nodes.count - 1
                state = nodes.count - 1
            }
        }
        nodes[state].ending = Ending(length: word.count, isDomain: isDomain)
    }

    /// Breadth first, so that every shorter way is known already.
    private mutating func link() {
        var queue = Array(nodes[0].next.values)
        var position = 0
        while position < queue.count {
            let state = queue[position]
            position += 1
            for (value, child) in nodes[state].next {
                queue.append(child)
                var fallback = nodes[state].fallback
                while fallback != 0, nodes[fallback].next[value] == nil { fallback = nodes[fallback].fallback }
                let target = nodes[fallback].next[value] ?? 0
                nodes[child].fallback = target == child ? 0 : target
                let shorter = nodes[child].fallback
                nodes[child].shorter = nodes[shorter].ending == nil ? nodes[shorter].shorter : shorter
            }
        }
    }

    private func standsAlone(_ ending: Ending, at last: Int, in text: [Unicode.Scalar]) -> Bool {
        let first = last - ending.length + 1
        guard first >= 0 else { return false }
        if first > 0, Self.goOn(text[first - 1], text[first]) || (ending.isDomain && text[first - 1] == "-") {
            return false
        }
        guard last + 1 < text.count else { return true }
        let next = text[last + 1]
        if Self.goOn(text[last], next) { return false }
        guard ending.isDomain else { return true }
        // example.com is not example.com.br, but it may end a sentence.
        if next == "-" { return false }
        return next != "." || last + 2 >= text.count || !Self.isOfWord(text[last + 2])
    }

    /// Whether two characters are of one word. Scripts without spaces between words have no such thing.
    private static func goOn(_ one: Unicode.Scalar, _ other: Unicode.Scalar) -> Bool {
        isOfWord(one) && isOfWord(other) && !isUnspaced(one) && !isUnspaced(other)
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        // Kana, and Thai, Lao, Myanmar, Khmer.
        switch scalar.value {
        case 0x3040...0x30FF, 0x31F0...0x31FF, 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true
        default: scalar.properties.isIdeographic
        }
    }

    static func folded(_ text: String) -> [Unicode.Scalar] {
        text.lowercased().unicodeScalars.filter { scalar in
            if scalar.isASCII { return true }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return false
            default: return !scalar.properties.isDefaultIgnorableCodePoint
            }
        }
    }
}
