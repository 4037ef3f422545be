/// Instants as XMPP writes them (XEP-0082): milliseconds since 1970 on our side, `2026-11-22T16:02:11.123Z` on the wire.
package enum DateTime {
    private static let millisecondsPerDay: Int64 = 86_400_000
    /// 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what four digits of a year can say.
    private static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// Writes an instant in UTC, with milliseconds. Instants outside the years 1 to 9999 become the nearest inside.
    package static func string(milliseconds: Int64) -> String {
        let instant = min(max(milliseconds, range.lowerBound), range.upperBound)
        let day = floorDivide(instant, by: millisecondsPerDay)
        let time = instant - day * millisecondsPerDay
        let date = civil(day: day)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        append(date.year, digits: 4, then: "-", to: &bytes)
        append(date.month, digits: 2, then: "-", to: &bytes)
        append(date.day, digits: 2, then: "T", to: &bytes)
        append(time / 3_600_000, digits: 2, then: ":", to: &bytes)
        append(time / 60_000 % 60, digits: 2, then: ":", to: &bytes)
        append(time / 1_000 % 60, digits: 2, then: ".", to: &bytes)
        append(time % 1_000, digits: 3, then: "Z", to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `CCYY-MM-DDThh:mm:ss[.sss]TZD` (XEP-0082 §3.2), where TZD is `Z`, `+hh:mm` or `-hh:mm`.
    ///
    /// Digits after the third of a fraction are dropped. A leap second counts as the second after it. Nil for anything
    /// else, dates that no calendar has among it, and texts over 64 bytes.
    package static func milliseconds(_ text: String) -> Int64? {
        guard text.utf8.count <= 64 else { return nil }
        var reader = Reader(Array(text.utf8))
        guard let year = reader.number(4), reader.skip("-"),
            let month = reader.number(2), (1...12).contains(month), reader.skip("-"),
            let day = reader.number(2), (1...daysInMonth(month, year)).contains(day), year >= 1,
            reader.skip("T"),
            let hour = reader.number(2), hour <= 23, reader.skip(":"),
            let minute = reader.number(2), minute <= 59, reader.skip(":"),
            let second = reader.number(2), second <= 60,
            let fraction = reader.fraction(), let offset = reader.zone(), reader.isAtEnd
        else { return nil }
        let minutes = days(year: year, month: month, day: day) * 1_440 + hour * 60 + minute - offset
        return minutes * 60_000 + second * 1_000 + fraction
    }

    /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted in eras of 400 years from March on,
    /// so that the leap day is the last of its year.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = floorDivide(shifted, by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func append(_ value: Int64, digits: Int, then separator: Unicode.Scalar, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
        bytes.append(UInt8(ascii: separator))
    }

    /// Reads the parts in turn; each answers nil or false, and stays where it is, when something else stands there.
    private struct Reader {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { index == bytes.count }

        private var digit: Int64? {
            guard index < bytes.count else { return nil }
            let byte = bytes[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            return Int64(byte - UInt8(ascii: "0"))
        }

        mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: scalar) else { return false }
            index += 1
            return true
        }

        /// Exactly so many digits.
        mutating func number(_ digits: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let digit else { return nil }
                value = value * 10 + digit
                index += 1
            }
            return value
        }

        /// Milliseconds of `.sss`; 0 where there is no fraction, nil where a point stands alone.
        mutating func fraction() -> Int64? {
            guard skip(".") else { return 0 }
            guard digit != nil else { return nil }
            var value: Int64 = 0
            var scale: Int64 = 100
            while let digit {
                value += digit * scale
                scale /= 10
                index += 1
            }
            return value
        }

        /// Minutes east of UTC.
        mutating func zone() -> Int64? {
            if skip("Z") { return 0 }
            let isEast = skip("+")
            guard isEast || skip("-"), let hours = number(2), hours <= 23, skip(":"), let minutes = number(2),
                minutes <= 59
            else { return nil }
            return (isEast ? 1 : -1) * (hours * 60 + minutes)
        }
    }
}
