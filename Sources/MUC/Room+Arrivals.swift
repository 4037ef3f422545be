import XMPP

/// Coming in, as the others hear of it: at the end of the turn of the loop, or before the room says anything else.
extension Room {
    /// Lets an occupant in.
    func arrive(_ occupant: Occupant) {
        show(occupant, isToBeShown(occupant))
        if occupant.isShown {
            if arrivals.isEmpty { context.crowdedRooms.append(self) }
            arrivals.append(occupant)
        }
        enter(occupant)
    }

    /// Tells a session of its own coming. What only newcomers hear makes the others hear nothing yet.
    func welcome(_ tell: () -> Void) {
        isWelcoming = true
        defer { isWelcoming = false }
        tell()
    }

    /// Tells those who are here of all who have come, each of whom it does not know yet.
    func tellArrivals() {
        guard !arrivals.isEmpty else { return }
        let news = arrivals
        arrivals = Arrivals()
        let latecomers = Array(news.latecomers.keys)
        let moderators = audience.moderators.without(latecomers)
        let participants = audience.participants.without(latecomers)
        let readers = audience.readers.without(latecomers)
        let isWatched = configuration.whois == .anyone
        tell(news, to: moderators, showingJIDs: true)
        tell(news, to: participants, showingJIDs: isWatched)
        tell(news, to: readers, showingJIDs: false)
        for (session, known) in news.latecomers where known < news.occupants.count {
            let showsJIDs = !isReader(session) && (isWatched || audience.moderators.contains(session))
            tell(news, after: known, to: [session], showingJIDs: showsJIDs)
        }
    }

    private func tell(_ news: Arrivals, after known: Int = 0, to recipients: [JID], showingJIDs: Bool) {
        // What nobody is to get is not serialized.
        guard !recipients.isEmpty else { return }
        share(news.occupants.dropFirst(known).map { presence(of: $0, showsJID: showingJIDs) }, to: recipients)
    }
}
