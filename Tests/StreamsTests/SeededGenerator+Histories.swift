import SeededTesting

extension SeededGenerator {
    mutating func roll(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    mutating func pick<Value>(_ first: Value, _ others: Value...) -> Value {
        let choice = roll(below: others.count + 1)
        return choice == 0 ? first : others[choice - 1]
    }
}
