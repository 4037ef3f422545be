import Foundation

/// Finds the directory of the widget's files.
enum WebRoot {
    private static let marker = "embed.js"

    /// As configured; else where an installed prefix has them, `<prefix>/share/samepage/public` beside `<prefix>/bin`;
    /// else `public` in a directory above the executable (a checkout) or in the working directory.
    static func find(configured: String?) -> String? {
        if let configured { return configured }
        return candidates.first { FileManager.default.fileExists(atPath: $0 + "/" + marker) }
    }

    private static var candidates: [String] {
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let directory = executable.deletingLastPathComponent()
        var candidates = [directory.deletingLastPathComponent().appendingPathComponent("share/samepage/public").path]
        // .build/<triple>/<configuration>/samepage: the checkout is four up.
        var parent = directory
        for _ in 0..<4 {
            parent = parent.deletingLastPathComponent()
            candidates.append(parent.appendingPathComponent("public").path)
        }
        candidates.append(FileManager.default.currentDirectoryPath + "/public")
        return candidates
    }
}
