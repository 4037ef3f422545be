import XMPP

/// Rooms of hundreds and thousands: who is shown, and how many are here.
extension Room {
    /// Whether others are told that somebody is here. While there are many, only who has spoken or looks after the room is
    /// news; who was shown before stays.
    func isToBeShown(_ occupant: Occupant) -> Bool {
        guard configuration.shownRoles.contains(occupant.role) else { return false }
        return !isQuiet || occupant.isShown || occupant.isHeard || occupant.isModerator
            || occupant.affiliation.isAtLeastAdmin
    }

    /// Somebody is about to say something to all: they have to know who it is.
    func hear(_ occupant: Occupant) {
        occupant.isHeard = true
        // A message that a moderator lets through may be of somebody who has left.
        guard !occupant.isShown, isToBeShown(occupant), occupants[occupant.nick] === occupant else { return }
        show(occupant, true)
        tellOthers(occupant, Announcement())
    }

    /// What newcomers are told of those who are here.
    func shownOccupants(showingJIDs showsJIDs: Bool, except newcomer: Occupant? = nil) -> [SharedStanza] {
        shown.elements.compactMap { $0 === newcomer ? nil : presence(of: $0, showsJID: showsJIDs) }
    }

    /// How many are here, for those who want to know.
    var crowd: Element {
        Element(
            "count", Namespace.lurk, ["occupants": String(occupants.count), "readers": String(readers.count)])
    }

    /// Tells how many are here when that has changed, and shows some of those who came while there were too many.
    ///
    /// - Returns: Whether all are shown who are to be.
    func tellCrowd() -> Bool {
        if toldCount != crowd {
            toldCount = crowd
            let message = SharedStanza(Stanza(.message, type: "headline", from: jid, [crowd]))
            share([message], to: audience.readers.elements)
            share([message], to: audience.counting.elements)
        }
        guard !isQuiet else { return true }
        let hidden = occupants.values.lazy.filter { !$0.isShown && self.isToBeShown($0) }
        let few = max(1, limits.presenceResync / max(1, audience.all.count))
        for occupant in Array(hidden.prefix(few)) { announce(occupant, Announcement(), own: []) }
        return hidden.isEmpty
    }
}
