import EventLoop
import Logging
import LoopTesting
import Streams
import Testing
import XMPP

@testable import SamepageServer

/// A component link against a server that is a script, on loopback.
@Suite(.serialized)
struct ComponentLinkTests {
    init() { LoopThread.start() }

    @EventLoop private func makeLink(
        _ port: Int, owner: any LinkOwner, limits: Limits = Limits()
    ) -> ComponentLink {
        var component = Configuration.Component(domain: "rooms.example", secret: "s", serves: .rooms)
        component.host = "127.0.0.1"
        component.port = port
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return ComponentLink(component, domain: jid("rooms.example"), limits: limits, logger: logger, owner: owner)
    }

    private func message(_ id: String, _ body: String = "hi") -> Stanza {
        Stanza(
            .message, id: id, from: jid("r@rooms.example/n"), to: jid("a@b.example"),
            [Element("body", Namespace.client, text: body)])
    }

    @EventLoop private func send(_ stanza: Stanza, over link: ComponentLink) -> LinkRefusal? {
        link.send(StanzaBytes(stanza), to: jid("a@b.example"), head: stanza)
    }

    @EventLoop @Test func nothingIsSentBeforeTheHandshakeIsAnswered() async throws {
        let server = try ScriptedServer()
        server.verdict = ""
        let owner = NotingOwner()
        let link = makeLink(server.port, owner: owner)
        link.start()
        #expect(send(message("early"), over: link) == nil)
        await expectEventually { server.heard.hasSuffix("</handshake>") }
        #expect(link.status.state == .connecting && !server.heard.contains("early"))
        server.say("<handshake/>")
        await expectEventually { server.heard.contains("id='early'") }
        #expect(link.status.state == .up && owner.notes == ["up"])
        server.say("<presence from='a@b.example' to='rooms.example'/>")
        await expectEventually { owner.notes == ["up", "received presence"] }
        link.stop()
        await expectEventually { owner.notes.last == "stopped" && server.heard.hasSuffix("</stream:stream>") }
    }

    @EventLoop @Test func aRefusedSecretIsNotedAndWhatWaitedBounces() async throws {
        let server = try ScriptedServer()
        server.verdict =
            "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
        let owner = NotingOwner()
        let link = makeLink(server.port, owner: owner)
        link.start()
        #expect(send(message("early"), over: link) == nil)
        await expectEventually { link.status.state == .down }
        #expect(link.status.failure == .stream(.refused(StreamError(.notAuthorized), isEstablished: false)))
        #expect(owner.notes == ["gave up early"])
        #expect(send(message("late"), over: link) == .down)
        // The same failure again is no change.
        let since = link.status.since
        await expectEventually { server.connections.count >= 2 }
        await expectEventually { !server.connections.contains(where: \.isOpen) }
        #expect(link.status.state == .down && link.status.since == since)
        server.verdict = "<handshake/>"
        await expectEventually { link.status.state == .up }
        link.stop()
    }

    @EventLoop @Test func aLostLinkComesBackAndSendsFirstWhatWasKept() async throws {
        let server = try ScriptedServer()
        let owner = NotingOwner()
        let link = makeLink(server.port, owner: owner)
        link.start()
        await expectEventually { link.status.state == .up }
        server.cut()
        await expectEventually { link.status.state == .down }
        #expect(link.status.failure == .lost && owner.notes == ["up", "down"])
        #expect(send(message("down"), over: link) == .down)
        link.keep(StanzaBytes(message("kept")), to: jid("a@b.example"))
        await expectEventually { link.status.state == .up }
        #expect(send(message("after"), over: link) == nil)
        await expectEventually { server.heard.contains("id='after'") }
        let kept = try #require(server.heard.firstRange(of: "id='kept'"))
        let after = try #require(server.heard.firstRange(of: "id='after'"))
        #expect(kept.lowerBound < after.lowerBound && !server.heard.contains("id='down'"))
        link.stop()
    }

    @EventLoop @Test func whatIsTooLargeOrTooMuchIsRefusedAndTheLinkStaysUp() async throws {
        let server = try ScriptedServer()
        let owner = NotingOwner()
        var limits = Limits()
        limits.componentStanzaSize = 100_000
        limits.linkQueue = 200_000
        let link = makeLink(server.port, owner: owner, limits: limits)
        link.start()
        await expectEventually { link.status.state == .up }
        let large = message("large", String(repeating: "x", count: 100_000))
        #expect(send(large, over: link) == .tooLarge(limit: 100_000))
        var refusal: LinkRefusal?
        for _ in 0..<3 where refusal == nil {
            refusal = send(message("much", String(repeating: "x", count: 90_000)), over: link)
        }
        #expect(refusal == .full)
        await expectEventually { server.heard.utf8.count > 180_000 }
        #expect(send(message("after"), over: link) == nil && link.status.state == .up)
        link.stop()
    }

    @EventLoop @Test func aStanzaThatIsTooLargeForUsIsRefusedAndTheLinkStaysUp() async throws {
        let server = try ScriptedServer()
        let owner = NotingOwner()
        let link = makeLink(server.port, owner: owner)
        link.start()
        await expectEventually { link.status.state == .up }
        let body = String(repeating: "x", count: 600_000)
        server.say("<message from='a@b.example' to='rooms.example'><body>\(body)</body></message><presence/>")
        await expectEventually { owner.notes == ["up", "refused", "received presence"] }
        #expect(link.status.state == .up)
        link.stop()
    }

    @EventLoop @Test func aServerThatIsNoneIsSaidToBeSo() async throws {
        let server = try ScriptedServer()
        server.greeting = "HTTP/1.1 400 Bad Request\r\n\r\n"
        let link = makeLink(server.port, owner: NotingOwner())
        link.start()
        await expectEventually { link.status.state == .down }
        #expect(link.status.failure?.code == "protocol-violation")
        link.stop()
    }
}
