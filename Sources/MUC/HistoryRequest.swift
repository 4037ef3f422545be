import XMPP

/// How much history a newcomer wants (XEP-0045 §7.2.14). What it does not say is not limited; what makes no sense is not said.
struct HistoryRequest: Hashable {
    var maxStanzas: Int?
    /// Characters of whole stanzas.
    var maxCharacters: Int?
    var seconds: Int64?
    /// Milliseconds since 1970.
    var since: Int64?

    /// Reads `<history/>` inside `<x xmlns='http://jabber.org/protocol/muc'/>`.
    init(_ join: Element?) {
        guard let history = join?.child("history", Namespace.muc) else { return }
        maxStanzas = Self.count(history["maxstanzas"])
        maxCharacters = Self.count(history["maxchars"])
        seconds = Self.count(history["seconds"]).map(Int64.init)
        since = history["since"].flatMap(DateTime.milliseconds)
    }

    /// The earliest time that is wanted, in milliseconds since 1970.
    func earliest(now: Int64) -> Int64 {
        var earliest = since ?? .min
        if let seconds {
            let (span, overflows) = seconds.multipliedReportingOverflow(by: 1_000)
            if !overflows { earliest = max(earliest, now - min(span, now)) }
        }
        return earliest
    }

    private static func count(_ text: String?) -> Int? {
        guard let text, let value = Int(text), value >= 0 else { return nil }
        return value
    }
}
