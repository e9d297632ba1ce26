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

  /// All that happened to one student's document.
  struct Record: Sendable {
    let documentKey: String
    /// What was written, in order; what is no document is left out.
    var revisions: [Revision] = []
    /// When it was written, and when that ceased to be.
    var spans: [(bytes: [UInt8], from: Int64, until: Int64)] = []
    var said: [SaidEvent] = []
    var messages: [Message] = []
    var afflictions: [Chronicle.Afflicted] = []
    /// What stands there in the end.
    var standing: [UInt8]?
    /// When an earlier life of the document ended, if it did.
    var lastEnd = Int64.min

    func isAfflicted(by faults: Fault...) -> Bool { afflictions.contains { faults.contains($0.fault) } }
  }

  let plan: Plan
  let chronicle: Chronicle.Content
  let said: [SaidEvent]
  /// By document, in the order of the keys.
  let records: [Record]
  /// The events of good deliveries that were acknowledged, by document.
  let acknowledged: [String: [Chronicle.Acknowledged]]
  /// Ids of events that went to the dead letters although they are right.
  let poisoned: Set<String>
  /// Works out evidence anew.
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
    for event in said where event.topic != "mastery.dlq" { change(event.documentKey) { $0.said.append(event) } }
    for message in chronicle.messages where message.content.isSound {
      change(message.content.documentKey) { $0.messages.append(message) }
    }
    for affliction in chronicle.afflicted { change(affliction.documentKey) { $0.afflictions.append(affliction) } }
    for key in records.keys {
      change(key) { record in
        record.standing = parts.store.stored(key)?.value
        if record.standing == nil, let last = record.spans.last, last.until <= now { record.lastEnd = last.until }
      }
    }
    self.plan = parts.plan
    self.chronicle = chronicle
    self.said = said
    self.records = records.values.sorted { $0.documentKey < $1.documentKey }
    acknowledged = Dictionary(grouping: chronicle.acknowledged.filter { !$0.wasRefused }, by: \.message.content.documentKey)
    poisoned = Set(said.filter { $0.errorType == "processing_error" }.map(\.id))
    reference = Reference(seed: parts.plan.seed)
  }

  /// What is wrong with the first document with which something is.
  func first(_ breach: (Record) -> String?) -> String? {
    for record in records {
      if let breach = breach(record) { return "\(record.documentKey): \(breach)" }
    }
    return nil
  }
}

extension Aftermath.Record {
  /// Takes a write over; a life that ended before it is over.
  fileprivate mutating func take(_ write: SimulatedStore.Write) {
    if let last = spans.indices.last {
      if spans[last].until <= write.at { lastEnd = spans[last].until } else { spans[last].until = write.at }
    }
    let end = write.secondsToLive.flatMap { $0 > 0 ? write.at + Int64($0) * 1_000 : nil } ?? .max
    spans.append((write.value, write.at, end))
    if let document = StoredDocument(write.value) {
      revisions.append(.init(at: write.at, document: document, bytes: write.value, isForeign: write.isForeign))
    }
  }
}
