extension Setting {
    /// Every key there is, in the order of the reference.
    package static let all: [Setting] = general + archive + network + moderation + limits

    private static let general: [Setting] = [
        .text(
            "listen", \.listen, kind: .address,
            "Where to listen: an address and a port; without the address, on every address of the machine.",
            parse: SettingParsers.listen),
        .text(
            "domain", \.domain, "The XMPP domain of the visitors, which `<open to=…>` names.",
            parse: SettingParsers.domain),
        .text("data", \.data, "The directory that keeps everything; made if it is missing.", parse: SettingParsers.any),
        .text(
            "public-url", \.publicURL, "The server's address as browsers see it, `https://chat.example.org`.",
            defaultText: "as each request's `Host` says", show: { $0 }, parse: SettingParsers.publicURL),
        .text(
            "web-root", \.webRoot, "The directory of the widget's files.",
            defaultText: "looked for beside the program", show: { $0 }, parse: SettingParsers.anyOptional),
        .text(
            "rooms.service", \.rooms.service, "The domain of the rooms.", defaultText: "rooms.`domain`",
            parse: SettingParsers.domain),
        .choice(
            "rooms.creation", \.rooms.creation,
            "Who makes rooms: whoever joins an allowed page's room (`pages`) or any room (`anyone`), or only `admins`.",
            open: .anyone),
        .text(
            "rooms.icon", \.rooms.icon,
            "A file, PNG, JPEG, GIF or WebP of at most 64 KiB: the picture of rooms (XEP-0486) whose site has none of its own.",
            defaultText: "none", show: { $0 }, parse: SettingParsers.anyOptional),
        .integer(
            "rooms.history", \.rooms.history, 0...1_000, "Messages of each room kept in memory for those who join."),
        .count(
            "rooms.quiet-above", \.rooms.quietAbove, 1...1_000_000,
            "Sessions in a room past which the others are told of somebody new only when that one speaks or looks after the "
                + "room."),
        .duration(
            "visitors.token-lifetime", \.visitors.tokenLifetime, 60...366 * 86_400,
            "How long a visitor who does not come back stays the same visitor. Each visit begins it anew."),
        .list(
            "admins", \.admins, "JIDs of those who own every page's room.", parse: SettingParsers.admins),
        .list(
            "trusted-proxies", \.trustedProxies,
            "Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count: addresses, blocks such as `10.0.0.0/8`, "
                + "`loopback`, `private` or `unix`.",
            parse: SettingParsers.proxies),
        .text(
            "tls.certificate", \.tlsCertificate, "File with the certificate chain (PEM); needs `tls.key`.",
            defaultText: "none: plain HTTP", show: { $0 }, parse: SettingParsers.anyOptional),
        .text(
            "tls.key", \.tlsKey, "File with the certificate's private key (PEM).", defaultText: "none", show: { $0 },
            parse: SettingParsers.anyOptional),
        .text(
            "metrics.listen", \.metricsListen, kind: .address,
            "Where to serve `/metrics` for Prometheus: an address and a port of their own, which no visitor should reach.",
            defaultText: "nowhere", show: { $0.map { "\($0)" } },
            parse: { (text) throws(InvalidValue) in try SettingParsers.listen(text) }),
        .choice("log.level", \.logLevel, "The least severe messages that are logged."),
        .duration(
            "shutdown-timeout", \.shutdownTimeout, 0...60,
            "How long to flush what is queued before the process ends, after SIGTERM."),
        Setting(
            key: "sites", kind: .records, summary: "The sites whose pages have rooms; see below.",
            defaultText: "none: any page, from any origin", open: nil, read: { _ in nil }, write: { _, _ in }),
    ]

    private static let archive: [Setting] = [
        .choice(
            "archive.storage", \.archive.storage,
            "Where rooms and messages are kept: in a database in `data` (`disk`), or nowhere (`memory`): then all is gone "
                + "when the process ends, but bans and the log of moderators."),
        .choice(
            "archive.readers", \.archive.readers,
            "Who reads the archive of an open room (XEP-0313): who is inside (`occupants`), or whoever may enter "
                + "(`anyone`). Members always may, banned people never."),
        .duration(
            "archive.max-age", \.archive.maxAge, 0...3_155_760_000,
            "How long messages are kept; 0: for ever."),
        .integer(
            "archive.max-messages-per-room", \.archive.maxMessagesPerRoom, 0...1_000_000_000,
            "Messages kept of one room; the oldest go first. 0: all."),
        .integer(
            "archive.max-messages", \.archive.maxMessages, 0...1_000_000_000,
            "Messages kept of all rooms together; the oldest go first. 0: all."),
        .integer("archive.page-size", \.archive.pageSize, 1...1_000, "Messages in one answer of the archive."),
    ]

