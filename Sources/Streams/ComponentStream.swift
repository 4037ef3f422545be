import WebWire
import XMPP

/// The component's side of a Jabber Component Protocol stream (XEP-0114): header, handshake, stanzas.
///
/// A pure state machine: bytes in, actions out. Stanzas are in `jabber:client` on our side and in
/// `jabber:component:accept` on the wire. The server is trusted to be one, but not everybody whose stanzas it passes on:
/// a stanza past a limit is reported and read over, and the stream goes on.
package final class ComponentStream {
    /// What the caller has to do, in this order.
    package enum Action: Hashable {
        /// Send these bytes.
        case send([UInt8])
        /// The handshake is done: stanzas may be sent from now on, and only from now on.
        case established
        /// A stanza came.
        case route(Stanza)
        /// A copy of a stanza that came before, for this address.
        case routeCopy(RepeatedStanza, to: JID)
        /// A stanza came that could not be taken, and was read over. The addresses, if there are any, say who is to be told
        /// by an error.
        case refused(Stanza?, StanzaError)
        /// The stream is over: close the connection after what was sent.
        case close(Ending)
    }

    /// Why a stream ended.
    package enum Ending: Error, Hashable, Sendable {
        /// The server refused or ended it (RFC 6120 §4.9). `isEstablished`: after the handshake.
        case refused(StreamError, isEstablished: Bool)
        /// The server closed the stream in good order.
        case closed
        /// What the server sent is no component stream.
        case violation(StreamError)
        /// We ended it.
        case ended
    }

    private enum State {
        case idle, awaitingHeader, awaitingHandshake, established, closed
    }

    private let domain: JID
    private let secret: String
    private let parser: StreamParser
    private var state = State.idle

    /// - Parameters:
    ///   - domain: What the component is called, and what all stanzas from here must come from.
    ///   - secret: Shared with the server.
    ///   - limits: Of one stanza from the server.
    package init(domain: JID, secret: String, limits: XMLLimits) {
        self.domain = domain
        self.secret = secret
        parser = StreamParser(
            mode: .stream, limits: limits, contentNamespace: Namespace.componentAccept, skipsBadStanzas: true)
    }

    /// Whether stanzas may be sent.
    package var isEstablished: Bool { state == .established }

    /// The connection is there: opens the stream (XEP-0114 §3, example 1).
    package func start() -> [Action] {
        guard state == .idle else { return [] }
        state = .awaitingHeader
        return [.send(header)]
    }

    /// The stream header stands open, so it is no `Element`.
    private var header: [UInt8] {
        var stream = Element("stream:stream", Namespace.componentAccept, ["to": domain.description])
        stream.attributes.append(.init(name: "xmlns:stream", value: Namespace.streams))
        // `<stream:stream …/>`
        return Array("<?xml version='1.0'?>".utf8) + stream.serialized.dropLast(2) + [UInt8(ascii: ">")]
    }

    // MARK: - From the server

    /// Bytes came.
    package func received(_ bytes: Span<UInt8>) -> [Action] {
        guard state != .closed, state != .idle else { return [] }
        var events: [StreamParser.Event] = []
        var violation: StreamError?
        do throws(StreamError) {
            try parser.feed(bytes, into: &events)
        } catch {
            violation = error
        }
        var actions: [Action] = []
        for event in events {
            guard state != .closed else { break }
            switch event {
            case .streamOpened(let header): actions += opened(header)
            case .element(let element): actions += received(element)
            case .copy(let stanza, let recipient):
                if isEstablished { actions.append(.routeCopy(stanza, to: recipient)) }
            case .skipped(let element, let error): actions += skipped(element, error)
            case .streamClosed: actions += finish(.closed)
            }
        }
        if let violation, state != .closed { actions += fail(violation) }
        return actions
    }

    private func opened(_ header: Element) -> [Action] {
        guard header.isNamed("stream", Namespace.streams) else {
            return fail(StreamError(.invalidNamespace, "The root element is no stream."))
        }
        // Prosody's header has no id where nothing but an error follows.
        guard let id = header["id"], !id.isEmpty else { return [] }
        state = .awaitingHandshake
        // XEP-0114 §3: the id is taken as it stands in the header, unescaped, and nothing lies between it and the secret.
        let digest = Digest.hex(Digest.sha1(Array((id + secret).utf8)))
        let handshake = Element("handshake", Namespace.componentAccept, text: digest)
        var bytes: [UInt8] = []
        handshake.serialize(into: &bytes, scope: Namespace.componentAccept)
        return [.send(bytes)]
    }

    private func received(_ element: Element) -> [Action] {
        if element.isNamed("error", Namespace.streams) {
            return finish(.refused(StreamError(reading: element), isEstablished: isEstablished))
        }
        switch state {
        case .awaitingHandshake:
            guard element.isNamed("handshake", Namespace.client) else {
                return fail(StreamError(.notAuthorized, "<\(element.name)/> came before the handshake."))
            }
            state = .established
            return [.established]
        case .established: return stanza(element)
        case .awaitingHeader: return fail(StreamError(.undefinedCondition, "The stream has no id."))
        case .idle, .closed: return []
        }
    }

    private func stanza(_ element: Element) -> [Action] {
        do throws(Stanza.Refusal) {
            return [.route(try Stanza(element))]
        } catch {
            switch error {
            // Not for us to judge: a server may have more to say than XEP-0114 knows.
            case .notAStanza: return []
            case .invalid(let stanza, let error): return [.refused(stanza, error)]
            }
        }
    }

    private func skipped(_ element: Element?, _ error: StreamError) -> [Action] {
        guard state == .established else { return fail(error) }
        let text =
            error.condition == .policyViolation
            ? "The stanza is larger, or more deeply nested, than this service takes." : "The stanza cannot be read."
        return [.refused(element.flatMap(head), StanzaError(.policyViolation, .modify, text))]
    }

    /// As much of a stanza as its start tag says.
    private func head(_ element: Element) -> Stanza? {
        do throws(Stanza.Refusal) {
            return try Stanza(element)
        } catch {
            // An IQ without its payload is none, but its addresses are what matters.
            if case .invalid(let stanza, _) = error { return stanza }
            return nil
        }
    }

    // MARK: - The end

    /// Ends the stream from our side, in good order.
    package func end() -> [Action] { finish(.ended) }

    private func fail(_ error: StreamError) -> [Action] {
        guard state != .closed else { return [] }
        state = .closed
        var bytes: [UInt8] = []
        let scope = Namespace.componentAccept
        error.element.serialize(into: &bytes, scope: scope)
        return [.send(bytes + Self.footer), .close(.violation(error))]
    }

    private func finish(_ ending: Ending) -> [Action] {
        guard state != .closed else { return [] }
        let hasOpened = state != .idle
        state = .closed
        return (hasOpened ? [.send(Self.footer)] : []) + [.close(ending)]
    }

    private static let footer = Array("</stream:stream>".utf8)
}
