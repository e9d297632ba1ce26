internal import DaprClient
internal import MasteryCore

/// The state of a fold, by position in its batch.
struct FoldAttempt: Sendable {
  let batch: [StudentEvents]
  var outcomes: [FoldOutcome]
  /// The stored document, or the one being saved.
  var documents: [StudentDocument?]
  /// Outcomes of forecasts whose day was over; counted only once the document without them is saved.
  var judged: [WeeklyForecast.Outcome?]
  /// Number of events whose cohort was left out.
  var cohortsLeftOut: [Int]
  /// Positions still to save.
  var open: [Int]
  /// The save for each position in `open`.
  var saving: [StudentStore.Saving] = []
  /// Whether any writer has saved something since the first read, which shows that the store accepts documents.
  var hasSeenSaves = false
  /// Number of documents saved.
  var saved = 0
  /// The reason of the last failed save.
  var failure: String?
  /// The latest write condition of each position.
  private var conditions: [Int: SaveItem.Condition] = [:]

  init(_ batch: [StudentEvents]) {
    self.batch = batch
    outcomes = Array(repeating: .retry("not tried"), count: batch.count)
    documents = Array(repeating: nil, count: batch.count)
    judged = Array(repeating: nil, count: batch.count)
    cohortsLeftOut = Array(repeating: 0, count: batch.count)
    open = Array(batch.indices)
  }

  /// Prepares a read: results of an earlier try for open positions are dropped.
  mutating func begin() {
    for position in open { forget(position) }
    open = []
    saving = []
  }

  /// Records the condition that was read; a condition that differs from the former one shows that somebody has saved.
  mutating func note(_ condition: SaveItem.Condition?, at position: Int) {
    guard let condition else { return }
    if let last = conditions.updateValue(condition, forKey: position), last != condition { hasSeenSaves = true }
  }

  mutating func end(_ positions: [Int], _ outcome: FoldOutcome) {
    for position in positions {
      outcomes[position] = outcome
      forget(position)
    }
  }

  private mutating func forget(_ position: Int) {
    documents[position] = nil
    judged[position] = nil
    cohortsLeftOut[position] = 0
  }
}
