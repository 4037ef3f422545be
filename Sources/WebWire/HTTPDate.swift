/// Dates in HTTP fields (RFC 9110 §5.6.7).
package enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// 9999-12-31T23:59:59Z: the last second that the format can say.
    private static let last = 253_402_300_799

    /// The IMF-fixdate form, `Sun, 06 Nov 1994 08:49:37 GMT`, of a time in seconds since 1970-01-01T00:00:00Z.
    /// Times outside of the years 1970–9999 are clamped.
    package static func string(secondsSince1970: Int) -> String {
        let time = Swift.min(Swift.max(0, secondsSince1970), last)
        let day = time / 86_400
        let second = time % 86_400
        let date = civil(day: day)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(days[day % 7]), \(padded(date.day, to: 2)) \(months[date.month - 1]) \(padded(date.year, to: 4)) "
            + "\(clock) GMT"
    }

    /// The Gregorian date of a day number, 0 being 1970-01-01. Counts in 400-year eras whose years begin in March, so
    /// that the leap day is the last of its year.
    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
