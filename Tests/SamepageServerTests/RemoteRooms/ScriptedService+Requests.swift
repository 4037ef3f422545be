import XMPP

@testable import SamepageServer

/// Disco, the owner's form, affiliations and the archive.
extension ScriptedService {
    func request(_ stanza: Stanza, from: JID, room localpart: String) {
        guard let payload = stanza.payload.first else { return }
        guard let room = rooms[localpart], !(room.isLocked && payload.namespace == Namespace.discoInfo) else {
            return say(stanza.error(.itemNotFound(flavor == .ejabberd ? "Conference room does not exist" : nil)))
        }
        switch (stanza.type, payload.namespace) {
        case (_, Namespace.discoInfo): say(stanza.result(info(room)))
        case (_, Namespace.mam): query(stanza, payload, localpart, room)
        case (_, Namespace.mucOwner) where room.affiliations[from.bare] != "owner",
            (_, Namespace.mucAdmin) where room.affiliations[from.bare] != "owner":
            say(stanza.error(StanzaError(.forbidden)))
        case ("get", Namespace.mucOwner):
            say(stanza.result(Element("query", Namespace.mucOwner, [form(room)])))
        case (_, Namespace.mucOwner): configure(stanza, payload, localpart, room)
        case (_, Namespace.mucAdmin):
            let item = payload.children.first
            if let jid = item?["jid"].flatMap(JID.init) { room.affiliations[jid] = item?["affiliation"] }
            say(stanza.result())
        default: say(stanza.error(.serviceUnavailable()))
        }
    }

    private func info(_ room: Room) -> Element {
        var features = [Namespace.muc, room.isPersistent ? "muc_persistent" : "muc_temporary"]
        if hasArchive { features.append(Namespace.mam) }
        let identity = Element(
            "identity", Namespace.discoInfo, ["category": "conference", "type": "text", "name": room.name])
        return Element(
            "query", Namespace.discoInfo,
            [identity] + features.map { Element("feature", Namespace.discoInfo, ["var": $0]) })
    }

    // MARK: Configuration

    private func form(_ room: Room) -> Element {
        var fields = [
            Self.field("FORM_TYPE", [Namespace.mucRoomConfig], type: "hidden"),
            Self.field("muc#roomconfig_roomname", [room.name]),
            Self.field("muc#roomconfig_roomdesc", [room.description]),
            Self.field("muc#roomconfig_publicroom", flavor == .prosody ? ["0"] : ["1"], type: "boolean"),
            Self.field("muc#roomconfig_membersonly", [], type: "boolean"),
            Self.field("muc#roomconfig_moderatedroom", flavor == .ejabberd ? ["1"] : [], type: "boolean"),
            Self.whois,
        ]
        if offersPersistence {
            fields.append(Self.field(RoomConfigurationForm.persistent, room.isPersistent ? ["1"] : []))
        }
        switch flavor {
        case .prosody:
            fields.insert(
                Element(
                    "field", Namespace.dataForms, ["type": "fixed"],
                    [Element("value", Namespace.dataForms, text: "Room information")]), at: 1)
            fields.append(Self.field("muc#roomconfig_historylength", ["20"]))
            fields.append(Self.field("muc#roomconfig_enablearchiving", ["0"], type: "boolean"))
        case .ejabberd:
            fields.append(Self.field("public_list", ["1"], type: "boolean"))
            fields.append(Self.field("mam", ["0"], type: "boolean"))
        }
        return Element("x", Namespace.dataForms, ["type": "form"], fields)
    }

    static func field(_ name: String, _ values: [String], type: String? = nil) -> Element {
        Element(
            "field", Namespace.dataForms, ["var": name, "type": type],
            values.map { Element("value", Namespace.dataForms, text: $0) })
    }

