import Testing

@testable import Bench

@Suite struct HistogramTests {
    @Test func everyValueIsInTheBucketWhoseEndIsNearIt() {
        for shift in 0..<63 {
            for offset: UInt64 in [0, 1, 7, 1000] {
                let value = (1 << UInt64(shift)) + offset
                let end = Histogram.end(of: Histogram.bucket(of: value))
                #expect(end >= value)
                #expect(Double(end - value) <= Double(value) * Histogram.precision)
            }
        }
    }

    @Test func bucketsAreInOrderAndWithoutGaps() {
        for bucket in 1..<4000 {
            let begin = Histogram.end(of: bucket - 1) + 1
            #expect(Histogram.bucket(of: begin) == bucket)
            #expect(Histogram.bucket(of: Histogram.end(of: bucket)) == bucket)
        }
    }

    @Test func quantilesOfSmallValuesAreExact() {
        var histogram = Histogram()
        for value in 1...100 { histogram.record(UInt64(value)) }
        #expect(histogram.value(at: 0.5) == 50)
        #expect(histogram.value(at: 0.99) == 99)
        #expect(histogram.value(at: 0.999) == 100)
        #expect(histogram.value(at: 0) == 1)
        #expect(histogram.value(at: 1) == 100)
        #expect(histogram.mean == 50.5)
    }

    @Test func theGreatestValueIsNeverExceeded() {
        var histogram = Histogram()
        histogram.record(1_000_003)
        #expect(histogram.value(at: 0.5) == 1_000_003)
        #expect(histogram.maximum == 1_000_003)
    }

    @Test func nothingRecordedIsNothing() {
        #expect(Histogram().value(at: 0.99) == 0)
        #expect(Histogram().mean == 0)
    }

    @Test func theGreatestValuesThereAreCanBeRecorded() {
        var histogram = Histogram()
        histogram.record(.max)
        histogram.record(0)
        #expect(histogram.value(at: 1) == .max)
        #expect(histogram.value(at: 0.5) == 0)
    }

    @Test func twoHistogramsAddUp() {
        var one = Histogram()
        var other = Histogram()
        for value in 1...50 { one.record(UInt64(value)) }
        for value in 51...100 { other.record(UInt64(value)) }
        one.add(other)
        #expect(one.count == 100)
        #expect(one.value(at: 0.5) == 50)
        #expect(one.maximum == 100)
    }
}
