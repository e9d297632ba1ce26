extension ComponentValues where Value == Evidence {
  /// Stores `evidence` if it is later than the present one, and returns whether it was.
  mutating func supersede(_ component: Component, with evidence: Evidence) -> Bool {
    if let present = self[component], !(present < evidence) { return false }
    self[component] = evidence
    return true
  }

  /// Stores all of `later`, each of which must be later than the present one.
  mutating func supersede(with later: Self) {
    // Assigned one by one: for `self = later.completed(by: self)`, Swift 6.3.1 generates optimised code that releases the evidence once too
    // often.
    if let evidence = later.completion { completion = evidence }
    if let evidence = later.quiz { quiz = evidence }
    if let evidence = later.quality { quality = evidence }
    if let evidence = later.consistency { consistency = evidence }
  }
}
