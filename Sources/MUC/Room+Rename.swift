import XMPP

/// Changing one's nick (XEP-0045 §7.6).
extension Room {
    /// The occupant goes by another nick in all its sessions.
    func rename(
        _ occupant: Occupant, to nick: String, _ presence: [Element], _ own: Announcement, session: JID, now: Int64
    ) throws(StanzaError) {
        guard occupants[nick] == nil else { throw .conflict("Somebody here has that nick.") }
        try requireUnreserved(nick, by: occupant.person)
        try checkInterval(of: occupant, now: now)
        let address = try address(of: nick)

        announce(occupant, Announcement(isAvailable: false, newNick: nick, statuses: [.nickChanged]))
        occupant.lastRename = now
        rename(occupant, to: nick, address: address)
        occupant.show(presence, from: session)
        announce(occupant, own)
    }

    private func checkInterval(of occupant: Occupant, now: Int64) throws(StanzaError) {
        guard limits.nickInterval > 0, let last = occupant.lastRename else { return }
        // A clock that was set back must not lock the nick.
        guard now < last || now - last >= limits.nickInterval else {
            throw .policyViolation("Wait a little before you change your nick again.")
        }
    }
}
