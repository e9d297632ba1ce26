/// A settled world, arranged for checking the laws.
struct Aftermath: Sendable {
  /// A document that was saved.
  struct Revision: Sendable {
    let at: Int64
    let document: StoredDocument
    let bytes: [UInt8]
    /// Whether the write bypassed the sidecar.
    let isForeign: Bool
  }

  /// The content of a document's key during a span of time.
  struct Span: Sendable {
    let bytes: [UInt8]
    /// Nil if the content is not a document.
    let document: StoredDocument?
    let from: Int64
    var until: Int64
    /// When it expires unless it is overwritten first; `Int64.max` for never.
    let endsAt: Int64
  }

  /// Everything that happened to one student's document.
  struct Record: Sendable {
    let documentKey: String
    /// The documents that were written, in order.
    var revisions: [Revision] = []
    /// Everything that was written, document or not, in order.
    var spans: [Span] = []
    var said: [SaidEvent] = []
    var messages: [Message] = []
    var afflictions: [Chronicle.Afflicted] = []
    /// The final content; nil if there is none.
    var standing: [UInt8]?
    /// When the document last expired; `Int64.min` if it never did.
    var lastEnd = Int64.min

    func isAfflicted(by faults: Fault...) -> Bool { afflictions.contains { faults.contains($0.fault) } }

    /// All contents between two times.
    func spans(from began: Int64, to ended: Int64) -> ArraySlice<Span> {
      let first = spans.firstIndex { $0.until > began } ?? spans.endIndex
      return spans[first...].prefix { $0.from <= ended }
    }

    /// The final document.
    var last: StoredDocument? { standing == nil ? nil : spans.last?.document }

    /// Whether the content called for dropping an event with that time at some point from `began` to `ended`.
    func mayForget(_ milliseconds: Int64, from began: Int64, to ended: Int64) -> Bool {
      spans(from: began, to: ended).contains { $0.document?.forgets(milliseconds) ?? false }
    }

    /// Whether the content called for dropping an event with that time at every point from `began` to `ended`.
    func mustForget(_ milliseconds: Int64, from began: Int64, to ended: Int64) -> Bool {
      let spans = spans(from: began, to: ended)
      // A write in the same millisecond may have come after the read.
      guard let first = spans.first, let last = spans.last, first.from < began, last.until > ended else { return false }
      let isWhole = zip(spans, spans.dropFirst()).allSatisfy { $0.until >= $1.from }
      return isWhole && spans.allSatisfy { $0.document?.forgets(milliseconds) ?? false }
    }
  }

  let plan: Plan
  let chronicle: Chronicle.Content
  let said: [SaidEvent]
  /// The store's final non-document values, by key.
  let beside: [(key: String, value: [UInt8])]
  /// One record for each document, ordered by key.
  let records: [Record]
  /// The acknowledged events that did not have to be refused, by document.
  let acknowledged: [String: [Chronicle.Acknowledged]]
  /// Ids of valid events that went to the dead letters.
  let poisoned: Set<String>
  /// Recalculates evidence.
  let reference: Reference

  init(_ parts: WorldParts) {
    let chronicle = parts.chronicle.content
    let said = chronicle.said.compactMap(SaidEvent.init)
    let now = parts.timeline.now
    var records: [String: Record] = [:]
    func change(_ key: String, _ change: (inout Record) -> Void) { change(&records[key, default: Record(documentKey: key)]) }
    for write in parts.store.writes where write.key.hasSuffix(":profile:current_mastery") {
      change(write.key) { $0.take(write, scoring: parts.plan.scoring) }
    }
    for event in said where event.isTold { change(event.documentKey) { $0.said.append(event) } }
    for message in chronicle.messages where message.content.isSound {
      change(message.content.documentKey) { $0.messages.append(message) }
    }
    for taken in chronicle.erasuresTaken { change(taken.documentKey) { _ in } }
    for affliction in chronicle.afflicted { change(affliction.documentKey) { $0.afflictions.append(affliction) } }
    for key in records.keys {
      change(key) { record in
        record.standing = parts.store.stored(key)?.value
        if record.standing == nil, let last = record.spans.last, last.until <= now { record.lastEnd = last.until }
      }
    }
    beside = parts.store.keys.filter { !$0.hasSuffix(":profile:current_mastery") }.map { ($0, parts.store.stored($0)?.value ?? []) }
    self.plan = parts.plan
    self.chronicle = chronicle
    self.said = said
    self.records = records.values.sorted { $0.documentKey < $1.documentKey }
    acknowledged = Dictionary(grouping: chronicle.acknowledged.filter { !$0.wasRefused }, by: \.message.content.documentKey)
    poisoned = Set(said.filter { $0.errorType == "processing_error" }.map(\.id))
    reference = Reference(plan: parts.plan)
  }

  /// The breach of the first document that has one.
  func first(_ breach: (Record) -> String?) -> String? {
    for record in records {
      if let breach = breach(record) { return "\(record.documentKey): \(breach)" }
    }
    return nil
  }
}

extension Aftermath.Record {
  /// Adds a write, and records when the content before it expired, if it did.
  fileprivate mutating func take(_ write: SimulatedStore.Write, scoring: String) {
    if let last = spans.indices.last {
      if spans[last].until <= write.at { lastEnd = spans[last].until } else { spans[last].until = write.at }
    }
    let end = write.endsAt ?? .max
    let document = StoredDocument(write.value, scoring: scoring)
    spans.append(.init(bytes: write.value, document: document, from: write.at, until: end, endsAt: end))
    if let document {
      revisions.append(.init(at: write.at, document: document, bytes: write.value, isForeign: write.isForeign))
    }
  }
}
