import Foundation

/// What can only be judged of the whole configuration, or by looking at the files that it names.
struct ConfigurationCheck {
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []
    private let source: (String) -> String?

    /// - Parameter source: Where a key was given.
    init(_ configuration: Configuration, source: @escaping (String) -> String?) {
        self.source = source
        checkDomains(configuration)
        checkComponents(configuration)
        checkFiles(configuration)
        checkLimits(configuration.limits)
        checkExposure(configuration)
    }

    private mutating func checkDomains(_ configuration: Configuration) {
        if configuration.rooms.service == configuration.domain {
            problem("rooms.service", "must differ from domain, \(configuration.domain)")
        }
    }

    private mutating func checkComponents(_ configuration: Configuration) {
        var seen: [String: Int] = [:]
        for (index, component) in configuration.components.enumerated() {
            let name = "xmpp.components[\(index)]"
            if let earlier = seen.updateValue(index, forKey: component.domain) {
                problem("\(name).domain", "\(component.domain) is that of xmpp.components[\(earlier)] already")
            }
            let (expected, key) =
                switch component.serves {
                case .rooms: (configuration.rooms.service, "rooms.service")
                case .visitors: (configuration.domain, "domain")
                }
            if component.domain != expected {
                problem(
                    "\(name).domain",
                    "must be the same as \(key), \(expected), since the component serves \(component.serves.rawValue)")
            }
            if let ca = component.ca, !isReadableFile(ca) { problem("\(name).ca", unreadable(ca)) }
            if component.ca != nil, !component.tls { warn("\(name).ca", "has no effect without tls: true") }
            let isLocal = component.host == "localhost" || IPAddress(component.host)?.isLoopback == true
            if !component.tls, !isLocal {
                warn(
                    "\(name).host", "the link to \(component.host) is not encrypted: fine in a network you trust alone")
            }
        }
    }

    private mutating func checkIcon(_ path: String?, _ key: String) {
        guard let path else { return }
        do throws(RoomIcons.Failure) {
            _ = try RoomIcons.read(path)
        } catch {
            problem(key, error.description)
        }
    }

    private mutating func checkFiles(_ configuration: Configuration) {
        switch (configuration.tlsCertificate, configuration.tlsKey) {
        case (nil, nil): break
        case (_?, nil): problem("tls.certificate", "needs tls.key too")
        case (nil, _?): problem("tls.key", "needs tls.certificate too")
        case (let certificate?, let key?):
            if !isReadableFile(certificate) { problem("tls.certificate", unreadable(certificate)) }
            if !isReadableFile(key) { problem("tls.key", unreadable(key)) }
        }
        checkIcon(configuration.rooms.icon, "rooms.icon")
        for (index, site) in configuration.sites.sites.enumerated() { checkIcon(site.icon, "sites[\(index)].icon") }
        if let root = configuration.webRoot, !isDirectory(root) {
            problem("web-root", "\(root.debugDescription) is no directory")
        }
        if FileManager.default.fileExists(atPath: configuration.data), !isDirectory(configuration.data) {
            problem("data", "\(configuration.data.debugDescription) is no directory")
        }
    }

    private mutating func checkLimits(_ limits: Limits) {
        if limits.deadAfter <= limits.pingInterval {
            let key = named("limits.dead-after", or: "limits.ping-interval")
            problem(key, "dead-after must be longer than ping-interval")
        }
        if limits.sendQueue < limits.stanzaSize {
            problem(named("limits.send-queue", or: "limits.stanza-size"), "send-queue must have room for stanza-size")
        }
        if limits.linkQueue < limits.componentStanzaSize {
            let key = named("limits.link-queue", or: "limits.component-stanza-size")
            problem(key, "link-queue must have room for component-stanza-size")
        }
        if limits.httpURI > limits.httpHead {
            problem(named("limits.http-uri", or: "limits.http-head"), "http-head must have room for http-uri")
        }
    }

    private mutating func checkExposure(_ configuration: Configuration) {
        guard !configuration.listen.isLoopback else { return }
        if configuration.sites.isEmpty {
            warn("sites", "none are named: pages of any site have rooms here")
        }
        if configuration.limits.profile == .open {
            let reach = "everybody who can reach \(configuration.listen)"
            warn("limits.profile", "open lifts the limits on rates and counts for \(reach)")
        }
    }

    /// The one of two keys that somebody gave.
    private func named(_ key: String, or other: String) -> String {
        source(key) == nil && source(other) != nil ? other : key
    }

    private mutating func problem(_ key: String, _ message: String) {
        problems.append(.init(source(key), key, message))
    }

    private mutating func warn(_ key: String, _ message: String) {
        warnings.append(.init(source(key), key, message))
    }

    private func unreadable(_ path: String) -> String { "cannot read \(path.debugDescription)" }

    private func isReadableFile(_ path: String) -> Bool {
        FileManager.default.isReadableFile(atPath: path) && !isDirectory(path)
    }

    private func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
