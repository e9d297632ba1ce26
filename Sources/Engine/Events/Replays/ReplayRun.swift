internal import DaprClient
internal import MasteryCore

/// The state of one replay of dead letters.
struct ReplayRun {
  /// What became of a letter.
  struct Step {
    var fate: ReplayedDeadLetter.Fate
    var event: Event?
  }

  private let order: KeptDeadLetters.Order
  private let repaired: [String: [RepairedEvent]]
  /// Of the letters of the same event, the one that failed last.
  private let latest: [String: Timestamp]
  /// What became of each letter.
  var steps: [KeptDeadLetter.Name: Step] = [:]
  /// The letters whose marks are being saved.
  var pending: Set<KeptDeadLetter.Name> = []
  /// The letters that are marked.
  private(set) var marked: Set<KeptDeadLetter.Name> = []
  /// The failure to reach the broker; no further events are published, because each would only wait.
  var silence: SidecarFailure?

  init(_ order: KeptDeadLetters.Order, _ letters: [KeptDeadLetter]) {
    self.order = order
    repaired = Dictionary(grouping: order.repaired, by: \.id)
    latest = Dictionary(letters.map { ($0.id, $0.failedAt) }, uniquingKeysWith: max)
  }

  /// Notes that the marks are saved.
  mutating func confirm() {
    marked.formUnion(pending)
    pending = []
  }

  /// The event to publish for a letter; nil if there is none, or none any more.
  mutating func take(_ letter: KeptDeadLetter, _ record: StoredRecord, now: Timestamp) -> ReplayableEvent? {
    if let replayed = letter.replayed, !order.isRepeated {
      // Published here, and marked by another operator who was faster, or by a save that was taken for failed.
      if steps[letter.name] == nil { steps[letter.name] = Step(fate: .replayedBefore(replayed)) } else { marked.insert(letter.name) }
    }
    guard steps[letter.name] == nil else { return nil }
    do throws(ReplayableEvent.Obstacle) {
      let repaired = try repaired(for: letter)
      let content = repaired?.content ?? KeptDeadLetter.original(in: record)
      let event = try ReplayableEvent(letter, content, isRepaired: repaired != nil, now: now)
      guard order.isDryRun else { return event }
      steps[letter.name] = Step(fate: .ready)
    } catch {
      steps[letter.name] = Step(fate: .unreplayable(error.reason))
    }
    return nil
  }

  /// The repaired event for a letter: the one for its very failure, else one that only names the event, which is for its latest letter.
  ///
  /// An event and its correction have the same id, so an earlier letter must not be replayed with what was meant for a later one.
  private func repaired(for letter: KeptDeadLetter) throws(ReplayableEvent.Obstacle) -> RepairedEvent? {
    guard let events = repaired[letter.id] else { return nil }
    if let own = events.first(where: { $0.failedAt == letter.failedAt }) { return own }
    guard let event = events.first(where: { $0.failedAt == nil }), letter.failedAt == latest[letter.id] else {
      throw ReplayableEvent.Obstacle(reason: "the repaired event is for another dead letter of the same event")
    }
    return event
  }

  /// The mark of a letter that is published and not yet marked; nil for any other.
  func mark(of name: KeptDeadLetter.Name, now: Timestamp) -> KeptDeadLetter.Replayed? {
    guard let step = steps[name], step.fate == .unknown, !marked.contains(name) else { return nil }
    let isRepaired = step.event.map { repaired[$0.observation.event.text] != nil } ?? false
    return KeptDeadLetter.Replayed(at: now, by: order.by, isRepaired: isRepaired)
  }
}
