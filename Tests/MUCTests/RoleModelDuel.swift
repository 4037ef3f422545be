import SeededTesting
import XMPP

@testable import MUC

/// The room and the model of `RoleModelTests`, side by side.
final class RoleModelDuel {
    enum Operation {
        case join(String, String)
        case leave(String)
        case say(String)
        case setSubject(String)
        case giveRole(Role, String, by: String)
        case giveAffiliations([(person: String, affiliation: Affiliation)], by: String)
        case set(RoleModel.Flag, Bool, by: String)
        case register(String, String)
        case unregister(String)
        case invite(String, by: String)
        case listAffiliation(Affiliation, by: String)
        case listRole(Role, by: String)
    }

    private let stage: Stage
    private var model: RoleModel
    private var random: SeededGenerator
    private(set) var allowed = 0
    private(set) var refused = 0

    private static let people = ["prince", "romeo", "juliet", "nurse", "paris", "tybalt", "laurence"]
    private static let nicks = ["A", "B", "C", "D", "E", "F"]
    private static let fields: [RoleModel.Flag: String] = [
        .membersOnly: "muc#roomconfig_membersonly", .moderated: "muc#roomconfig_moderatedroom",
        .newcomersSpeak: "members_by_default", .subjectsForAll: "muc#roomconfig_changesubject",
        .registrationOpen: "{urn:samepage:room:0}register",
    ]

