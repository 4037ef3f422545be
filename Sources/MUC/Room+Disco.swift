import XMPP

/// Service discovery of a room (XEP-0045 §6.4, §6.5).
extension Room {
    func discoInfo(node: String?, session: JID) throws(StanzaError) -> Element {
        switch node {
        case nil: break
        case Namespace.roomUserItem: return userItem(session)
        default: throw .itemNotFound()
        }
        var query = Element("query", Namespace.discoInfo)
        query.append(Self.identity(configuration.name))
        for feature in features { query.append(Element("feature", Namespace.discoInfo, ["var": feature])) }
        query.append(roomInfo)
        return query
    }

    /// Who is here, for those who are here too.
    func discoItems(node: String?, session: JID) throws(StanzaError) -> Element {
        guard node == nil else { throw .itemNotFound() }
        guard isInside(session) else { return Element("query", Namespace.discoItems) }
        let count = limits.discoItems > 0 ? limits.discoItems : .max
        let items = occupants.values.lazy.filter { $0.isShown || $0.person == session.bare }.prefix(count).map {
            occupant in
            Element("item", Namespace.discoItems, ["jid": occupant.address.description, "name": occupant.nick])
        }
        return Element("query", Namespace.discoItems, Array(items))
    }

    /// §7.12: the nick that is reserved for who asks, else the one that it has here; no identity for a stranger.
    private func userItem(_ session: JID) -> Element {
        var query = Element("query", Namespace.discoInfo, ["node": Namespace.roomUserItem])
        if let nick = affiliations[session.bare]?.nick ?? occupant(of: session)?.nick {
            query.append(Self.identity(nick))
        }
        return query
    }

    private static func identity(_ name: String) -> Element {
        Element("identity", Namespace.discoInfo, ["category": "conference", "type": "text", "name": name])
    }

    /// What the room can do, and how it is configured (§15.3).
    private var features: [String] {
        let archive = context.settings.isArchived ? [Namespace.mam, Namespace.mam + "#extended"] : []
        return archive + [
            Namespace.discoInfo, Namespace.discoItems, Namespace.muc, Namespace.mucStableID, Namespace.mucSelfPing,
            Namespace.occupantID, Namespace.stanzaIDs, Namespace.ping, Namespace.commands,
            Namespace.moderationCommands, Namespace.hats, Namespace.vCard,
            Namespace.lurk, Namespace.register, Namespace.mucRegister, Namespace.mucRequest, Namespace.mucRoomConfig,
            Namespace.mucRoomInfo, Namespace.moderation, Namespace.legacyModeration, Namespace.retraction,
            "\(Namespace.retraction)#tombstone",
            configuration.isPublic ? "muc_public" : "muc_hidden",
            configuration.isPersistent ? "muc_persistent" : "muc_temporary",
            configuration.isMembersOnly ? "muc_membersonly" : "muc_open",
            configuration.isModerated ? "muc_moderated" : "muc_unmoderated",
            configuration.whois == .anyone ? "muc_nonanonymous" : "muc_semianonymous",
            configuration.password.isEmpty ? "muc_unsecured" : "muc_passwordprotected",
        ]
    }

    /// §15.5.4, and the page of the room.
    private var roomInfo: Element {
        var form = Element("x", Namespace.dataForms, ["type": "result"])
        form.append(Self.field("FORM_TYPE", "hidden", Namespace.mucRoomInfo))
        form.append(Self.field("muc#roominfo_description", "text-single", configuration.description))
        form.append(Self.field("muc#roominfo_occupants", "text-single", String(occupants.count)))
        form.append(Self.field(Namespace.readersField, "text-single", String(readers.count)))
        if let text = subject?.child("subject", Namespace.client)?.text {
            form.append(Self.field("muc#roominfo_subject", "text-single", text))
        }
        form.append(Self.field("muc#roominfo_subjectmod", "boolean", configuration.participantsSetSubject ? "1" : "0"))
        form.append(
            Self.field("muc#maxhistoryfetch", "text-single", String(configuration.historyLength ?? limits.history)))
        if !configuration.language.isEmpty {
            form.append(Self.field("muc#roominfo_lang", "text-single", configuration.language))
        }
        if let avatar { form.append(Self.field("muc#roominfo_avatarhash", "text-multi", avatar.hash)) }
        if let url = configuration.pageURL { form.append(Self.field(Namespace.pageURLField, "text-single", url)) }
        return form
    }

    private static func field(_ name: String, _ type: String, _ value: String) -> Element {
        let value = Element("value", Namespace.dataForms, text: value)
        return Element("field", Namespace.dataForms, ["var": name, "type": type], [value])
    }
}
