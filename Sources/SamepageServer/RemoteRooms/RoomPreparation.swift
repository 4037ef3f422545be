import XMPP

/// How the keeper sees to one room before any visitor enters it, one question after the other:
///
/// 1. look (`disco#info`): a room that is there and persistent is used as it is, whoever owns it: what its owners have
///    changed stays;
/// 2. enter; somebody else's room is left at once;
/// 3. get the owner's form and submit it;
/// 4. make the admins owners, where the form has not;
/// 5. leave, unless the room would go with the keeper.
///
/// A pure state machine: answers and the time go in, stanzas and the verdict come out.
struct RoomPreparation: Sendable {
    /// What is known about a room that visitors may enter.
    struct Room: Hashable, Sendable {
        var name: String?
        /// Whether it stays when the last one leaves.
        var isLasting = false
        /// Whether missed messages can be fetched (XEP-0313).
        var hasArchive = false
        /// The keeper has made it just now.
        var isMade = false
        /// The keeper's nick, where it stays inside.
        var keeperNick: String?
        /// What the operator should know.
        var warnings: [String] = []
    }

    enum Verdict: Hashable, Sendable {
        case ready(Room)
        /// There is no such room, and nobody here may make it.
        case missing
        /// The service does not let the keeper make rooms.
        case denied(StanzaError)
        /// The service did not answer, or not well; it may do so in a moment.
        case failed(StanzaError)
    }

    enum Progress: Hashable, Sendable {
        /// The stanza has nothing to do with this.
        case unconcerned
        case going([Stanza])
        case finished(Verdict, [Stanza])
    }

    private enum Step: Hashable, Sendable {
        case looking
        case entering(attempt: Int)
        case readingForm
        case submitting(isInstant: Bool)
        case granting(rest: [JID])
    }

    /// Nicks that are tried when the keeper's own is taken.
    private static let nickAttempts = 3

    let room: JID
    let plan: RoomPlan
    /// The keeper stays, though the room should last: it was gone before.
    let mustStay: Bool
    private let settings: RemoteMUCSettings
    private let serial: UInt64
    private var questions = 0
    private var step = Step.looking
    private var exists = false
    private var isNew = false
    private var nick: String
    private var isInside = false
    private var found = Room()
    private(set) var deadline: Int64

    /// - Parameter serial: Never used before: ids of requests are made of it.
    init(room: JID, plan: RoomPlan, mustStay: Bool, settings: RemoteMUCSettings, serial: UInt64, now: Int64) {
        self.room = room
        self.plan = plan
        self.mustStay = mustStay
        self.settings = settings
        self.serial = serial
        nick = settings.keeperNick
        deadline = now + settings.limits.keeperTimeout
    }

    /// The first question.
    mutating func start(now: Int64) -> [Stanza] {
        ask("get", Element("query", Namespace.discoInfo), .looking, now: now)
    }

    /// A stanza of the room to the keeper.
    mutating func receive(_ stanza: Stanza, now: Int64) -> Progress {
        switch (step, stanza.kind) {
        case (.entering(let attempt), .presence): return entering(stanza, attempt: attempt, now: now)
        case (_, .presence) where isInside && stanza.type == "unavailable" && isOwn(stanza):
            isInside = false
            return finish(.failed(StanzaError(.remoteServerTimeout, .wait, "The keeper was taken out of the room.")))
        case (.entering, _): return .unconcerned
        case (_, .iq) where stanza.id == questionID && !stanza.isRequest: break
        default: return .unconcerned
        }
        let error = stanza.reportedError
        switch step {
        case .looking: return looked(stanza, error, now: now)
        case .entering: return .unconcerned
        case .readingForm: return read(stanza, now: now)
        case .submitting(let isInstant): return submitted(error, isInstant: isInstant, now: now)
        case .granting(let rest):
            if let error { warn("\(room) does not take an admin as owner: \(error.condition.rawValue)") }
            return grant(rest, now: now)
        }
    }

    /// The end, if an answer has not come in time.
    mutating func expire(now: Int64) -> Progress? {
        guard now >= deadline else { return nil }
        // Where the join was not answered, the keeper may be inside all the same.
        if case .entering = step { isInside = true }
        return finish(.failed(.remoteServerTimeout("The chat service does not answer.")))
    }

    // MARK: 1. Look

    private mutating func looked(_ answer: Stanza, _ error: StanzaError?, now: Int64) -> Progress {
        if let error {
            if error.condition == .itemNotFound {
                return plan.makesRoom ? enter(attempt: 1, now: now) : finish(.missing)
            }
            guard !error.mayPass, error.condition != .serviceUnavailable else { return finish(.failed(error)) }
            exists = true
        } else {
            let info = answer.child("query", Namespace.discoInfo)?.children ?? []
            let features = Set(info.lazy.filter { $0.name == "feature" }.compactMap { $0["var"] })
            found.name = info.first { $0.name == "identity" && $0["category"] == "conference" }?["name"]
            found.isLasting = features.contains("muc_persistent")
            found.hasArchive = features.contains(Namespace.mam)
            exists = true
        }
        let mayBeUnfinished = plan.isPage && !found.isLasting
        guard mayBeUnfinished || (mustStay && plan.makesRoom) else { return finish(.ready(found)) }
        return enter(attempt: 1, now: now)
    }

    // MARK: 2. Enter

