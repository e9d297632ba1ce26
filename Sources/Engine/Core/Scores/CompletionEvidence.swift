/// The share of exercises that a student has completed.
public struct CompletionEvidence: Hashable, Sendable {
  /// Number of exercises, at least 1.
  public let totalExercises: Int
  /// Number of completed exercises.
  public let completedExercises: Int
  /// The difficulty of the exercises.
  public let difficulty: Difficulty

  /// Creates evidence from the counts in an event or request.
  ///
  /// - Throws: `OutOfRange` unless the total is at least 1 and the completed number is between 0 and the total.
  public init(totalExercises: Int, completedExercises: Int, difficulty: Difficulty = .intermediate) throws(OutOfRange) {
    try OutOfRange.unless(totalExercises >= 1, "total_exercises", totalExercises, "an integer of at least 1")
    try OutOfRange.unless(
      (0...totalExercises).contains(completedExercises), "completed_exercises", completedExercises, "an integer from 0 to total_exercises")
    self.totalExercises = totalExercises
    self.completedExercises = completedExercises
    self.difficulty = difficulty
  }

  /// The completed share times the difficulty factor, at most 1.
  public var score: Score {
    Score(clamping: Double(completedExercises) / Double(totalExercises) * difficulty.factor)
  }
}
