@testable import MUC

/// Who may do what in a room, and what comes of it, once more: as tables after XEP-0045 §5, for one room and people with
/// one session each. `RoleModelTests` compares the room with it, step by step.
struct RoleModel: Equatable {
    struct Present: Equatable {
        let person: String
        var role: Role
        /// A moderator took its voice.
        var isMuted = false
    }

    enum Flag: CaseIterable {
        case membersOnly, moderated, newcomersSpeak, subjectsForAll, registrationOpen
    }

    /// People whom the service itself made owners.
    let admins: Set<String>
    let maximumEntries: Int
    var lists: [String: Affiliation]
    /// Person by nick.
    var reserved: [String: String] = [:]
    /// By nick.
    var present: [String: Present] = [:]
    var flags: Set<Flag> = []

    // MARK: The tables

    /// What an actor of one affiliation may make of somebody of another (§5.2.2).
    private static let affiliations: [Affiliation: [Affiliation: Set<Affiliation>]] = [
        .owner: [
            .outcast: [.outcast, .none, .member, .admin, .owner], .none: [.outcast, .none, .member, .admin, .owner],
            .member: [.outcast, .none, .member, .admin, .owner], .admin: [.outcast, .none, .member, .admin, .owner],
            .owner: [.none, .member, .admin, .owner],
        ],
        .admin: [
            .outcast: [.outcast, .none, .member], .none: [.outcast, .none, .member],
            .member: [.outcast, .none, .member],
        ],
    ]

    /// Which roles a moderator of some affiliation may give (§5.1.3): to whom, by affiliation and role.
    private static func roles(_ actor: Affiliation, _ target: Affiliation, _ role: Role) -> Set<Role> {
        switch (actor, target) {
        case (.owner, .owner), (.admin, .owner), (.admin, .admin): []
        case (.owner, .admin): [.none, .moderator]
        case (.owner, _), (.admin, _): [.none, .visitor, .participant, .moderator]
        default:
            switch target {
            case .owner, .admin: []
            case .member, .none, .outcast: role == .moderator ? [] : [.none, .visitor, .participant]
            }
        }
    }

    /// §5.1.2, Table 2.
    private func entryRole(_ affiliation: Affiliation) -> Role {
        switch affiliation {
        case .owner, .admin: .moderator
        case .member: .participant
        case .none: flags.contains(.moderated) && !flags.contains(.newcomersSpeak) ? .visitor : .participant
        case .outcast: .none
        }
    }

    // MARK: Looking

    func affiliation(_ person: String) -> Affiliation { admins.contains(person) ? .owner : lists[person] ?? .none }

    private func nick(_ person: String) -> String? { present.first { $0.value.person == person }?.key }

    /// Of somebody who acts: admins and owners moderate from outside, too.
    private func role(_ person: String) -> Role {
        if let nick = nick(person), let here = present[nick] { return here.role }
        return [.admin, .owner].contains(affiliation(person)) ? .moderator : .none
    }

    private func mayUse(_ nick: String, _ person: String) -> Bool {
        reserved[nick, default: person] == person && present[nick]?.person ?? person == person
    }

    // MARK: Doing: whether it is allowed, and then what it changes

    mutating func join(_ person: String, _ nick: String) -> Bool {
        let affiliation = affiliation(person)
        if let old = self.nick(person) {
            guard old != nick else { return true }
            guard mayUse(nick, person), present[nick] == nil else { return false }
            present[nick] = present.removeValue(forKey: old)
            return true
        }
        guard affiliation != .outcast, mayUse(nick, person) else { return false }
        guard !flags.contains(.membersOnly) || [.member, .admin, .owner].contains(affiliation) else { return false }
        present[nick] = Present(person: person, role: entryRole(affiliation))
        return true
    }

    mutating func leave(_ person: String) -> Bool {
        if let nick = nick(person) { present[nick] = nil }
        return true
    }

    func say(_ person: String) -> Bool { nick(person) != nil && [.participant, .moderator].contains(role(person)) }

