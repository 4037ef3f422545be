import XMPP

/// The XMPP subprotocol for WebSocket (RFC 7395): one message is one element, and `<open/>` and `<close/>` stand for
/// the stream's tags.
package struct WebSocketStream: Sendable {
    /// What the caller has to do, in this order.
    package enum Action: Hashable, Sendable {
        /// Send this as one text message.
        case send([UInt8])
        /// See `ClientStream.Action.authenticate`.
        case authenticate(ClientStream.Credentials)
        /// See `ClientStream.Action.bind`.
        case bind(resource: String?)
        case route(Stanza)
        /// See `ClientStream.Action` for these.
        case refuse(Stanza?)
        case enable(StreamManagement.EnableRequest)
        case resume(StreamManagement.ResumeRequest)
        case acknowledged(UInt32)
        case acknowledge
        /// The stream has ended: close the WebSocket with code 1000 after what was sent. The error, if it was one, is
        /// for the log.
        case close(StreamError?)
    }

    private var stream: ClientStream
    private var hasOpened = false
    private var isClosed = false

    package init(domain: JID) {
        stream = ClientStream(domain: domain, isManageable: true)
    }

    /// A text message came, valid UTF-8.
    package mutating func received(_ text: Span<UInt8>, parser: StreamParser) -> [Action] {
        guard !isClosed else { return [] }
        do throws(StreamError) {
            // RFC 7395 §3.3.3
            guard text.count > 0, text[0] == UInt8(ascii: "<") else {
                throw StreamError(.notWellFormed, "A message begins with '<'.")
            }
            return received(try parser.parseDocument(text))
        } catch {
            return end(with: error)
        }
    }

    private mutating func received(_ element: Element) -> [Action] {
        guard element.namespace == Namespace.framing else { return translate(stream.received(element)) }
        switch element.name {
        case "open": return translate(stream.opened(to: element["to"], version: element["version"]))
        case "close": return translate(stream.closed())
        default: return end(with: StreamError(.unsupportedStanzaType, "<\(element.name)/> is not of RFC 7395."))
        }
    }

    /// Ends the stream from our side.
    package mutating func end(with error: StreamError) -> [Action] {
        guard !isClosed else { return [] }
        // RFC 7395 §3.5: an error before the client's <open/> still goes inside a stream.
        var actions = hasOpened ? [] : translate([.open(id: RandomID.stream())])
        isClosed = true
        actions.append(.send(error.element.serialized))
        actions.append(.send(Element("close", Namespace.framing).serialized))
        actions.append(.close(error))
        return actions
    }

    package mutating func authenticated(as identity: JID, extensions: [Element] = []) -> [Action] {
        translate(stream.authenticated(as: identity, extensions: extensions))
    }

    package mutating func authenticationFailed(_ failure: SASLFailure) -> [Action] {
        translate(stream.authenticationFailed(failure))
    }

    package mutating func bound(to jid: JID) -> [Action] { translate(stream.bound(to: jid)) }

    package mutating func bindFailed(_ error: StanzaError) -> [Action] { translate(stream.bindFailed(error)) }

    package mutating func enabled(_ resumption: StreamManagement.Resumption?) -> [Action] {
        translate(stream.enabled(resumption))
    }

    package mutating func resumed(as jid: JID, handled: UInt32) -> [Action] {
        translate(stream.resumed(as: jid, handled: handled))
    }

    package mutating func resumptionFailed(handled: UInt32?) -> [Action] {
        translate(stream.resumptionFailed(handled: handled))
    }

    private mutating func translate(_ actions: [ClientStream.Action]) -> [Action] {
        var result: [Action] = []
        for action in actions {
            switch action {
            case .open(let id):
                hasOpened = true
                result.append(.send(header(id: id)))
            case .send(let element): result.append(.send(element.serialized))
            case .authenticate(let credentials): result.append(.authenticate(credentials))
            case .bind(let resource): result.append(.bind(resource: resource))
            case .route(let stanza): result.append(.route(stanza))
            case .refuse(let reply): result.append(.refuse(reply))
            case .enable(let request): result.append(.enable(request))
            case .resume(let request): result.append(.resume(request))
            case .acknowledged(let count): result.append(.acknowledged(count))
            case .acknowledge: result.append(.acknowledge)
            case .fail(let error): result += end(with: error)
            case .close:
                isClosed = true
                result.append(.send(Element("close", Namespace.framing).serialized))
                result.append(.close(nil))
            }
        }
        return result
    }

    private func header(id: String) -> [UInt8] {
        var open = Element(
            "open", Namespace.framing, ["from": stream.domain.description, "id": id, "version": "1.0"])
        open.lang = "en"
        return open.serialized
    }
}
