import EventLoop
import Logging
import MUC
import XMPP

/// The links to XMPP servers, and the rooms behind them.
extension Server {
    /// What stands in front of rooms that are not ours.
    static func makeRemoteRooms(_ configuration: Configuration, policy: PageRoomPolicy) -> any RemoteRooms {
        guard configuration.rooms.isRemote else { return PassThroughRooms() }
        return RemoteMUC(configuration, policy: policy) ?? PassThroughRooms()
    }

    /// Connects every link, and keeps the remote rooms' time.
    func startLinks() {
        router.linksStopped = { [unowned self] in stopIfDone() }
        for component in configuration.components {
            // The configuration has made sure that it is one.
            guard let domain = JID(component.domain) else { continue }
            let link = ComponentLink(
                component, domain: domain, limits: configuration.limits, logger: logger, owner: router)
            router.attach(link)
            link.start()
        }
        guard configuration.rooms.isRemote else { return }
        logger.notice(
            "the rooms are on another service", metadata: ["service": "\(configuration.rooms.service)"])
        let interval = router.remoteRooms.tickInterval
        remoteRoomsTimer.start(after: interval, every: interval) { [unowned self] in
            router.perform(router.remoteRooms.tick(now: WallClock.now))
        }
    }

    /// Says goodbye on every link.
    func stopLinks() {
        remoteRoomsTimer.cancel()
        router.perform(router.remoteRooms.shutdown(now: WallClock.now))
        for link in Array(router.links.values) { link.stop() }
    }
}
