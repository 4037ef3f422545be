import EventLoop
import Foundation
import LoopTesting
import Testing
import XMPP

@testable import SamepageServer

/// The server's side of component links on loopback: it notes what comes, and says what the test tells it to.
@EventLoop
final class ScriptedServer: ConnectionHandler {
    private var listener: Listener?
    private(set) var connections: [Connection] = []
    /// What has come over all connections.
    private(set) var heard = ""
    /// Said as soon as the stream header is there.
    var greeting =
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' id='1'>"
    /// Said as soon as the handshake is there.
    var verdict = "<handshake/>"
    private var hasGreeted = false
    private var hasJudged = false

    init() throws {
        listener = try Listener(host: "127.0.0.1", port: 0, queueLimit: 4_194_304) { [unowned self] connection in
            connections.append(connection)
            (hasGreeted, hasJudged) = (false, false)
            heard = ""
            connection.own(self)
        }
    }

    var port: Int { listener?.port ?? 0 }

    func received(_ bytes: Span<UInt8>, on connection: Connection) {
        heard += String(decoding: bytes.withUnsafeBufferPointer { Array($0) }, as: UTF8.self)
        if !hasGreeted, heard.contains("<stream:stream ") {
            hasGreeted = true
            say(greeting)
        }
        if !hasJudged, heard.contains("</handshake>") {
            hasJudged = true
            say(verdict)
        }
    }

    func closed(_ connection: Connection) {}

    func say(_ text: String) { connections.last?.send(Array(text.utf8)) }

    func cut() { connections.last?.abort() }
}

/// Notes what a link tells.
@EventLoop
final class NotingOwner: LinkOwner {
    private(set) var notes: [String] = []

    func link(_ link: any Link, received stanza: Stanza) { notes.append("received \(stanza.kind)") }
    func link(_ link: any Link, receivedCopyOf stanza: RepeatedStanza, to recipient: JID) {
        notes.append("received a copy for \(recipient)")
    }
    func link(_ link: any Link, refused head: Stanza?, _ error: StanzaError) { notes.append("refused") }
    func link(_ link: any Link, gaveUp head: Stanza, _ refusal: LinkRefusal) {
        notes.append("gave up \(head.id ?? "")")
    }
    func linkChanged(_ link: any Link, isUp: Bool) { notes.append(isUp ? "up" : "down") }
    func linkStopped(_ link: any Link) { notes.append("stopped") }
}

/// Waits for a condition, at most ten seconds.
///
/// All of it is on the loop. `#expect(await …)` would go by the thread pool, which other tests may keep busy for longer than
/// what is waited for lasts.
@EventLoop
func expectEventually(_ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async {
    for _ in 0..<1_000 {
        if condition() { return }
        await pause(milliseconds: 10)
    }
    #expect(condition(), sourceLocation: sourceLocation)
}