    func setSubject(_ person: String) -> Bool {
        guard nick(person) != nil else { return false }
        let role = role(person)
        return role == .moderator || (role == .participant && flags.contains(.subjectsForAll))
    }

    mutating func giveRole(_ role: Role, to nick: String, by actor: String) -> Bool {
        guard self.role(actor) == .moderator, let target = present[nick] else { return false }
        let allowed = Self.roles(affiliation(actor), affiliation(target.person), target.role)
        guard allowed.contains(role) else { return false }
        present[nick] = role == .none ? nil : Present(person: target.person, role: role, isMuted: role == .visitor)
        return true
    }

    /// All or nothing.
    mutating func giveAffiliations(_ changes: [(person: String, affiliation: Affiliation)], by actor: String) -> Bool {
        var after = lists
        for (person, new) in changes {
            let allowed = Self.affiliations[affiliation(actor)]?[affiliation(person)] ?? []
            guard allowed.contains(new), !admins.contains(person) else { return false }
            after[person] = new == .none ? nil : new
        }
        guard Set(changes.map(\.person)).count == changes.count else { return false }
        guard after.count <= max(maximumEntries, lists.count) else { return false }
        guard !lists.values.contains(.owner) || after.values.contains(.owner) else { return false }
        for (person, new) in changes { become(new, person) }
        return true
    }

    private mutating func become(_ new: Affiliation, _ person: String) {
        let old = affiliation(person)
        lists[person] = new == .none ? nil : new
        if [.none, .outcast].contains(new) { reserved = reserved.filter { $0.value != person } }
        let effective = affiliation(person)
        guard effective != old, let nick = nick(person), let here = present[nick] else { return }
        let isOut = effective == .outcast || (flags.contains(.membersOnly) && effective == .none)
        guard !isOut else {
            present[nick] = nil
            return
        }
        let entry = entryRole(effective)
        if [.admin, .owner].contains(old) || entry > here.role {
            present[nick] = Present(person: person, role: entry)
        }
    }

    mutating func set(_ flag: Flag, _ isOn: Bool, by actor: String) -> Bool {
        guard affiliation(actor) == .owner else { return false }
        let wasSilent = entryRole(.none) == .visitor
        let wasOpen = !flags.contains(.membersOnly)
        if isOn { flags.insert(flag) } else { flags.remove(flag) }
        if wasOpen, flags.contains(.membersOnly) {
            present = present.filter { affiliation($0.value.person) != .none }
        }
        if wasSilent, entryRole(.none) == .participant {
            for (nick, here) in present where here.role == .visitor && !here.isMuted {
                present[nick]?.role = .participant
            }
        }
        return true
    }

    mutating func register(_ person: String, _ nick: String) -> Bool {
        let affiliation = affiliation(person)
        guard affiliation != .outcast, affiliation != .none || flags.contains(.registrationOpen) else { return false }
        guard mayUse(nick, person), lists[person] != nil || lists.count < maximumEntries else { return false }
        if lists[person] == nil { become(.member, person) }
        reserved = reserved.filter { $0.value != person }
        reserved[nick] = person
        return true
    }

    mutating func unregister(_ person: String) -> Bool {
        let affiliation = affiliation(person)
        guard affiliation != .outcast, affiliation != .none || flags.contains(.registrationOpen) else { return false }
        guard reserved.values.contains(person) else { return false }
        reserved = reserved.filter { $0.value != person }
        return true
    }

    /// Where the room is for members only admins and owners invite, and the invited become members.
    mutating func invite(_ invitee: String, by person: String) -> Bool {
        guard say(person), affiliation(invitee) != .outcast else { return false }
        guard flags.contains(.membersOnly) else { return true }
        guard [.admin, .owner].contains(affiliation(person)) else { return false }
        guard affiliation(invitee) == .none else { return true }
        guard lists.count < maximumEntries else { return false }
        become(.member, invitee)
        return true
    }

    func list(_ affiliation: Affiliation, by actor: String) -> Bool {
        affiliation != .none && [.admin, .owner].contains(self.affiliation(actor))
    }

    func list(_ role: Role, by actor: String) -> Bool { self.role(actor) == .moderator }
}
