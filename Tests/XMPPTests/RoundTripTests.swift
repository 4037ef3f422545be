import SeededTesting
import Testing
import XMPP

/// Bounded and reproducible: a failure names the seed of its round.
struct RoundTripTests {
    private static var lax: XMLLimits {
        var limits = XMLLimits()
        limits.attributes = 200
        limits.namespaces = 1_000
        return limits
    }

    @Test func whatIsSerializedParsesToTheSameTree() throws {
        let parser = StreamParser(mode: .document, limits: Self.lax)
        for seed in UInt64(0)..<1_500 {
            var generator = SeededGenerator(seed: seed)
            let element = generator.element()
            let parsed = try parser.parseDocument(element.serialized.span)
            #expect(parsed == element && exact(parsed) == exact(element), "seed \(seed): \(element)")
        }
    }

    @Test func whatIsSerializedInsideAStreamParsesToTheSameTree() throws {
        let parser = StreamParser(mode: .stream, limits: Self.lax)
        var events: [StreamParser.Event] = []
        try parser.feed(Array("<stream:stream xmlns='jabber:client' xmlns:stream='urn:s'>".utf8).span, into: &events)
        for seed in UInt64(0)..<500 {
            var generator = SeededGenerator(seed: seed &+ 0x5354)
            let element = generator.element()
            var bytes: [UInt8] = []
            element.serialize(into: &bytes, scope: Namespace.client)
            try parser.feed(bytes.span, into: &events)
            #expect(events.last == .element(element), "seed \(seed): \(element)")
            events.removeAll()
        }
    }

    @Test func noBytesBreakTheParserAndWhatPassesIsTheSameWhenWrittenAgain() {
        let samples =
            (XMLSample.restricted + XMLSample.declarations + XMLSample.namespaces + XMLSample.characters
            + XMLSample.structure).map(\.bytes)
        let documents = StreamParser(mode: .document, limits: Self.lax)
        var accepted = 0
        for seed in UInt64(0)..<4_000 {
            var generator = SeededGenerator(seed: seed &+ 0x584D_4C)
            var wire =
                generator.chance(50) ? generator.element().serialized : generator.pick(samples, or: [])
            wire = generator.chance(5) ? generator.bytes(60) : generator.mutated(wire)
            let whole = Reading([Array("<s>".utf8), wire], mode: .stream, limits: Self.lax)
            let cut = Int.random(in: 0...wire.count, using: &generator)
            let pieces = [Array("<s>".utf8), Array(wire[..<cut]), Array(wire[cut...])]
            #expect(Reading(pieces, mode: .stream, limits: Self.lax) == whole, "seed \(seed)")
            guard let element = try? documents.parseDocument(wire.span) else { continue }
            accepted += 1
            let again = try? documents.parseDocument(element.serialized.span)
            #expect(again == element && again.map(exact) == exact(element), "seed \(seed): \(element)")
        }
        #expect(accepted > 400)
    }

    /// Swift takes canonically equivalent strings for equal; here every scalar counts.
    private func exact(_ element: Element) -> [UInt8] { element.serialized }
}
