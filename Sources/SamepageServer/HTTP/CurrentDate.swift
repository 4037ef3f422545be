import EventLoop
import WebWire

/// The value of `Date`, made once a second: every answer has one.
@EventLoop
enum CurrentDate {
    private static var second: Int64 = .min
    private static var text = ""

    static var field: String {
        let now = WallClock.now / 1_000
        if now != second {
            second = now
            text = HTTPDate.string(secondsSince1970: Int(clamping: now))
        }
        return text
    }
}
