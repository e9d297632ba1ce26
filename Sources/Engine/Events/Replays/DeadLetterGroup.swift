public import MasteryCore

/// Dead letters of one cause.
public struct DeadLetterGroup: Sendable, Hashable {
  /// The cause.
  public let cause: FailureCause
  /// The number of letters.
  public private(set) var count = 0
  /// How many of them have been replayed.
  public private(set) var replayed = 0
  /// The earliest failure.
  public private(set) var first: Timestamp
  /// The latest failure.
  public private(set) var last: Timestamp

  private init(_ letter: KeptDeadLetter) {
    cause = letter.cause
    first = letter.failedAt
    last = letter.failedAt
  }

  private mutating func add(_ letter: KeptDeadLetter) {
    count += 1
    replayed += letter.replayed == nil ? 0 : 1
    first = min(first, letter.failedAt)
    last = max(last, letter.failedAt)
  }

  /// Groups letters by cause, the largest group first.
  public static func groups(of letters: [KeptDeadLetter]) -> [Self] {
    var groups: [FailureCause: Self] = [:]
    for letter in letters { groups[letter.cause, default: Self(letter)].add(letter) }
    return groups.values.sorted { ($1.count, $0.cause.id) < ($0.count, $1.cause.id) }
  }
}
