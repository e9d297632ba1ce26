/// How many of the exercises a student has done.
public struct CompletionEvidence: Hashable, Sendable {
  /// How many exercises there are, at least 1.
  public let totalExercises: Int
  /// How many of them are done.
  public let completedExercises: Int
  /// How hard they are.
  public let difficulty: Difficulty

  /// Takes the counts of an event or request.
  ///
  /// - Throws: `OutOfRange` unless the total is at least 1 and the number done lies between 0 and it.
  public init(totalExercises: Int, completedExercises: Int, difficulty: Difficulty = .intermediate) throws(OutOfRange) {
    try OutOfRange.unless(totalExercises >= 1, "total_exercises", totalExercises, "an integer of at least 1")
    try OutOfRange.unless(
      (0...totalExercises).contains(completedExercises), "completed_exercises", completedExercises, "an integer from 0 to total_exercises")
    self.totalExercises = totalExercises
    self.completedExercises = completedExercises
    self.difficulty = difficulty
  }

  /// The share done, times the factor of the difficulty, at most 1.
  public var score: Score {
    Score(clamping: Double(completedExercises) / Double(totalExercises) * difficulty.factor)
  }
}
