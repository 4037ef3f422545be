import XMPP

/// Nicks that survive the network.
///
/// Servers and clients with the JIDs of RFC 6122 put a nick through Resourceprep (its Appendix B): they rewrite some
/// characters, and do not deliver what has others. An occupant whom nobody there can see says what no moderator there
/// reads, and one whose nick becomes that of somebody else speaks in that one's name. So a room on the network takes
/// only what Resourceprep leaves as it is.
extension NickRules {
    /// - Throws: `not-acceptable` for a nick that the network would change or lose, where `limits` want none such.
    package static func requirePortable(_ nick: String, _ limits: MUCLimits) throws(StanzaError) {
        guard !limits.portableNicks || isPortable(nick) else {
            throw .notAcceptable("Parts of the XMPP network cannot carry this nick. Letters and digits always work.")
        }
    }

    /// Whether Resourceprep leaves the nick as it is, up to canonical equivalence.
    static func isPortable(_ nick: String) -> Bool {
        let scalars = Array(nick.unicodeScalars)
        return scalars.allSatisfy(isKept) && keepsDirection(scalars)
    }

    /// Known to Unicode 3.2, and neither mapped nor prohibited.
    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        guard let age = scalar.properties.age, (age.major, age.minor) <= (3, 2) else { return false }
        return !changed.holds(scalar.value)
    }

    /// RFC 3454 §6: where there is a character that runs from right to left, the first and the last are such, and none
    /// runs from left to right. Of those that do neither, only these scripts' own, accents and ASCII are taken.
    private static func keepsDirection(_ scalars: [Unicode.Scalar]) -> Bool {
        let runsLeft = scalars.map { rightToLeft.holds($0.value) }
        guard runsLeft.contains(true) else { return true }
        return runsLeft.first == true && runsLeft.last == true && scalars.allSatisfy(canStandInRightToLeft)
    }

    private static func canStandInRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return !scalar.properties.isAlphabetic }
        return rightToLeft.holds(scalar.value) || (0x0590...0x07BF).contains(scalar.value)
            || (0x0300...0x036F).contains(scalar.value)
    }

    /// What normalization form KC changes beyond canonical equivalence, Hebrew presentation forms (their last character
    /// becomes a mark), and RFC 3454's tables B.1, C.1.2, C.2.2 and C.3 to C.9. What Unicode 3.2 does not know counts to
    /// its neighbours.
    private static let changed: [ClosedRange<UInt32>] = [
        0x0080...0x00A0, 0x00A8...0x00A8, 0x00AA...0x00AA, 0x00AD...0x00AD, 0x00AF...0x00AF, 0x00B2...0x00B5,
        0x00B8...0x00BA, 0x00BC...0x00BE, 0x0132...0x0133, 0x013F...0x0140, 0x0149...0x0149, 0x017F...0x017F,
        0x01C4...0x01CC, 0x01F1...0x01F3, 0x02B0...0x02B8, 0x02D8...0x02DD, 0x02E0...0x02E4, 0x0340...0x0341,
        0x034F...0x034F, 0x037A...0x037A, 0x0384...0x0385, 0x03D0...0x03D6, 0x03F0...0x03F2, 0x03F4...0x03F5,
        0x0587...0x0587, 0x0675...0x0678, 0x06DD...0x06DD, 0x070F...0x070F, 0x0E33...0x0E33, 0x0EB3...0x0EB3,
        0x0EDC...0x0EDD, 0x0F0C...0x0F0C, 0x0F77...0x0F77, 0x0F79...0x0F79, 0x1680...0x1680, 0x1806...0x1806,
        0x180B...0x180E, 0x1E9A...0x1E9B, 0x1FBD...0x1FBD, 0x1FBF...0x1FC1, 0x1FCD...0x1FCF, 0x1FDD...0x1FDF,
        0x1FED...0x1FEE, 0x1FFD...0x200F, 0x2011...0x2011, 0x2017...0x2017, 0x2024...0x2026, 0x2028...0x202F,
        0x2033...0x2034, 0x2036...0x2037, 0x203C...0x203C, 0x203E...0x203E, 0x2047...0x2049, 0x2057...0x208E,
        0x20A8...0x20A8, 0x2100...0x2103, 0x2105...0x2107, 0x2109...0x2113, 0x2115...0x2116, 0x2119...0x211D,
        0x2120...0x2122, 0x2124...0x2124, 0x2128...0x2128, 0x212C...0x212D, 0x212F...0x2131, 0x2133...0x2139,
        0x213D...0x2140, 0x2145...0x2149, 0x2153...0x217F, 0x222C...0x222D, 0x222F...0x2230, 0x2460...0x24EA,
        0x2A0C...0x2A0C, 0x2A74...0x2A76, 0x2E9F...0x2E9F, 0x2EF3...0x3000, 0x3036...0x3036, 0x3038...0x303A,
        0x309B...0x309C, 0x309F...0x309F, 0x30FF...0x30FF, 0x3131...0x318E, 0x3192...0x319F, 0x3200...0x327B,
        0x3280...0x33FE, 0xE000...0xF8FF, 0xFB00...0xFB17, 0xFB1D...0xFD3D, 0xFD50...0xFE0F,
        0xFE30...0xFE44, 0xFE49...0xFE72, 0xFE74...0xFFFF, 0x1D173...0x1D17A, 0x1D400...0x1FFFF, 0x2FFFE...0x10FFFF,
    ]

    /// RFC 3454, table D.1.
    private static let rightToLeft: [ClosedRange<UInt32>] = [
        0x05BE...0x05BE, 0x05C0...0x05C0, 0x05C3...0x05C3, 0x05D0...0x05F4, 0x061B...0x064A, 0x066D...0x066F,
        0x0671...0x06D5, 0x06DD...0x06DD, 0x06E5...0x06E6, 0x06FA...0x070D, 0x0710...0x0710, 0x0712...0x072C,
        0x0780...0x07A5, 0x07B1...0x07B1, 0x200F...0x200F, 0xFB1D...0xFB1D, 0xFB1F...0xFB28, 0xFB2A...0xFD3D,
        0xFD50...0xFDC7, 0xFDF0...0xFDFC, 0xFE70...0xFEFC,
    ]
}

extension [ClosedRange<UInt32>] {
    /// Whether one of the ranges, which ascend, holds the value.
    fileprivate func holds(_ value: UInt32) -> Bool {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < endIndex && self[low].contains(value)
    }
}