    private static var whois: Element {
        var field = field("muc#roomconfig_whois", ["anyone"], type: "list-single")
        for option in ["moderators", "anyone"] {
            field.append(
                Element(
                    "option", Namespace.dataForms, [Element("value", Namespace.dataForms, text: option)]))
        }
        return field
    }

    private func configure(_ stanza: Stanza, _ query: Element, _ localpart: String, _ room: Room) {
        if query.child("destroy", Namespace.mucOwner) != nil {
            destroy(localpart)
            return say(stanza.result())
        }
        let fields = query.child("x", Namespace.dataForms)?.children ?? []
        guard fields.isEmpty || !refusesConfiguration else { return say(stanza.error(.notAcceptable())) }
        for field in fields {
            let value = field.children.first?.text ?? ""
            switch field["var"] {
            case "muc#roomconfig_roomname": room.name = value
            case "muc#roomconfig_roomdesc": room.description = value
            case RoomConfigurationForm.persistent: room.isPersistent = value == "1"
            default: break
            }
        }
        room.isLocked = false
        say(stanza.result())
    }

    func destroy(_ localpart: String) {
        guard let room = rooms.removeValue(forKey: localpart) else { return }
        for occupant in room.occupants {
            var children = [Element("destroy", Namespace.mucUser), Self.item("none", "none")]
            if flavor == .prosody { children.append(Element("status", Namespace.mucUser, ["code": "110"])) }
            say(
                Stanza(
                    .presence, type: "unavailable", from: address(localpart, occupant.nick), to: occupant.session,
                    [Element("x", Namespace.mucUser, children)]))
        }
    }

    // MARK: XEP-0313

    private func query(_ stanza: Stanza, _ query: Element, _ localpart: String, _ room: Room) {
        guard hasArchive else { return say(stanza.error(.serviceUnavailable())) }
        let page = query.child("set", Namespace.resultSets)
        let maximum = page?.child("max", Namespace.resultSets).flatMap { Int($0.text) } ?? 50
        var entries = room.archive[...]
        if let after = page?.child("after", Namespace.resultSets)?.text {
            if let index = entries.firstIndex(where: { $0.id == after }) {
                entries = entries[(index + 1)...]
            } else if flavor == .prosody {
                return say(stanza.error(.itemNotFound()))
            }
        }
        let start = query.child("x", Namespace.dataForms)?.children.first { $0["var"] == "start" }?.children.first?.text
        if let start = start.flatMap(DateTime.milliseconds) { entries = entries.filter { $0.time >= start }[...] }
        let isNewest = page?.child("before", Namespace.resultSets) != nil
        let shown = isNewest ? entries.suffix(maximum) : entries.prefix(maximum)
        for entry in shown { say(result(entry, query["queryid"], localpart, to: stanza.from)) }
        var set = Element("set", Namespace.resultSets)
        if let last = shown.last?.id { set.append(Element("last", Namespace.resultSets, text: last)) }
        let isComplete = shown.count == entries.count
        say(
            stanza.result(
                Element(
                    "fin", Namespace.mam, ["complete": isComplete ? "true" : flavor == .ejabberd ? "false" : nil],
                    [set])))
    }

    private func result(
        _ entry: (id: String, message: Stanza, time: Int64), _ queryID: String?, _ localpart: String, to session: JID?
    ) -> Stanza {
        var message = entry.message
        message.to = nil
        if flavor == .ejabberd {
            message.payload.append(stanzaID(entry.id, localpart))
            let item = Element("item", Namespace.mucUser, ["jid": "a@b"])
            message.payload.append(Element("x", Namespace.mucUser, [item]))
        }
        let delay = Element("delay", Namespace.delay, ["stamp": DateTime.string(milliseconds: entry.time)])
        let forwarded = Element("forwarded", Namespace.forward, [delay, message.element])
        return Stanza(
            .message, from: address(localpart), to: session,
            [Element("result", Namespace.mam, ["id": entry.id, "queryid": queryID], [forwarded])])
    }
}
