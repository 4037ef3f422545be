/// The names and values of a query, in order, as forms and `URLSearchParams` write them
/// (application/x-www-form-urlencoded, URL Standard §5.1).
package struct QueryItems: Sendable, Equatable {
    /// One `name=value`, decoded.
    package struct Item: Sendable, Equatable {
        package let name: String
        /// Empty when there was no `=`.
        package let value: String
    }

    /// All items in the order in which they came; a name may be repeated.
    package let items: [Item]

    /// Reads a raw query (without `?`). As the standard says nothing in it is an error: a broken escape stays as it
    /// is, what is no UTF-8 reads as U+FFFD.
    /// - Parameter limit: how many items are accepted; nil for a query with more.
    package init?(_ query: String, limit: Int = 64) {
        var items: [Item] = []
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            guard items.count < limit else { return nil }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            items.append(Item(name: Self.decode(part[..<equals]), value: Self.decode(part[equals...].dropFirst())))
        }
        self.items = items
    }

    /// The values of all items of that name, in order.
    package func values(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }

    /// The value of the first item of that name.
    package func first(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    private static func decode(_ text: Substring.UTF8View) -> String {
        var output: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first?.hexValue, let low = rest.dropFirst().first?.hexValue {
                rest = rest.dropFirst(2)
                output.append(high << 4 | low)
            } else {
                output.append(byte == UInt8(ascii: "+") ? .space : byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
