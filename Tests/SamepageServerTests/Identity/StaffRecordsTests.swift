import Foundation
import Testing

@testable import SamepageServer

struct StaffRecordsTests {
    private func somebody(_ number: Int) -> String {
        let digits = Array("abcdefghijklmnop")
        return String((0..<26).map { digits[$0 < 5 ? (number >> (4 * $0)) & 15 : 0] })
    }

    private func record(
        _ number: Int, _ nick: String? = nil, _ role: StaffRole = .admin, site: String? = nil, expires: Int64 = 2_000
    ) -> StaffRecord {
        StaffRecord(
            identity: somebody(number), claims: StaffClaims(role: role, nick: nick ?? "N\(number)", site: site),
            issued: 1_000, expires: expires)
    }

    @Test func theFileSaysTheSame() throws {
        var records = StaffRecords()
        for (number, nick) in ["Ann", "Ann Other", "- -", "안녕", "1 2 3", "\u{301}e", "\u{301} x"].enumerated() {
            let site = number % 2 == 0 ? nil : "example.org"
            try records.add(record(number, nick, StaffRole.allCases[number % 3], site: site), SiteList(), now: 1_500)
        }
        _ = try records.revoke(somebody(2), now: 1_700)
        let (read, unreadable) = StaffRecords.parse(records.text)
        #expect(read == records)
        #expect(unreadable == 0)
        #expect(read.all[2].revoked == 1_700)
    }

    @Test func linesThatAreNotUnderstoodMakeNobodyAnybody() {
        let ann = somebody(1)
        let bad = [
            "x", "\(ann) owner - 1 2 - ", "\(ann) owner - 1 2 -", "\(ann) king - 1 2 - Ann", "\(ann) owner - 1 x - Ann",
            "\(ann) owner - -1 2 - Ann", "\(ann) owner - 1 2 x Ann", "\(ann.uppercased()) owner - 1 2 - Ann",
            "\(ann)  owner - 1 2 - Ann", " \(ann) owner - 1 2 - Ann", "\(ann) owner  1 2 - Ann", "\u{0}",
            "\(ann) owner - 1 99999999999999999999 - Ann", "\(ann) owner - 1 2 -\u{301} Ann",
        ]
        let good = "\(somebody(2)) owner - 1 2 - Ben"
        let (read, unreadable) = StaffRecords.parse((bad + [good]).joined(separator: "\n"))
        #expect(unreadable == bad.count)
        #expect(read.all.map(\.claims.nick) == ["Ben"])
    }

    @Test func aBeginningNamesATokenIfItIsTheOnlyOne() throws {
        var records = StaffRecords([record(1), record(2), record(17)])
        let second = somebody(2)
        for id in ["", "caa", "zzzz", somebody(1).prefix(1).description, second + "a"] {
            #expect(throws: StaffRecords.Failure.self, "\(id)") { try records.revoke(id, now: 1_500) }
        }
        #expect(try records.revoke(String(second.prefix(4)), now: 1_500).identity == second)
        #expect(records.all.map(\.revoked) == [nil, 1_500, nil])
        #expect(try records.revoke(second, now: 1_900).revoked == 1_500, "it stays revoked since then")
        records = StaffRecords([record(16 * 16 * 16 * 16), record(0)])
        #expect(throws: StaffRecords.Failure(description: "there are 2 tokens whose id begins with aaaa")) {
            try records.revoke("aaaa", now: 1_500)
        }
    }

    @Test func twoDoNotHaveOneNickWhereBothCount() throws {
        let sites = SiteList([try Site(hosts: ["example.org", "www.example.org"]), try Site(hosts: ["example.com"])])
        var records = StaffRecords()
        try records.add(record(1, "Ann", site: "example.org"), sites, now: 1_500)
        try records.add(record(2, "Ann", site: "example.com"), sites, now: 1_500)
        for site in [nil, "example.org", "www.example.org"] {
            #expect(throws: StaffRecords.Failure.self) {
                try records.add(record(3, "ANN", site: site), sites, now: 1_500)
            }
        }
        _ = try records.revoke(somebody(1), now: 1_600)
        try records.add(record(3, "ANN", site: "www.example.org"), sites, now: 1_600)
        // And an expired one is in nobody's way.
        try records.add(record(4, "Ann", site: "example.com"), sites, now: 2_000)
    }

    @Test func thereAreOnlySoManyAndTheExpiredMakePlace() throws {
        var records = StaffRecords((0..<StaffRecords.capacity).map { record($0, expires: $0 == 0 ? 1_600 : 2_000) })
        #expect(throws: StaffRecords.Failure.self) { try records.add(record(5_000), SiteList(), now: 1_500) }
        records.expire(now: 1_600)
        try records.add(record(5_000), SiteList(), now: 1_600)
        #expect(records.all.count == StaffRecords.capacity)
        let (read, unreadable) = StaffRecords.parse(records.text + StaffRecords([record(6_000)]).text)
        #expect(read == records)
        #expect(unreadable == 1)
    }
}