    private static let network: [Setting] = [
        Setting(
            key: "xmpp.components", kind: .records,
            summary: "Links to XMPP servers, as their components (XEP-0114); see below.", defaultText: "none",
            open: nil,
            read: { _ in nil }, write: { _, _ in }),
        .list(
            "contact.abuse", \.contact.abuse, "Whom to tell of abuse: URIs of `xmpp:`, `mailto:`, `http:` or `https:`.",
            parse: SettingParsers.contacts),
        .list(
            "contact.admin", \.contact.admin, "Who runs the service, as URIs.", parse: SettingParsers.contacts),
        .list(
            "contact.security", \.contact.security, "Whom to tell of security problems, as URIs.",
            parse: SettingParsers.contacts),
        .list("contact.support", \.contact.support, "Who helps, as URIs.", parse: SettingParsers.contacts),
    ]

    private static let limits: [Setting] = [
        .choice(
            "limits.profile", \.limits.profile,
            "`open` lifts every rate and count limit that is not set by itself, and sets `rooms.creation: anyone`: for "
                + "benchmarks and trusted networks."),
        .size("limits.stanza-size", \.limits.stanzaSize, 1_024...16_777_216, "The largest stanza."),
        .integer("limits.xml-depth", \.limits.xmlDepth, 8...1_000, "How deep elements of a stanza may be nested."),
        .integer("limits.xml-attributes", \.limits.xmlAttributes, 8...1_000, "Attributes of one element."),
        .integer("limits.xml-elements", \.limits.xmlElements, 16...100_000, "Elements of one stanza."),
        .integer(
            "limits.xml-namespaces", \.limits.xmlNamespaces, 16...10_000, "Namespaces declared at one place."),
        .size(
            "limits.xml-namespace-size", \.limits.xmlNamespaceSize, 4_096...16_777_216,
            "All namespace names of one stanza, as it is passed on."),
        .size("limits.http-head", \.limits.httpHead, 1_024...65_536, "The largest HTTP request line with header."),
        .size("limits.http-uri", \.limits.httpURI, 256...32_768, "The longest HTTP request target."),
        .duration("limits.head-timeout", \.limits.headTimeout, 1...600, "How long a request's head may take in all."),
        .duration("limits.body-timeout", \.limits.bodyTimeout, 1...600, "How long a request's body may take in all."),
        .duration(
            "limits.keep-alive-timeout", \.limits.keepAliveTimeout, 1...3_600,
            "How long an HTTP connection may wait for its next request."),
        .duration(
            "limits.authentication-timeout", \.limits.authenticationTimeout, 1...600,
            "How long an XMPP connection may take to authenticate and bind."),
        .integer(
            "limits.connections", \.limits.connections, 0...1_000_000,
            "Connections at once; past that, accepting pauses. 0: as many as the process may open files."),
        .count(
            "limits.sessions-per-address", \.limits.sessionsPerAddress, 1...1_000_000,
            "Sessions at once of one client address (IPv6: of one /64), and as many that wait to be resumed."),
        .count(
            "limits.new-sessions-per-address", \.limits.newSessionsPerAddress, 1...1_000_000,
            "New sessions of one client address in each window."),
        .duration("limits.new-sessions-window", \.limits.newSessionsWindow, 1...3_600, "The length of that window."),
        .integer(
            "limits.tracked-addresses", \.limits.trackedAddresses, 1_000...10_000_000,
            "Client addresses counted at once; past that, sessions of further addresses are refused."),
        .count(
            "limits.sessions-per-visitor", \.limits.sessionsPerVisitor, 1...1_000_000,
            "Sessions at once of one visitor: the tabs of a browser."),
        .integer(
            "limits.revocations", \.limits.revocations, 100...10_000_000,
            "Visitors whose tokens were revoked and would otherwise be valid. Past that, with each further one, no token "
                + "counts any more that is older than the oldest of these revocations."),
        .rate("limits.message-rate", \.limits.messageRate, "Messages of one visitor, in all sessions together."),
        .count("limits.message-burst", \.limits.messageBurst, 1...1_000_000, "Messages that may come at once."),
        .rate("limits.stanza-rate", \.limits.stanzaRate, "Stanzas of all kinds of one session."),
        .count("limits.stanza-burst", \.limits.stanzaBurst, 1...1_000_000, "Stanzas that may come at once."),
        .rate(
            "limits.byte-rate", \.limits.byteRate, "What is read from one connection; past that, reading pauses.",
            kind: .byteRate(1_024...1_073_741_824)),
        .size(
            "limits.byte-burst", \.limits.byteBurst, 4_096...1_073_741_824,
            "What may be read from one connection at once before `limits.byte-rate` counts."),
        .count(
            "limits.control-frames", \.limits.controlFrames, 1...1_000_000,
            "WebSocket control frames and empty fragments that may come before a message is complete."),
        .duration(
            "limits.nick-interval", \.limits.nickInterval, 0...3_600, "The time between two changes of a nick.",
            open: .zero),
        .integer("limits.nick-length", \.limits.nickLength, 1...1_023, "The longest nick, in bytes."),
        .count("limits.rooms-per-session", \.limits.roomsPerSession, 1...1_000_000, "Rooms that one session is in."),
        .count("limits.occupants-per-room", \.limits.occupantsPerRoom, 1...1_000_000, "Occupants of one room."),
        .count(
            "limits.readers-per-room", \.limits.readersPerRoom, 1...1_000_000,
            "Sessions that read one room without a nick."),
        .count(
            "limits.sessions-per-nick", \.limits.sessionsPerNick, 1...1_000_000,
            "Sessions of one visitor that share one nick, or that read one room without one."),
        .size("limits.subject-size", \.limits.subjectSize, 64...65_536, "The longest subject of a room."),
        .size("limits.presence-size", \.limits.presenceSize, 256...65_536, "The largest payload of a presence."),
        .count(
            "limits.affiliations-per-room", \.limits.affiliationsPerRoom, 1...1_000_000,
            "Owners, admins, members and banned people of one room."),
        .rate("limits.admin-rate", \.limits.adminRate, "Requests of one person to the API of moderators."),
        .count("limits.admin-burst", \.limits.adminBurst, 1...1_000_000, "Such requests that may come at once."),
        .count("limits.admin-items", \.limits.adminItems, 1...100_000, "Changes in one request of a moderator."),
        .count(
            "limits.invitations-per-room", \.limits.invitationsPerRoom, 1...1_000_000,
            "Invitations that one room passes on in an hour."),
        .count(
            "limits.invitations-per-person", \.limits.invitationsPerPerson, 1...1_000_000,
            "Invitations of one person that one room passes on in an hour."),
        .duration(
            "limits.voice-request-interval", \.limits.voiceRequestInterval, 0...86_400,
            "The time between two requests for voice by one person.", open: .zero),
        .count("limits.disco-items", \.limits.discoItems, 1...100_000, "Rooms in one answer to a search for rooms."),
        .count("limits.rooms", \.limits.rooms, 1...10_000_000, "Rooms at once."),
        .size(
            "limits.history-per-room", \.limits.historyPerRoom, 0...1_073_741_824,
            "What `rooms.history` of one room may take; the oldest go first."),
        .count(
            "limits.archive-queue", \.limits.archiveQueue, 1...10_000_000,
            "Messages that wait to be stored, in all; past that, messages bounce to their senders. Likewise stanzas for "
                + "rooms that are being read, and questions to the archive."),
        .size(
            "limits.archive-queue-size", \.limits.archiveQueueSize, 1_048_576...17_179_869_184,
            "What those messages, and those stanzas, may take."),
        .integer(
            "limits.held-output", \.limits.heldOutput, 100...10_000_000,
            "What one room may have to say behind messages that wait to be stored; past that, it takes nothing more."),
        .duration(
            "limits.archive-wait", \.limits.archiveWait, 1...600,
            "How long somebody who joins waits for the room to be read."),
        .count(
            "limits.archive-queries", \.limits.archiveQueries, 1...1_000_000,
            "Questions of one session to archives that are not yet answered."),
        .size(
            "limits.archive-page-size", \.limits.archivePageSize, 1_024...16_777_216,
            "What one answer of the archive may take."),
        .size(
            "limits.send-queue", \.limits.sendQueue, 65_536...1_073_741_824,
            "What may wait to be sent on one connection; past that, the connection is closed."),
        .duration(
            "limits.resume-window", \.limits.resumeWindow, 1...86_400,
            "How long a session whose connection was lost waits for its client to resume it."),
        .duration(
            "limits.resume-after-close", \.limits.resumeAfterClose, 0...86_400,
            "The same when the connection was closed in order, as when the page was left; at most the resume window."),
        .count(
            "limits.unacknowledged", \.limits.unacknowledged, 10...1_000_000,
            "Stanzas that wait for a client to resume, or to acknowledge them; past that, or past `limits.send-queue`, "
                + "its session ends."),
        .count(
            "limits.detached-sessions", \.limits.detachedSessions, 0...10_000_000,
            "Sessions that wait for their clients at once; past that, a session ends with its connection."),
        .duration("limits.bosh-wait", \.limits.boshWait, 1...600, "How long a BOSH request is held at most."),
        .integer("limits.bosh-hold", \.limits.boshHold, 0...5, "BOSH requests of one session that are held."),
        .duration(
            "limits.bosh-inactivity", \.limits.boshInactivity, 5...3_600,
            "The silence between its requests after which a BOSH session ends."),
        .duration("limits.bosh-max-pause", \.limits.boshMaxPause, 0...3_600, "The longest pause of a BOSH session."),
        .duration(
            "limits.bosh-polling", \.limits.boshPolling, 0...60,
            "The time between two empty requests of a BOSH client that polls."),
        .size(
            "limits.component-stanza-size", \.limits.componentStanzaSize, 16_384...16_777_216,
            "The largest stanza on a link to an XMPP server, in both directions; a larger one bounces to its sender."),
        .size(
            "limits.link-queue", \.limits.linkQueue, 65_536...1_073_741_824,
            "What may wait to be sent on one link; past that, stanzas bounce to their senders."),
        .integer(
            "limits.remote-senders", \.limits.remoteSenders, 100...10_000_000,
            "People of other servers whose rates are counted at once; past that, stanzas of further ones are refused."),
        .duration(
            "limits.ping-interval", \.limits.pingInterval, 1...3_600,
            "The silence after which a WebSocket client is pinged."),
        .duration(
            "limits.dead-after", \.limits.deadAfter, 2...7_200, "The silence after which its connection is dropped."),
    ]
}
