/// A suite with a stage, and the people who play on it.
protocol Verona {
    var stage: Stage { get }
}

extension Verona {
    var romeo: Actor { stage.actor("romeo@verona.example/orchard") }
    var juliet: Actor { stage.actor("juliet@verona.example/chamber") }
    var nurse: Actor { stage.actor("nurse@verona.example/door") }
    var prince: Actor { stage.actor("prince@verona.example/palace") }
    var tybalt: Actor { stage.actor("tybalt@verona.example/street") }
}
