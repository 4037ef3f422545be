/// Watches how much is said in a room, and closes it step by step while that is too much.
struct FloodGuard {
    enum Level: Int, Comparable {
        case calm
        /// Slow mode for those who were not heard before the flood.
        case slow
        /// They do not speak at all.
        case closed
        /// And slow mode for everybody else.
        case closedAndSlow

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private(set) var level = Level.calm
    /// Who was heard before then is known.
    private(set) var began: Int64 = 0
    private var window: Int64 = 0
    private var attempts = 0
    private var messages = 0
    private var lastBusy: Int64 = 0

    /// Counts a message that somebody wants to send. Whether there is something new to be announced.
    ///
    /// - Parameter isHeard: It goes through.
    mutating func count(isHeard: Bool, _ limits: ModerationLimits, now: Int64) -> Bool {
        guard limits.floodMessages > 0 else { return false }
        if now < window || now - window >= limits.floodWindow {
            window = now
            attempts = 0
            messages = 0
        }
        attempts += 1
        if isHeard { messages += 1 }
        if attempts * 2 >= limits.floodMessages { lastBusy = now }
        guard messages > limits.floodMessages, let next = Level(rawValue: level.rawValue + 1) else { return false }
        if level == .calm { began = now - limits.floodWindow }
        level = next
        window = now
        messages = 0
        attempts = 0
        lastBusy = now
        return true
    }

    /// Opens the room again by one step when it has been calm for long enough. Whether it did.
    mutating func relax(_ limits: ModerationLimits, now: Int64) -> Bool {
        guard let lower = Level(rawValue: level.rawValue - 1), now < lastBusy || now - lastBusy >= limits.floodCalm
        else {
            return false
        }
        level = lower
        lastBusy = now
        return true
    }
}
