internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// Writes the elements of a list with a student's mastery: score and level, and the four components, null without evidence.
  mutating func elements(of mastery: ShownMastery) {
    integer(mastery.score)
    integer(Level.allCases.firstIndex(of: mastery.level) ?? 0)
    for component in Component.allCases {
      if let score = mastery.components[component] { integer(score) } else { null() }
    }
  }
}

extension ShownMastery {
  /// Reads the elements of a list with a student's mastery; nil if they are none.
  init?(elements parts: inout JSONElements) {
    guard let score = parts.next() else { return nil }
    self.init(score: score, then: &parts)
  }

  /// Reads the elements of a list with a student's mastery, the first of which has been read; nil if they are none.
  init?(score: JSONValue, then parts: inout JSONElements) {
    guard let score = Self.thousandths(score), let level = parts.next()?.integer,
      Level.allCases.indices.contains(Int(truncatingIfNeeded: level))
    else { return nil }
    var components = ComponentValues<Int>()
    for component in Component.allCases {
      guard let part = parts.next() else { return nil }
      if part.isNull { continue }
      guard let score = Self.thousandths(part) else { return nil }
      components[component] = score
    }
    self.init(score: score, level: Level.allCases[Int(truncatingIfNeeded: level)], components: components)
  }

  private static func thousandths(_ value: JSONValue) -> Int? {
    value.integer.flatMap { (0...1_000).contains($0) ? Int($0) : nil }
  }
}
