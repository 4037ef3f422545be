/// What a room knows about who speaks how much, and what waits to be heard.
struct Speech {
    var speakers = Speakers()
    var flood = FloodGuard()
    var held = HeldMessages()
    var reports = Reports()
    private var rules = FilterRules()
    private var filter: TextFilter?

    /// The room's own filter, built when its words have changed.
    mutating func filter(_ rules: FilterRules) -> TextFilter? {
        if self.rules != rules {
            self.rules = rules
            filter = TextFilter(rules)
        }
        return filter
    }
}
