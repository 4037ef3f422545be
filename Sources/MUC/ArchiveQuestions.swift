import XMPP

/// Questions that the archive has not answered yet.
struct ArchiveQuestions {
    struct Question {
        let room: Room
        /// Who asked, and the request without its payload.
        let session: JID
        let request: Stanza
        /// `queryid` (XEP-0313 §4).
        var queryID: String?
        /// The newest first (§4.3.4).
        var isFlipped = false
    }

    private var questions: [ArchiveTicket: Question] = [:]
    private var counts: [JID: Int] = [:]
    private var lastNumber: UInt64 = 0

    /// - Throws: `resource-constraint` when the session, or all together, have asked too much at once.
    mutating func add(_ question: Question, _ limits: MUCLimits) throws(StanzaError) -> ArchiveTicket {
        let count = counts[question.session] ?? 0
        guard !MUCLimits.isReached(limits.archiveQueriesPerSession, by: count),
            !MUCLimits.isReached(limits.archiveQueue, by: questions.count)
        else { throw .resourceConstraint("Wait for the answers to your other questions.") }
        counts[question.session] = count + 1
        lastNumber &+= 1
        let ticket = ArchiveTicket(number: lastNumber)
        questions[ticket] = question
        return ticket
    }

    mutating func take(_ ticket: ArchiveTicket) -> Question? {
        guard let question = questions.removeValue(forKey: ticket) else { return nil }
        let count = (counts[question.session] ?? 1) - 1
        counts[question.session] = count > 0 ? count : nil
        return question
    }
}
