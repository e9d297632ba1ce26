public import DaprClient
internal import JSON
internal import MasteryCore

extension KeptDeadLetters {
  private static let documentsAtOnce = 100
  /// The pauses between two looks, in milliseconds.
  private static let pauses = (first: 200, last: 3_000)

  /// Waits until it is known what became of published events.
  ///
  /// - Parameters:
  ///   - replayed: The letters.
  ///   - milliseconds: How long to wait at the most.
  /// - Returns: The letters; `unknown` or `deferred` is what was not settled in that time, or could not be found out.
  public func followed(_ replayed: [ReplayedDeadLetter], for milliseconds: Int) async -> [ReplayedDeadLetter] {
    let end = runtime.now().adding(milliseconds: Int64(milliseconds))
    // A clock that is set back, or stands still, must not prolong it.
    var (followed, pause, rest) = (replayed, Self.pauses.first, milliseconds)
    while followed.contains(where: \.fate.isOpen) {
      // A store that does not answer now may answer before the time is over.
      if let looked = try? await standing(of: followed) { followed = looked }
      let left = min(rest, Int(end.milliseconds - runtime.now().milliseconds))
      guard left > 0, followed.contains(where: \.fate.isOpen) else { break }
      await runtime.sleep(milliseconds: min(pause, left))
      rest -= pause
      pause = min(2 * pause, Self.pauses.last)
    }
    return followed
  }

  /// What became of a letter that was replayed some time ago; `unknown` if that cannot be told.
  ///
  /// - Throws: `SidecarFailure` if the store gives no answer.
  public func outcome(of letter: KeptDeadLetter) async throws(SidecarFailure) -> ReplayedDeadLetter.Fate {
    var replayed = ReplayedDeadLetter(letter: letter, fate: .unknown, isMarked: true, failsAfter: letter.failedAt)
    if letter.replayed?.isRepaired == false {
      try await logs.survey([letter.name.log], now: runtime.now(), context: context) { log, records in
        guard let record = records.first(where: { $0.id == letter.name.recordID }) else { return true }
        let event = try? ReplayableEvent(letter, KeptDeadLetter.original(in: record), isRepaired: false, now: runtime.now())
        replayed.event = event?.event
        return false
      }
    }
    return try await standing(of: [replayed])[0].fate
  }

  /// Looks once at what became of published events.
  private func standing(of replayed: [ReplayedDeadLetter]) async throws(SidecarFailure) -> [ReplayedDeadLetter] {
    var replayed = replayed
    let open = replayed.indices.filter { replayed[$0].fate.isOpen }
    for index in open { replayed[index].fate = .unknown }
    try await lookAtDocuments(open, &replayed)
    try await lookForLetters(open.filter { replayed[$0].fate.isOpen }, &replayed)
    return replayed
  }

  // MARK: Documents

  private func lookAtDocuments(_ open: [Int], _ replayed: inout [ReplayedDeadLetter]) async throws(SidecarFailure) {
    var owned: [(index: Int, key: StudentKey)] = []
    for index in open { if let key = replayed[index].owner { owned.append((index, key)) } }
    let keys = Array(Set(owned.map(\.key))).sorted { $0.documentKey < $1.documentKey }
    for piece in keys.pieces(of: Self.documentsAtOnce) {
      var found: [StudentKey: StudentStore.Stored] = [:]
      for (key, loaded) in zip(piece, try await store.load(Array(piece), announcements: .none, context: context)) {
        found[key] = loaded.stored
      }
      for (index, key) in owned {
        if let stored = found[key], let fate = fate(of: replayed[index], by: stored) { replayed[index].fate = fate }
      }
    }
  }

  /// What a student's document says about an event; nil if it says nothing.
  private func fate(of replayed: ReplayedDeadLetter, by stored: StudentStore.Stored) -> ReplayedDeadLetter.Fate? {
    switch stored {
    case .document(let document):
      let time = replayed.event?.observation.timestamp ?? replayed.letter.happenedAt
      if time.map(document.ledger.forgets) ?? document.ledger.isConsentWithdrawn { return .forgotten }
      return holds(document, replayed) ? .folded : nil
    case .faulty(.newerSchema): return .deferred("a later release wrote the student's document")
    case .absent, .faulty(.unreadable), .failed: return nil
    }
  }

  /// Whether all that an event says is in a document: applying it would change nothing, be it that later evidence counts.
  private func holds(_ document: StudentDocument, _ replayed: ReplayedDeadLetter) -> Bool {
    guard let event = replayed.event else { return document.evidence.names(replayed.letter.id) }
    // What only asks for the present state leaves no trace.
    guard !event.observation.contents.isEmpty else { return false }
    let dated = store.calendars.dated([event.observation], in: event.key.school)
    let change = document.applying(dated, now: runtime.now(), cutoff: document.evidence.cutoff)
    return !change.isChanged && change.refused.isEmpty
  }

  // MARK: Letters

  /// A replayed event that failed again is the next letter of the same event, and tells that it came from `mastery.retry`.
  private func lookForLetters(_ open: [Int], _ replayed: inout [ReplayedDeadLetter]) async throws(SidecarFailure) {
    guard !open.isEmpty else { return }
    var (next, fates): ([String: [KeptDeadLetter]], [Int: ReplayedDeadLetter.Fate]) = ([:], [:])
    let ids = Set(open.map { replayed[$0].letter.id })
    let lists = Set(
      open.flatMap { index in
        [replayed[index].letter.name.log] + (replayed[index].owner.map { [DeadLetterStore.bucket(of: $0)] } ?? [])
      })
    let known = Set(replayed.map(\.letter.name))
    let since = open.map { replayed[$0].failsAfter }.min() ?? .earliest
    try await logs.survey(lists.sorted { $0.key < $1.key }, since: since, now: runtime.now(), context: context) { log, records in
      for letter in records.compactMap({ KeptDeadLetter($0, in: log) }) where letter.retries > 0 && ids.contains(letter.id) {
        if !known.contains(letter.name) { next[letter.id, default: []].append(letter) }
      }
      return true
    }
    for index in open {
      let (replayed, owner) = (replayed[index], replayed[index].owner)
      let later = (next[replayed.letter.id] ?? []).filter { $0.failedAt > replayed.failsAfter && $0.owner == owner }
      if let again = later.min(by: { $0.failedAt < $1.failedAt }) { fates[index] = .refused(again.message) }
    }
    for (index, fate) in fates { replayed[index].fate = fate }
  }
}

extension ReplayedDeadLetter {
  /// The student whose event was published; nil if it is nobody's.
  fileprivate var owner: StudentKey? { event?.key ?? letter.owner }
}

extension EvidenceRecord {
  /// Whether evidence of an event is kept.
  fileprivate func names(_ event: String) -> Bool {
    topics.contains { topic in
      topic.days.contains { day in day.latest.contains { $0.value.event.text == event } }
        || topic.baseline.contains { $0.value.latest.event.text == event || $0.value.before?.event.text == event }
    }
  }
}
