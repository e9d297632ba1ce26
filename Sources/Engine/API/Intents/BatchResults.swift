internal import MasteryCore
internal import Schemas

/// What has come of a batch.
struct BatchResults: Sendable {
  /// The entries whose results and failures are shown.
  let shown: ArraySlice<BatchEntry>
  /// All entries, in order.
  let all: [BatchEntry]

  /// The members `results`, `failures` and, over all entries, `summary`.
  static let shape = ObjectShape<Self> {
    Member("results", result.shape.list(), "the mastery of each student with one") { $0.shown.compactMap(Result.init) }
    Member("failures", failure.shape.list(), "the students without one, and why") { $0.shown.compactMap(Failure.init) }
    Member("summary", summary, "what all of the batch comes to so far") { BatchSummary(of: $0.all) }
  }

  /// A student's mastery.
  private struct Result {
    let student: StudentID
    let mastery: ShownMastery

    init?(_ entry: BatchEntry) {
      guard case .mastery(let mastery) = entry.outcome, let student = entry.student else { return nil }
      (self.student, self.mastery) = (student, mastery)
    }
  }

  private static let result = ObjectShape<Result>("BatchResult", "a student's mastery") {
    Member("student_id", .id, "the student") { $0.student }
    Member.all(of: ShownMastery.members) { $0.mastery }
  }

  /// Why there is no mastery.
  private struct Failure {
    let student: StudentID?
    let code: String
    let message: String

    init?(_ entry: BatchEntry) {
      guard case .failure(let code, let message) = entry.outcome else { return nil }
      (student, self.code, self.message) = (entry.student, code, message)
    }
  }

  private static let failure = ObjectShape<Failure>("BatchFailure", "why there is no mastery of a student") {
    Member.nullable("student_id", .id, "the student; null if the row names none") { $0.student }
    Member("code", .text(), "the code of the error") { $0.code }
    Member("message", .text(), "what is wrong, in a sentence") { $0.message }
  }

  private static let summary = ObjectShape<BatchSummary>("BatchSummary", "what a batch comes to") {
    Member("total", .count, "the number of students") { $0.total }
    Member("success", .count, "how many have a mastery") { $0.standings.total }
    Member("failed", .count, "how many failed") { $0.failed }
    Member.nullable("average", .score, "the mean mastery; null if there is none") { $0.standings.mastery.average }
    Member.nullable("highest", .score, "the highest mastery") { $0.standings.mastery.quantile(1) }
    Member.nullable("lowest", .score, "the lowest mastery") { $0.standings.mastery.quantile(0) }
    Member("levels", CohortStandings.numbersByLevel, "the number of students at each level") { $0.standings }
  }
}

/// What all entries of a batch come to.
private struct BatchSummary {
  let total: Int
  private(set) var standings = CohortStandings()
  private(set) var failed = 0

  init(of entries: [BatchEntry]) {
    total = entries.count
    for entry in entries {
      switch entry.outcome {
      case .mastery(let mastery): standings.add(mastery, nil)
      case .failure: failed += 1
      case nil: continue
      }
    }
  }
}
