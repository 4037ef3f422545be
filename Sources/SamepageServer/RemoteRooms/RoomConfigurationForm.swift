import MUC
import XMPP

/// The owner's form of a room (XEP-0045 §10.1.3, §10.2, XEP-0004): what the service offers, and what we answer.
///
/// Every field comes back, those that we do not know with the value that they had: some services reset what a submitted
/// form leaves out. Fields that are not offered are not sent.
struct RoomConfigurationForm {
    private let fields: [Element]

    /// Reads the answer to the request for the form; nil when there is none in it.
    init?(_ result: Stanza) {
        guard let query = result.child("query", Namespace.mucOwner),
            let form = query.child("x", Namespace.dataForms), form["type"] == "form"
        else { return nil }
        fields = form.children.filter { $0.isNamed("field", Namespace.dataForms) && $0["var"] != nil }
    }

    func offers(_ name: String) -> Bool { field(name) != nil }

    /// Whether a boolean field is set. XEP-0004 §3.3: `1` or `true`; without a value it is not.
    func isSet(_ name: String) -> Bool {
        guard let value = field(name).flatMap({ Self.values(of: $0).first }) else { return false }
        return value == "1" || value == "true"
    }

    static let persistent = "muc#roomconfig_persistentroom"
    private static let owners = "muc#roomconfig_roomowners"

    /// Whether the form itself takes the owners.
    var takesOwners: Bool { offers(Self.owners) }

    /// The request that configures the room.
    ///
    /// - Parameters:
    ///   - plan: A page room is persistent, another is not.
    ///   - owners: Bare JIDs, put in where the form has a field for them.
    func answer(_ plan: RoomPlan, room: JID, owners: [JID], nameLength: Int) -> Element {
        var wanted = Self.wanted(plan, room: room, nameLength: nameLength)
        let listed = field(Self.owners).map(Self.values) ?? []
        wanted[Self.owners] = listed + owners.map(\.description).filter { !listed.contains($0) }
        let answers = fields.compactMap { field -> Element? in
            guard let name = field["var"], field["type"] != "fixed" else { return nil }
            var values = Self.values(of: field)
            if let ours = wanted[name], Self.admits(field, ours) { values = ours }
            return Self.field(name, values)
        }
        return Self.submission(answers)
    }

    /// Accepts the defaults of the service: an "instant room" (XEP-0045 §10.1.2).
    static let acceptance = submission([])

    private static func wanted(_ plan: RoomPlan, room: JID, nameLength: Int) -> [String: [String]] {
        var wanted = [
            "FORM_TYPE": [Namespace.mucRoomConfig],
            persistent: ["0"],
            "muc#roomconfig_publicroom": ["1"],
            "muc#roomconfig_membersonly": ["0"],
            "muc#roomconfig_moderatedroom": ["0"],
            "muc#roomconfig_passwordprotectedroom": ["0"],
            "muc#roomconfig_whois": ["moderators"],
            "muc#roomconfig_changesubject": ["0"],
            // What visitors miss while a link is down comes from the archive: Prosody's name for it, and ejabberd's.
            "muc#roomconfig_enablearchiving": ["1"],
            "mam": ["1"],
        ]
        var name = JIDEscaping.unescape(room.localpart ?? "")
        if case .page(let url, let title) = plan {
            name = title
            wanted[persistent] = ["1"]
            wanted["muc#roomconfig_roomdesc"] = [url]
        }
        wanted["muc#roomconfig_roomname"] = [name.prefix(bytes: nameLength)]
        return wanted
    }

    /// A list offers its options; everything else takes any value.
    private static func admits(_ field: Element, _ values: [String]) -> Bool {
        let options = field.children.filter { $0.isNamed("option", Namespace.dataForms) }.map(self.values)
        return options.isEmpty || values.allSatisfy { value in options.contains { $0.contains(value) } }
    }

    private static func values(of field: Element) -> [String] {
        field.children.filter { $0.isNamed("value", Namespace.dataForms) }.map(\.text)
    }

    private func field(_ name: String) -> Element? { fields.first { $0["var"] == name } }

    private static func field(_ name: String, _ values: [String]) -> Element {
        Element(
            "field", Namespace.dataForms, ["var": name],
            values.map { Element("value", Namespace.dataForms, text: $0) })
    }

    private static func submission(_ fields: [Element]) -> Element {
        Element(
            "query", Namespace.mucOwner, [Element("x", Namespace.dataForms, ["type": "submit"], fields)])
    }
}