    /// The prince is an admin of the service; Romeo owns the room, which stays when it is empty.
    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        stage = Stage(admins: ["prince@verona.example"]) { limits in
            limits.nickInterval = 0
            limits.affiliationsPerRoom = 5
            limits.invitationsPerRoom = 0
            limits.invitationsPerPerson = 0
        }
        var configuration = RoomConfiguration(name: "Balcony")
        configuration.isPersistent = true
        try stage.service.restore(
            RoomState(
                localpart: "balcony", configuration: configuration,
                affiliations: [Stage.jid("romeo@verona.example"): AffiliationEntry(.owner)]))
        model = RoleModel(admins: ["prince"], maximumEntries: 5, lists: ["romeo": .owner])
    }

    private func any<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &random)] }

    func next() -> Operation {
        let person = any(Self.people)
        // Those with rights get more to do than they would by chance.
        let actor = any(["romeo", "prince", person, person, person])
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<24: return .join(person, any(Self.nicks))
        case 24..<30: return .leave(person)
        case 30..<34: return .say(person)
        case 34..<37: return .setSubject(person)
        case 37..<57:
            // Mostly somebody who is there. Sorted, so that a seed repeats a play.
            let there = model.present.keys.sorted()
            let nick = there.isEmpty || Int.random(in: 0..<4, using: &random) == 0 ? any(Self.nicks) : any(there)
            return .giveRole(any([.none, .visitor, .visitor, .participant, .moderator]), nick, by: actor)
        case 57..<70:
            return .giveAffiliations([(any(Self.people), any(Affiliation.allCases))], by: actor)
        case 70..<74:
            let changes = (0..<2).map { _ in (any(Self.people), any(Affiliation.allCases)) }
            return .giveAffiliations(changes, by: actor)
        case 74..<84:
            let flag = any(RoleModel.Flag.allCases)
            // A room for members is empty most of the time.
            let isOn = flag == .membersOnly ? Int.random(in: 0..<5, using: &random) == 0 : Bool.random(using: &random)
            return .set(flag, isOn, by: any(["romeo", "prince", actor]))
        case 84..<89: return .register(person, any(Self.nicks))
        case 89..<91: return .unregister(person)
        case 91..<95: return .invite(any(Self.people), by: person)
        case 95..<98: return .listAffiliation(any(Affiliation.allCases), by: actor)
        default: return .listRole(any(Role.allCases), by: actor)
        }
    }

    /// Has both do it; the first difference.
    func play(_ operation: Operation) -> String? {
        let before = stage.room()?.state
        let isAllowed = expect(operation)
        let wasAllowed = perform(operation)
        if wasAllowed { allowed += 1 } else { refused += 1 }
        guard isAllowed == wasAllowed else { return "allowed \(wasAllowed), by the model \(isAllowed)" }
        guard wasAllowed || stage.room()?.state == before else { return "refused, and changed something" }
        return difference()
    }

    private func expect(_ operation: Operation) -> Bool {
        switch operation {
        case .join(let person, let nick): model.join(person, nick)
        case .leave(let person): model.leave(person)
        case .say(let person): model.say(person)
        case .setSubject(let person): model.setSubject(person)
        case .giveRole(let role, let nick, let actor): model.giveRole(role, to: nick, by: actor)
        case .giveAffiliations(let changes, let actor): model.giveAffiliations(changes, by: actor)
        case .set(let flag, let isOn, let actor): model.set(flag, isOn, by: actor)
        case .register(let person, let nick): model.register(person, nick)
        case .unregister(let person): model.unregister(person)
        case .invite(let invitee, let person): model.invite(invitee, by: person)
        case .listAffiliation(let affiliation, let actor): model.list(affiliation, by: actor)
        case .listRole(let role, let actor): model.list(role, by: actor)
        }
    }

    private func actor(_ person: String) -> Actor { stage.actor("\(person)@verona.example/x") }

    private func item(_ attributes: KeyValuePairs<String, String?>) -> Element {
        Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, attributes)])
    }

    private func perform(_ operation: Operation) -> Bool {
        let actor: Actor
        switch operation {
        case .join(let person, let nick):
            actor = self.actor(person)
            actor.joins(nick)
        case .leave(let person):
            actor = self.actor(person)
            actor.leaves("anything")
        case .say(let person):
            actor = self.actor(person)
            actor.says("words")
        case .setSubject(let person):
            actor = self.actor(person)
            actor.setsSubject("moon")
        case .giveRole(let role, let nick, let person):
            actor = self.actor(person)
            actor.asks(item(["nick": nick, "role": role.rawValue]), type: "set")
        case .giveAffiliations(let changes, let person):
            actor = self.actor(person)
            let items = changes.map { change in
                Element(
                    "item", Namespace.mucAdmin,
                    ["jid": "\(change.person)@verona.example", "affiliation": change.affiliation.rawValue])
            }
            actor.asks(Element("query", Namespace.mucAdmin, items), type: "set")
        case .set(let flag, let isOn, let person):
            actor = self.actor(person)
            actor.configures([Self.fields[flag] ?? "": isOn ? "1" : "0"])
        case .register(let person, let nick):
            actor = self.actor(person)
            var form = DataForm(.submit, type: Namespace.mucRegister)
            form.fields = [DataForm.Field("muc#register_roomnick", [nick])]
            actor.asks(Element("query", Namespace.register, [form.element]), type: "set")
        case .unregister(let person):
            actor = self.actor(person)
            actor.asks(Element("query", Namespace.register, [Element("remove", Namespace.register)]), type: "set")
        case .invite(let invitee, let person):
            actor = self.actor(person)
            let invite = Element("invite", Namespace.mucUser, ["to": "\(invitee)@verona.example"])
            actor.tells(Element("x", Namespace.mucUser, [invite]))
        case .listAffiliation(let affiliation, let person):
            actor = self.actor(person)
            actor.asks(item(["affiliation": affiliation.rawValue]))
        case .listRole(let role, let person):
            actor = self.actor(person)
            actor.asks(item(["role": role.rawValue]))
        }
        let isRefused = actor.gets().contains(where: \.isError)
        for name in Self.people {
            _ = self.actor(name).gets()
            _ = stage.take(Stage.jid("\(name)@verona.example"))
        }
        return !isRefused
    }

    private func difference() -> String? {
        guard let room = stage.room() else { return "the room is gone" }
        func name(_ person: JID) -> String { person.localpart ?? "" }
        let entries = room.affiliations.map { (name($0.key), $0.value.affiliation) }
        let lists = Dictionary(entries) { $1 }
        guard lists == model.lists else { return "lists \(lists), by the model \(model.lists)" }
        let reserved = room.reservedNicks.mapValues(name)
        guard reserved == model.reserved else { return "nicks \(reserved), by the model \(model.reserved)" }
        let present = room.occupants.mapValues { occupant in
            RoleModel.Present(person: name(occupant.person), role: occupant.role, isMuted: occupant.isMuted)
        }
        guard present == model.present else { return "present \(present), by the model \(model.present)" }
        for occupant in room.occupants.values where occupant.affiliation != model.affiliation(name(occupant.person)) {
            return "\(occupant.nick) is \(occupant.affiliation)"
        }
        return nil
    }
}
