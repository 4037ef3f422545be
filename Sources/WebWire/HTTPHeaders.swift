/// The fields of a head, in order. Names are compared without case (RFC 9110 §5.1).
///
/// A field that could split a message (CR, LF, NUL or another control character in the value, a name that is no token)
/// cannot be added: what this list holds is always safe to write.
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One field line.
    package struct Field: Sendable, Equatable {
        /// The name as it was sent.
        package let name: String
        /// The value without the whitespace around it. Bytes that are no UTF-8 read as U+FFFD.
        package let value: String
    }

    /// The fields in the order in which they came or were added.
    package private(set) var fields: [Field] = []

    /// An empty list.
    package init() {}

    /// A list from literals; fields that `add` refuses are left out.
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements {
            add(name, value)
        }
    }

    /// Whether there are no fields.
    package var isEmpty: Bool { fields.isEmpty }

    /// Appends a field. Refused, with `false` and without a change, when name or value could not be written safely.
    @discardableResult
    package mutating func add(_ name: String, _ value: String) -> Bool {
        guard Self.isName(name), Self.isValue(value) else { return false }
        fields.append(Field(name: name, value: value))
        return true
    }

    /// Replaces every field of that name by one. Refused as `add` refuses.
    @discardableResult
    package mutating func set(_ name: String, _ value: String) -> Bool {
        guard Self.isName(name), Self.isValue(value) else { return false }
        remove(name)
        fields.append(Field(name: name, value: value))
        return true
    }

    /// Removes every field of that name.
    package mutating func remove(_ name: String) {
        fields.removeAll { ASCII.equalIgnoringCase($0.name, name) }
    }

    /// The value of the first field of that name.
    package func first(_ name: String) -> String? {
        for field in fields where ASCII.equalIgnoringCase(field.name, name) {
            return field.value
        }
        return nil
    }

    /// Whether a field of that name is there.
    package func contains(_ name: String) -> Bool { first(name) != nil }

    /// The values of all fields of that name, in order.
    package func values(_ name: String) -> [String] {
        var values: [String] = []
        for field in fields where ASCII.equalIgnoringCase(field.name, name) {
            values.append(field.value)
        }
        return values
    }

    /// The members of a comma-separated list that may be spread over several fields (RFC 9110 §5.6.1), as sent,
    /// without empty ones. Not for fields whose values hold quoted strings.
    package func tokens(_ name: String) -> [String] {
        values(name).flatMap { ASCII.split($0, at: UInt8(ascii: ",")) }.filter { !$0.isEmpty }
    }

    /// Whether the comma-separated list of that name has this member, without case.
    package func hasToken(_ name: String, _ token: String) -> Bool {
        tokens(name).contains { ASCII.equalIgnoringCase($0, token) }
    }

    /// Whether this can be a field name: a token.
    package static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(\.isTokenCharacter)
    }

    /// Whether this can be a field value: no control characters but the tab, no blanks at the ends.
    package static func isValue(_ value: String) -> Bool {
        let bytes = value.utf8
        guard let first = bytes.first, let last = bytes.last else { return true }
        return !first.isBlank && !last.isBlank && bytes.allSatisfy(\.isFieldValueCharacter)
    }

    /// Appends a field that the decoder has checked already.
    mutating func appendParsed(name: String, value: String) {
        fields.append(Field(name: name, value: value))
    }
}
