import Foundation
import Yams

/// The configuration file taken apart: what it gives for which key, and where.
struct ConfigurationFile {
    /// What stands at a place of the file.
    enum Content {
        case scalar(String)
        case list([(text: String, line: Int)])
        case records([Record])
        /// Something that no setting can be; says what.
        case other(String)
    }

    /// One entry of a list of records.
    struct Record {
        let line: Int
        let fields: [Entry]
    }

    /// A key with what it is given.
    struct Entry {
        let key: String
        let line: Int
        let content: Content
    }

    private(set) var entries: [Entry] = []
    private(set) var problems: [ConfigurationProblem] = []
    /// The file's name as it was given.
    let name: String

    /// Reads a file. What cannot be read or parsed is a problem, never an error.
    init(path: String) {
        name = path
        guard let data = FileManager.default.contents(atPath: path) else {
            problems.append(.init(path, nil, "cannot be read: no such file, or no permission"))
            return
        }
        guard data.count <= Self.maximumSize, let text = String(data: data, encoding: .utf8) else {
            problems.append(.init(path, nil, "must be UTF-8 text of at most \(Self.maximumSize / 1_024) KiB"))
            return
        }
        parse(text)
    }

    /// Takes the text of a file.
    init(name: String, text: String) {
        self.name = name
        parse(text)
    }

    /// The place of a line, as problems name it.
    func source(_ line: Int) -> String { "\(name):\(line)" }

    /// Largest file, in bytes.
    private static let maximumSize = 1_024 * 1_024
    /// Deepest nesting: no key has as many levels.
    private static let maximumDepth = 8

    private mutating func parse(_ text: String) {
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            if case .scalar(let scalar) = root, scalar.string.isEmpty { return }
            guard case .mapping(let mapping) = root else {
                problems.append(.init(source(Self.line(root)), nil, "must be a list of `key: value` lines"))
                return
            }
            flatten(mapping, prefix: "", depth: 0)
        } catch let error as YamlError {
            problems.append(contentsOf: problems(of: error))
        } catch {
            problems.append(.init(name, nil, "is no YAML: \(error)"))
        }
    }

    private mutating func flatten(_ mapping: Node.Mapping, prefix: String, depth: Int) {
        for (keyNode, value) in mapping {
            let line = Self.line(keyNode)
            guard let name = keyNode.scalar?.string, depth < Self.maximumDepth else {
                problems.append(.init(source(line), prefix.isEmpty ? nil : prefix, "must have plain names as keys"))
                continue
            }
            let key = prefix.isEmpty ? name : "\(prefix).\(name)"
            if Setting.named(key) == nil, Setting.isGroup(key) {
                if case .mapping(let group) = value {
                    flatten(group, prefix: key, depth: depth + 1)
                } else if !Self.isNull(value) {
                    let message = "must be a group of keys, such as \(Setting.example(of: key))"
                    problems.append(.init(source(line), key, message))
                }
            } else if let earlier = entries.first(where: { $0.key == key }) {
                problems.append(.init(source(line), key, "is given twice, also in line \(earlier.line)"))
            } else {
                entries.append(Entry(key: key, line: line, content: Self.content(value)))
            }
        }
    }

    private static func content(_ node: Node) -> Content {
        switch node {
        case .scalar(let scalar):
            return isNull(node) ? .other("is empty: give a value or remove the line") : .scalar(scalar.string)
        case .sequence(let sequence):
            let scalars = sequence.compactMap { item -> (text: String, line: Int)? in
                guard let text = item.scalar?.string, !isNull(item) else { return nil }
                return (text, line(item))
            }
            if scalars.count == sequence.count { return .list(scalars) }
            let records = sequence.compactMap { item in item.mapping.map { record($0, line: line(item)) } }
            return records.count == sequence.count ? .records(records) : .other("mixes values, records or empty items")
        case .mapping: return .other("must be a value, not a group of keys")
        case .alias: return .other("must be a value, not an alias")
        }
    }

    private static func record(_ mapping: Node.Mapping, line: Int) -> Record {
        Record(
            line: line,
            fields: mapping.map { key, value in
                Entry(key: key.scalar?.string ?? "", line: Self.line(key), content: content(value))
            })
    }

    private static func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null"
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

    private func problems(of error: YamlError) -> [ConfigurationProblem] {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let about = context.map { " (\($0.text) that begins in line \($0.mark.line))" } ?? ""
            return [.init("\(name):\(mark.line):\(mark.column)", nil, "is no YAML: \(problem)\(about)")]
        case .duplicatedKeysInMapping(let duplicates, let context):
            let line = context.mark.line
            return duplicates.map { .init(source(line), $0, "is given more than once in this group") }
        case .reader(let problem, _, _, _): return [.init(name, nil, "is no YAML: \(problem)")]
        default: return [.init(name, nil, "is no YAML: \(error)")]
        }
    }
}
