/// A world at rest, arranged for the laws.
struct Aftermath: Sendable {
  /// A document that was saved.
  struct Revision: Sendable {
    let at: Int64
    let document: StoredDocument
    let bytes: [UInt8]
    /// Whether it was written past the sidecar.
    let isForeign: Bool
  }

  /// The content of a document's key from one moment to another.
  struct Span: Sendable {
    let bytes: [UInt8]
    /// Nil if it is not a document.
    let document: StoredDocument?
    let from: Int64
    var until: Int64
    /// When its lifetime ends, if nothing overwrites it before; the last moment of all for never.
    let endsAt: Int64
  }

  /// Everything that happened to one student's document.
  struct Record: Sendable {
    let documentKey: String
    /// What was written, in order, without values that are not documents.
    var revisions: [Revision] = []
    /// When it was written, and when it was replaced.
    var spans: [Span] = []
    var said: [SaidEvent] = []
    var messages: [Message] = []
    var afflictions: [Chronicle.Afflicted] = []
    /// The final content.
    var standing: [UInt8]?
    /// When an earlier life of the document ended, if it did.
    var lastEnd = Int64.min

    func isAfflicted(by faults: Fault...) -> Bool { afflictions.contains { faults.contains($0.fault) } }

    /// All contents during a time.
    func spans(from began: Int64, to ended: Int64) -> ArraySlice<Span> {
      let first = spans.firstIndex { $0.until > began } ?? spans.endIndex
      return spans[first...].prefix { $0.from <= ended }
    }

    /// The final document.
    var last: StoredDocument? { standing == nil ? nil : spans.last?.document }

    /// Whether an event with that time was to be dropped at some moment of a time, by the content then.
    func mayForget(_ milliseconds: Int64, from began: Int64, to ended: Int64) -> Bool {
      spans(from: began, to: ended).contains { $0.document?.forgets(milliseconds) ?? false }
    }

    /// Whether an event with that time was to be dropped at every moment of a time.
    func mustForget(_ milliseconds: Int64, from began: Int64, to ended: Int64) -> Bool {
      let spans = spans(from: began, to: ended)
      // What was written in the very millisecond may have been written after it was read.
      guard let first = spans.first, let last = spans.last, first.from < began, last.until > ended else { return false }
      let isWhole = zip(spans, spans.dropFirst()).allSatisfy { $0.until >= $1.from }
      return isWhole && spans.allSatisfy { $0.document?.forgets(milliseconds) ?? false }
    }
  }

  let plan: Plan
  let chronicle: Chronicle.Content
  let said: [SaidEvent]
  /// Everything else in the store at the end, by key.
  let beside: [(key: String, value: [UInt8])]
  /// By document, in the order of the keys.
  let records: [Record]
  /// The events of good deliveries that were acknowledged, by document.
  let acknowledged: [String: [Chronicle.Acknowledged]]
  /// Ids of valid events that went to the dead letters.
  let poisoned: Set<String>
  /// Calculates evidence anew.
  let reference: Reference

  init(_ parts: WorldParts) {
    let chronicle = parts.chronicle.content
    let said = chronicle.said.compactMap(SaidEvent.init)
    let now = parts.timeline.now
    var records: [String: Record] = [:]
    func change(_ key: String, _ change: (inout Record) -> Void) { change(&records[key, default: Record(documentKey: key)]) }
    for write in parts.store.writes where write.key.hasSuffix(":profile:current_mastery") {
      change(write.key) { $0.take(write) }
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
    reference = Reference(seed: parts.plan.seed)
  }

  /// The fault of the first faulty document.
  func first(_ breach: (Record) -> String?) -> String? {
    for record in records {
      if let breach = breach(record) { return "\(record.documentKey): \(breach)" }
    }
    return nil
  }
}

extension Aftermath.Record {
  /// Adds a write; a life that ended before it is over.
  fileprivate mutating func take(_ write: SimulatedStore.Write) {
    if let last = spans.indices.last {
      if spans[last].until <= write.at { lastEnd = spans[last].until } else { spans[last].until = write.at }
    }
    let end = write.endsAt ?? .max
    let document = StoredDocument(write.value)
    spans.append(.init(bytes: write.value, document: document, from: write.at, until: end, endsAt: end))
    if let document {
      revisions.append(.init(at: write.at, document: document, bytes: write.value, isForeign: write.isForeign))
    }
  }
}
