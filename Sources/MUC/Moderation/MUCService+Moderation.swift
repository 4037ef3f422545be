import XMPP

/// What the caller knows and keeps for moderators.
extension MUCService {
    /// Says where a session comes from, as a word that is the same for all sessions of one network and tells nothing
    /// else. To be said before the session joins; who has none cannot be hit by a ban of networks.
    package func enter(network: String, of session: JID) {
        context.moderation.networks.enter(session, network)
    }

    /// The session is no more.
    package func leaveNetwork(of session: JID, now: Int64) {
        context.moderation.networks.leave(session, settings.limits.moderation, now: now)
    }

    /// Follows the time: what has lasted long enough ends. To be called now and then.
    package func advance(now: Int64) -> [MUCEffect] {
        followTime(now)
        for localpart in occupied.elements { rooms[localpart]?.expireHeld(now: now) }
        return context.takeEffects()
    }

    /// Cheap when nothing is to be done.
    func followTime(_ now: Int64) {
        context.moderation.bans.expire(now: now)
        for localpart in context.moderation.flooded {
            if let room = rooms[localpart] {
                room.relax(now: now)
            } else {
                context.moderation.flooded.remove(localpart)
            }
        }
    }

    /// Takes what was kept over a restart: before anybody joins.
    package func restore(_ bans: [Ban], _ acts: [ModerationAct] = [], now: Int64) {
        for ban in bans {
            context.moderation.bans.insert(ban)
            context.moderation.noteID(ban.id)
        }
        for act in acts {
            context.moderation.log.append(act, settings.limits.moderation)
            context.moderation.noteID(act.id)
        }
        context.moderation.bans.expire(now: now)
    }

    /// What has to be kept of bans.
    package var bans: [Ban] { context.moderation.bans.bans.values.sorted { $0.id < $1.id } }

    /// Whoever makes a room owns it perhaps: it is not the way around a ban.
    func requireNotBanned(_ session: JID, room localpart: String) throws(StanzaError) {
        let bans = context.moderation.bans
        guard !isSiteAdmin(session.bare) else { return }
        func counts(_ ban: Ban) -> Bool { context.counts(ban, in: localpart, pageURL: nil) }
        if let ban = bans.ban(of: session.bare, where: counts) { throw ban.refusal(asNetwork: false) }
        let network = context.moderation.networks.network(of: session)
        if let ban = bans.ban(ofNetwork: network, of: session.bare, where: counts) {
            throw ban.refusal(asNetwork: true)
        }
    }
}
