internal import JSON
internal import MasteryService

/// What became of the dead letters of a replay.
struct DeadLetterSummary {
  private let replayed: [ReplayedDeadLetter]
  /// The ids of repaired events of which no letter is kept.
  private let unmatched: [String]
  private let isDryRun: Bool

  /// Creates the summary of a replay.
  ///
  /// - Parameters:
  ///   - replayed: The letters.
  ///   - repaired: The repaired events that were given.
  ///   - isDryRun: Whether nothing was to be published.
  init(_ replayed: [ReplayedDeadLetter], _ repaired: [RepairedEvent], isDryRun: Bool) {
    self.replayed = replayed
    self.isDryRun = isDryRun
    let known = Set(replayed.map(\.letter.id))
    var seen: Set<String> = []
    unmatched = repaired.map(\.id).filter { !known.contains($0) && seen.insert($0).inserted }
  }

  /// A line for each letter that is not simply in, then the numbers.
  var lines: [String] {
    var lines = replayed.filter { Self.meaning(of: $0.fate) != nil && !$0.fate.isDone }.map { letter in
      "\(letter.letter.id): \(Self.meaning(of: letter.fate) ?? "")\(letter.fate.reason.map { ": \($0)" } ?? "")"
    }
    lines += unmatched.map { "\($0): no such dead letter is kept" }
    var counts: [(word: String, count: Int)] = []
    for letter in replayed {
      if let index = counts.firstIndex(where: { $0.word == letter.fate.word }) {
        counts[index].count += 1
      } else {
        counts.append((letter.fate.word, 1))
      }
    }
    let numbers = counts.sorted { ($1.count, $0.word) < ($0.count, $1.word) }.map { "\($0.count) \($0.word)" }
    let total = "\(replayed.count) dead \(replayed.count == 1 ? "letter" : "letters")"
    return lines + [([total] + (numbers.isEmpty ? [] : [numbers.joined(separator: ", ")])).joined(separator: ": ")]
  }

  /// Each letter as a JSON object.
  var json: [String] {
    replayed.map { letter in
      String(
        decoding: JSONWriter.object { json in
          json.letter(letter.letter)
          json.member("fate", letter.fate.word)
          if let reason = letter.fate.reason { json.member("reason", reason) }
          json.member("is_marked", letter.isMarked)
        }, as: UTF8.self)
    }
      + unmatched.map { id in
        String(
          decoding: JSONWriter.object { json in
            json.member("event_id", id)
            json.member("fate", ReplayedDeadLetter.Fate.gone.word)
          }, as: UTF8.self)
      }
  }

  /// What is not done; nil if everything is.
  var shortcoming: String? {
    let isLeft = isDryRun ? replayed.filter { $0.fate != .ready } : replayed.filter { !$0.fate.isDone }
    let left = isLeft.count + unmatched.count
    guard left == 0 else {
      return isDryRun ? "\(left) of the dead letters cannot be replayed as they are" : "\(left) of the dead letters are not in"
    }
    let unmarked = replayed.count { $0.fate.isPublished && !$0.isMarked }
    guard unmarked > 0 else { return nil }
    return "\(unmarked) letters could not be marked as replayed; the next replay publishes their events again, which changes nothing"
  }

  /// A fate in words; nil if it goes without saying.
  private static func meaning(of fate: ReplayedDeadLetter.Fate) -> String? {
    switch fate {
    case .ready, .folded: nil
    case .unreplayable: "it cannot be replayed as it is"
    case .replayedBefore: "it has been replayed already"
    case .gone: "it is not kept any more"
    case .unpublished: "it is not published for certain"
    case .unknown: "it is published, and not known to be in yet"
    case .deferred: "it is published, and waits"
    case .refused: "it failed again"
    case .forgotten: "it is left out, since the student was erased or withdrew consent"
    }
  }
}

extension ReplayedDeadLetter.Fate {
  /// Whether nothing is left to do.
  fileprivate var isDone: Bool {
    switch self {
    case .folded, .forgotten, .replayedBefore: true
    case .ready, .unreplayable, .gone, .unpublished, .unknown, .deferred, .refused: false
    }
  }

  /// Whether the event was published by this replay.
  fileprivate var isPublished: Bool {
    switch self {
    case .folded, .forgotten, .unknown, .deferred, .refused: true
    case .ready, .unreplayable, .replayedBefore, .gone, .unpublished: false
    }
  }
}
