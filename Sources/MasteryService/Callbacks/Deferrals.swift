internal import JSON
internal import MasteryCore

/// How often an event has been deferred, and what was found then.
struct Deferrals: Sendable, Equatable {
  /// None yet.
  static let none = Deferrals(count: 0, failures: 0, copies: 0, judgedAt: nil)
  private static let range: ClosedRange<Int64> = 0...1_000_000

  /// How often in all.
  let count: Int
  /// How often since it last waited for something that ends without fail, such as the release that reads its student's document.
  ///
  /// Only these bring it to the dead letters: what failed once after days of rightful waiting has been tried once.
  let failures: Int
  /// How many copies of it were put at the end of the topic before this one.
  let copies: Int
  /// The latest time by which its own was judged.
  ///
  /// What one process found not to lie in the future does not become a future event for another whose clock is behind.
  let judgedAt: Timestamp?

  private init(count: Int, failures: Int, copies: Int, judgedAt: Timestamp?) {
    self.count = count
    self.failures = failures
    self.copies = copies
    self.judgedAt = judgedAt
  }

  /// Reads what a deferred event says; nil when it says nothing of use.
  init?(_ data: JSONValue) {
    guard let count = data["retry_count"]?.integer, count > 0, Self.range.contains(count) else { return nil }
    let failures = data["failures"]?.integer ?? count
    let copies = data["copies"]?.integer ?? 0
    guard Self.range.contains(failures), copies >= 0 else { return nil }
    let judgedAt = data["judged_at"]?.integer.flatMap { Timestamp(exactly: $0) }
    self.init(count: Int(count), failures: Int(failures), copies: Int(copies), judgedAt: judgedAt)
  }

  /// Whether the next failure is the last.
  var areExhausted: Bool { failures >= DeferredEvent.waits.count }

  /// By what time an event is to be judged now.
  func judging(at now: Timestamp) -> Timestamp { max(now, judgedAt ?? now) }

  /// One more.
  ///
  /// - Parameters:
  ///   - isEndless: Whether it waits for as long as it takes.
  ///   - now: The time.
  /// - Returns: What the deferred event says.
  func next(isEndless: Bool, at now: Timestamp) -> Deferrals {
    Deferrals(
      count: min(count + 1, Int(Self.range.upperBound)), failures: isEndless ? 0 : failures + 1, copies: copies + 1,
      judgedAt: judging(at: now))
  }

  /// Another copy, put at the end of the topic without being tried.
  var copied: Deferrals { Deferrals(count: count, failures: failures, copies: copies + 1, judgedAt: judgedAt) }
}
