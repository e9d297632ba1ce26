extension ComponentValues where Value == Evidence {
  /// Stores `evidence` if it is later than the present one, and returns whether it was.
  mutating func supersede(_ component: Component, with evidence: Evidence) -> Bool {
    if let present = self[component], !(present < evidence) { return false }
    self[component] = evidence
    return true
  }

  /// Stores what is later in `others` than the present evidence.
  ///
  /// That of a later day is, unless the days are of clocks that were changed between them.
  mutating func supersede(with others: Self) {
    // Assigned one by one: for a value made of both, Swift 6.3.1 generates optimised code that releases the evidence once too often.
    if let evidence = others.completion { _ = supersede(.completion, with: evidence) }
    if let evidence = others.quiz { _ = supersede(.quiz, with: evidence) }
    if let evidence = others.quality { _ = supersede(.quality, with: evidence) }
    if let evidence = others.consistency { _ = supersede(.consistency, with: evidence) }
  }
}
