extension ComponentValues where Value == Evidence {
  /// Puts `evidence` in place where it is later than what is there, and tells whether it was.
  mutating func supersede(_ component: Component, with evidence: Evidence) -> Bool {
    if let present = self[component], !(present < evidence) { return false }
    self[component] = evidence
    return true
  }

  /// Puts all of `later` in place, where each is known to be later than what is there.
  mutating func supersede(with later: Self) {
    // One by one: of `self = later.completed(by: self)` Swift 6.3.1 makes optimised code that gives evidence back once too often.
    if let evidence = later.completion { completion = evidence }
    if let evidence = later.quiz { quiz = evidence }
    if let evidence = later.quality { quality = evidence }
    if let evidence = later.consistency { consistency = evidence }
  }
}
