import Foundation
import WebWire

/// The widget and its pages, read once at start and served from memory.
///
/// Looked up in a table by exact name, so no request can name anything outside of the directory. Symbolic links and
/// hidden files are not read.
struct StaticFiles: Sendable {
    /// Why the files cannot be served, in words for the operator.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private struct File: Sendable {
        let headers: HTTPHeaders
        let body: [UInt8]
        let compressed: [UInt8]?
        let tag: String

        init(path: [String], body: [UInt8], isImmutable: Bool) {
            let ending = path.last?.split(separator: ".").last.map(String.init) ?? ""
            let type = StaticFiles.types[ending] ?? "application/octet-stream"
            // Weak, for the compressed form has the same tag (RFC 9110 §8.8.1).
            tag = "W/\"\(Digest.hex(Digest.sha256(body)).prefix(20))\""
            var headers: HTTPHeaders = [
                "Content-Type": type,
                "Cache-Control": isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
                "ETag": tag,
                // Other sites load the widget; CORS decides who may read it.
                "Cross-Origin-Resource-Policy": "cross-origin",
                "Vary": "Accept-Encoding",
            ]
            if ending == "html" {
                headers.add("Content-Security-Policy", StaticFiles.contentSecurityPolicy)
                headers.add("Referrer-Policy", "strict-origin-when-cross-origin")
            }
            self.headers = headers
            self.body = body
            let isText = type.hasPrefix("text/") || type.contains("json") || type.contains("xml")
            compressed = isText ? Gzip.compress(body) : nil
        }
    }

    /// All files together, in bytes.
    private static let maximumSize = 16 * 1_024 * 1_024
    /// Where the widget's modules are.
    private static let moduleDirectory = "samepage"
    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "txt": "text/plain; charset=utf-8",
        "json": "application/json", "webmanifest": "application/manifest+json", "woff2": "font/woff2",
    ]
    /// Our pages show that the widget needs nothing that a strict policy forbids.
    private static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; \
        font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
        require-trusted-types-for 'script'; trusted-types 'none'
        """

    private var files: [[String]: File] = [:]
    /// `/samepage/<digest of the modules>/`: never changes its content, so browsers may keep it for a year.
    let assetPath: String

    init(directory: String) throws(Failure) {
        let root = URL(fileURLWithPath: directory).standardizedFileURL.resolvingSymlinksInPath()
        let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
        guard
            let enumerator = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
        else { throw Failure(description: "cannot read the widget's files in \(directory)") }
        var contents: [[String]: [UInt8]] = [:]
        var size = 0
        for case let url as URL in enumerator {
            let values = try? url.resourceValues(forKeys: Set(keys))
            guard values?.isRegularFile == true, values?.isSymbolicLink != true, let data = try? Data(contentsOf: url)
            else { continue }
            size += data.count
            guard size <= Self.maximumSize else {
                throw Failure(description: "the files in \(directory) are more than \(Self.maximumSize) bytes")
            }
            let path = Array(url.standardizedFileURL.pathComponents.dropFirst(root.pathComponents.count))
            let isScript = url.pathExtension == "js"
            contents[path] = isScript ? ScriptLines.served(Array(data)) : Array(data)
        }
        guard contents[["embed.js"]] != nil else {
            throw Failure(description: "\(directory) does not hold the widget: embed.js is missing")
        }
        let version = Self.version(of: contents)
        assetPath = "/\(Self.moduleDirectory)/\(version)/"
        for (path, body) in contents {
            files[path] = File(path: path, body: body, isImmutable: false)
            if path.first == Self.moduleDirectory {
                let versioned = [Self.moduleDirectory, version] + path.dropFirst()
                files[versioned] = File(path: versioned, body: body, isImmutable: true)
            }
        }
    }

    /// The first digits of a digest over all modules: another version whenever one of them changes.
    private static func version(of contents: [[String]: [UInt8]]) -> String {
        var digest: [UInt8] = []
        for (path, body) in contents.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) })
        where path.first == moduleDirectory {
            digest = Digest.sha256(digest + Array(path.joined(separator: "/").utf8) + [0] + body)
        }
        return String(Digest.hex(digest).prefix(12))
    }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard let file = file(at: request.path) else {
            return HTTPResponse(status: .notFound, text: "There is nothing at this address.")
        }
        guard !ETag.matches(request.headers, current: file.tag) else {
            return HTTPResponse(status: .notModified, headers: file.headers)
        }
        if let compressed = file.compressed, AcceptEncoding.allowsGzip(request.headers) {
            var headers = file.headers
            headers.add("Content-Encoding", "gzip")
            return HTTPResponse(status: .ok, headers: headers, body: compressed)
        }
        return HTTPResponse(status: .ok, headers: file.headers, body: file.body)
    }

    /// `/a` is `a`, `a.html` or `a/index.html`; `/a/` is `a/index.html`.
    private func file(at path: String) -> File? {
        guard var segments = PercentDecoding.decodePath(path), let last = segments.popLast() else { return nil }
        if last.isEmpty { return files[segments + ["index.html"]] }
        return files[segments + [last]] ?? files[segments + [last + ".html"]] ?? files[segments + [last, "index.html"]]
    }
}
