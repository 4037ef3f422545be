import XMPP

@testable import MUC

/// The archive of a stage: does what the rooms have asked for when it is told to.
final class StageArchive {
    private let stage: Stage
    private(set) var messages: [ArchivedMessage] = []
    var rooms: [String: RoomState] = [:]
    private(set) var queries: [ArchiveQuery] = []
    /// What questions are answered with.
    var answer = ArchiveAnswer.page([], isComplete: true)
    /// Whether it can neither write nor read.
    var isBroken = false

    init(_ stage: Stage) {
        self.stage = stage
    }

    /// Requests that wait.
    var waiting: Int { stage.requests.count }

    /// Does the first request that waits.
    func step() {
        guard !stage.requests.isEmpty else { return }
        let now = stage.now
        switch stage.requests.removeFirst() {
        case .store(let message):
            if !isBroken { messages.append(message) }
            stage.deliver(stage.service.stored(message.id, in: message.room, isKept: !isBroken))
        case .save(let state):
            if !isBroken { rooms[state.localpart] = state }
            stage.deliver(stage.service.saved(state.localpart, isKept: !isBroken))
        case .load(let room):
            let result: Result<StoredRoom?, ArchiveUnavailable> =
                isBroken ? .failure(ArchiveUnavailable()) : .success(stored(room))
            stage.deliver(stage.service.loaded(room, result, now: now))
        case .find(let query, let ticket):
            queries.append(query)
            stage.deliver(stage.service.found(isBroken ? .unavailable : answer, for: ticket))
        case .measure(_, let ticket): stage.deliver(stage.service.found(isBroken ? .unavailable : answer, for: ticket))
        }
    }

    /// Does all that waits, and what comes of it.
    func work() {
        while waiting > 0 { step() }
    }

    private func stored(_ room: String) -> StoredRoom? {
        guard var state = rooms[room] else { return nil }
        for change in stage.changes[room] ?? [] {
            if case .affiliation(let person, let entry) = change { state.affiliations[person] = entry }
        }
        let messages = messages.filter { $0.room == room }
        state.subject = messages.last { $0.kind == .subject }?.rememberedSubject ?? state.subject
        return StoredRoom(state: state, history: messages.filter { $0.kind == .spoken })
    }
}
