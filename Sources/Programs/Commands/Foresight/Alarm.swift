/// How often a method's warnings that a student will be under 0.5 came true.
struct Alarm: Hashable, Sendable {
  private var right = 0
  private var wrong = 0
  private var missed = 0

  /// Adds one forecast.
  mutating func add(_ isRaised: Bool, cameTrue: Bool) {
    switch (isRaised, cameTrue) {
    case (true, true): right += 1
    case (true, false): wrong += 1
    case (false, true): missed += 1
    case (false, false): break
    }
  }

  /// The share of warnings that came true.
  var precision: Double { Double(right) / Double(max(right + wrong, 1)) }
  /// The share of actual cases that had a warning.
  var recall: Double { Double(right) / Double(max(right + missed, 1)) }
  /// The harmonic mean of precision and recall.
  var balance: Double { Double(2 * right) / Double(max(2 * right + wrong + missed, 1)) }
}
