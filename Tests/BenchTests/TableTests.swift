import Testing

@testable import Bench

@Suite struct TableTests {
    @Test(
        arguments: [
            (0.0, "0.00"), (0.004, "0.00"), (1.234, "1.23"), (9.999, "10.00"), (12.34, "12.3"), (123.4, "123"),
            (1234.5, "1,235"), (1_234_567, "1,234,567"), (-2.5, "−2.50"), (.infinity, "–"),
        ] as [(Double, String)])
    func numbersHaveThreeDigitsThatMeanSomething(_ value: Double, _ text: String) {
        #expect(Metric.format(value) == text)
    }

    @Test func aRowShowsRatiosAndWhetherTheGoalsAreMet() {
        var results = Results()
        results.set(.fanOut100, .samepage, 2)
        results.set(.fanOut100, .ejabberd, 40)
        results.set(.fanOut100, .floor, 4)
        let lines = Table(results).markdown.split(separator: "\n")
        #expect(lines.count == 3)
        let cells = lines[2].split(separator: "|").map { $0.filter { $0 != " " } }
        #expect(
            cells.dropFirst(2) == [
                "2.00", "–", "40.0", "4.00", "–", "20.0", "0.50", "≤floor;≥10×lessthanejabberd", "met;met",
            ])
        #expect(Set(lines.map(\.count)).count == 1)
    }

    @Test func whatWasNotMeasuredIsNotMet() {
        var results = Results()
        results.set(.fanOut100, .samepage, 5)
        results.set(.fanOut100, .floor, 4)
        #expect(results.judgements(.fanOut100).map(\.isMet) == [false, nil])
        #expect(results.judgements(.connecting).map(\.isMet) == [nil])
    }

    @Test func aGoalMayCompareWithAnotherRow() {
        var results = Results()
        results.set(.fanOut100, .samepage, 2)
        results.set(.tls, .samepage, 4.1)
        #expect(results.judgements(.tls).map(\.isMet) == [false])
        results.set(.archiveMemoryP99, .samepage, 1)
        results.set(.archiveP99, .samepage, 4)
        #expect(results.judgements(.archiveP99).map(\.isMet) == [true])
    }

    @Test func everyRowThatAGoalComparesWithIsThere() {
        let ids = Set(Metric.all.map(\.id))
        #expect(ids.count == Metric.all.count)
        for goal in Metric.all.flatMap(\.goals) {
            switch goal {
            case .atMostTimesRow(_, let id), .atMostMore(_, let id): #expect(ids.contains(id))
            case .atMost, .atMostTimes, .timesLess: break
            }
        }
    }

    @Test func namesOfScenariosAreDifferent() {
        #expect(Set(Scenarios.all.map(\.name)).count == Scenarios.all.count)
    }

    @Test func aTemplateIsFilledWhereverANameIs() {
        #expect(Template.fill(Array("{a}-{b}-{a} {{ 1 }}".utf8), ["a": "x", "b": "{a}"]).hasSuffix("{{ 1 }}"))
        #expect(Template.fill(Array("{port}".utf8), ["port": "1"]) == "1")
    }
}