    private mutating func enter(attempt: Int, now: Int64) -> Progress {
        nick = attempt == 1 ? settings.keeperNick : "\(settings.keeperNick)-\(attempt)"
        step = .entering(attempt: attempt)
        deadline = now + settings.limits.keeperTimeout
        let history = Element("history", Namespace.muc, ["maxchars": "0", "maxstanzas": "0"])
        return .going([presence(nil, [Element("x", Namespace.muc, [history])])])
    }

    private mutating func entering(_ stanza: Stanza, attempt: Int, now: Int64) -> Progress {
        if let error = stanza.reportedError { return keptOut(error, attempt: attempt, now: now) }
        let presence = MUCPresence(stanza)
        guard presence.isAvailable, isOwn(stanza) else { return .going([]) }
        nick = stanza.from?.resource ?? nick
        isInside = true
        isNew = presence.isNewRoom
        found.isMade = isNew
        guard isNew || presence.affiliation == "owner" else { return finish(.ready(found)) }
        return .going(ask("get", Element("query", Namespace.mucOwner), .readingForm, now: now))
    }

    private mutating func keptOut(_ error: StanzaError, attempt: Int, now: Int64) -> Progress {
        switch error.condition {
        case .conflict where attempt < Self.nickAttempts: return enter(attempt: attempt + 1, now: now)
        // Somebody is inside with that nick, so the room is there.
        case .conflict: return finish(.ready(found))
        // Locked: somebody else is about to make it (XEP-0045 §10.1.3).
        case .itemNotFound: return finish(.failed(.remoteServerTimeout("The room is being made by somebody else.")))
        default: break
        }
        if error.mayPass { return finish(.failed(error)) }
        return finish(exists ? .ready(found) : .denied(error))
    }

    // MARK: 3. Configure

    private mutating func read(_ answer: Stanza, now: Int64) -> Progress {
        guard let form = answer.isError ? nil : RoomConfigurationForm(answer) else {
            return isNew ? submit(RoomConfigurationForm.acceptance, isInstant: true, now: now) : finish(.ready(found))
        }
        let canLast = form.offers(RoomConfigurationForm.persistent)
        // Ours, and made by us before: as its owners have it now. One that could last and does not was never finished.
        guard isNew || (plan.isPage && canLast && !form.isSet(RoomConfigurationForm.persistent)) else {
            return finish(.ready(found))
        }
        found.isLasting = plan.isPage && canLast
        if plan.isPage, !canLast {
            warn("\(settings.service) does not keep rooms that are empty; the keeper stays in \(room)")
        }
        if form.takesOwners { needsGrants = false }
        let request = form.answer(
            plan, room: room, owners: settings.admins, nameLength: settings.limits.nameLength)
        if case .page(_, let name) = plan { found.name = name }
        return submit(request, isInstant: false, now: now)
    }

    /// Whether the admins are yet to be made owners.
    private var needsGrants = true

    private mutating func submit(_ form: Element, isInstant: Bool, now: Int64) -> Progress {
        .going(ask("set", form, .submitting(isInstant: isInstant), now: now))
    }

    private mutating func submitted(_ error: StanzaError?, isInstant: Bool, now: Int64) -> Progress {
        guard let error else { return grant(needsGrants ? settings.admins : [], now: now) }
        guard !isInstant else { return finish(.failed(error)) }
        warn("\(room) does not take our configuration (\(error.condition.rawValue)); it has the service's defaults")
        found.isLasting = false
        needsGrants = true
        return submit(RoomConfigurationForm.acceptance, isInstant: true, now: now)
    }

    // MARK: 4. The owners

    /// One request each: not every service takes several changes in one (XEP-0045 §10.5).
    private mutating func grant(_ admins: [JID], now: Int64) -> Progress {
        guard let admin = admins.first else { return finish(.ready(found)) }
        let item = Element("item", Namespace.mucAdmin, ["jid": admin.description, "affiliation": "owner"])
        return .going(
            ask(
                "set", Element("query", Namespace.mucAdmin, [item]), .granting(rest: Array(admins.dropFirst())),
                now: now))
    }

    // MARK: 5. Leave

    private mutating func finish(_ verdict: Verdict) -> Progress {
        guard isInside else { return .finished(verdict, []) }
        if case .ready(var found) = verdict, isOurs, mustStay || !found.isLasting {
            found.keeperNick = nick
            return .finished(.ready(found), [])
        }
        return .finished(verdict, [presence("unavailable", [])])
    }

    /// Past reading the form: the room is ours.
    private var isOurs: Bool {
        switch step {
        case .looking, .entering: false
        case .readingForm, .submitting, .granting: plan.makesRoom
        }
    }

    /// Not every service marks the last presence of an occupant with 110.
    private func isOwn(_ presence: Stanza) -> Bool {
        MUCPresence(presence).isSelf || presence.from?.resource == nick
    }

    // MARK: Asking

    private var questionID: String { "keeper-\(serial)-\(questions)" }

    private mutating func ask(_ type: String, _ payload: Element, _ next: Step, now: Int64) -> [Stanza] {
        questions += 1
        step = next
        deadline = now + settings.limits.keeperTimeout
        return [Stanza(.iq, type: type, id: questionID, from: settings.keeper, to: room, [payload])]
    }

    private func presence(_ type: String?, _ payload: [Element]) -> Stanza {
        Stanza(.presence, type: type, from: settings.keeper, to: room.with(resource: nick) ?? room, payload)
    }

    private mutating func warn(_ text: String) {
        found.warnings.append(text)
    }
}
