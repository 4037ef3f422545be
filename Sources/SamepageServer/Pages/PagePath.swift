/// The path of a page in the form that keys have it.
struct PagePath: Sendable {
    /// The canonical segments, none of them empty.
    private(set) var segments: [ArraySlice<UInt8>] = []
    /// Which rules changed something, for people to read.
    private(set) var steps: [PageAddress.Step] = []

    /// - Parameter written: The path without its first slash.
    init(_ written: [UInt8]) {
        let normal = PercentEncoding.normalized(written[...], allowed: PercentEncoding.isPathByte)
        if normal != written { steps.append(.init(.percentEncoding, "normalised the path's percent-encoding")) }
        resolveDots(normal)
        collapseSlashes()
        dropIndex()
    }

    /// `.` and `..` go, also when written `%2e`: those are already decoded. Before slashes are collapsed, as a browser
    /// does: in `a//../b` the `..` takes back the empty segment.
    private mutating func resolveDots(_ path: [UInt8]) {
        var dots = false
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if part.elementsEqual("..".utf8) {
                dots = true
                _ = segments.popLast()
                if isLast { segments.append([]) }
            } else if part.elementsEqual(".".utf8) {
                dots = true
                if isLast { segments.append([]) }
            } else {
                segments.append(part)
            }
        }
        if dots { steps.append(.init(.dotSegments, "resolved . and ..")) }
    }

    private mutating func collapseSlashes() {
        if segments.last?.isEmpty == true {
            segments.removeLast()
            if !segments.isEmpty { steps.append(.init(.trailingSlash, "dropped the trailing /")) }
        }
        let filled = segments.filter { !$0.isEmpty }
        if filled.count != segments.count { steps.append(.init(.slashes, "collapsed //")) }
        segments = filled
    }

    /// Repeated, so that the key of a key is itself.
    private mutating func dropIndex() {
        while let last = segments.last, Self.indexFiles.contains(where: { last.elementsEqual($0.utf8) }) {
            segments.removeLast()
            steps.append(.init(.indexFile, "dropped \(String(decoding: last, as: UTF8.self))"))
        }
    }

    private static let indexFiles = ["index.html", "index.htm", "index.php"]
}
