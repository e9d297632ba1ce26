internal import DaprClient
internal import Encodings
internal import JSON
internal import Synchronization

/// A replica's sidecar, used with a planted mistake.
final class MistakenSidecar: Sidecar {
  private struct State {
    /// The last value read, by key.
    var read: [String: [UInt8]] = [:]
    var conflicts: Set<String> = []
    var held: [SaveItem] = []
    /// Partition keys of students whose documents were saved but not yet published.
    var saved: Set<String> = []
    var rights = MistakenRights()
  }

  private let base: TracedSidecar
  private let mistake: Mistake
  private let documents: MistakenDocuments
  private let cohorts: MistakenCohorts
  private let state = Mutex(State())

  init(_ base: TracedSidecar, _ mistake: Mistake) {
    self.base = base
    self.mistake = mistake
    documents = MistakenDocuments(mistake: mistake)
    cohorts = MistakenCohorts(mistake: mistake)
  }

  // MARK: Reading

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (String, JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let loaded: [Loaded<[UInt8]>]
    do {
      loaded = try await base.bulkGet(keys.map(stored), context: context) { _, value in value.compactBytes }
    } catch {
      switch (mistake, error) {
      case (.emptyAnswerIsOutage, .spoiled), (.closedIsOutage, .broken):
        throw .failed(status: 500, code: "ERR_STATE_BULK_GET", message: "\(error)")
      default: throw error
      }
    }
    return zip(keys, loaded).map { key, loaded in
      Loaded(key: key, state: seen(Loaded(key: key, state: loaded.state), isAlone: keys.count == 1, decode))
    }
  }

  func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    let state = try await base.get(stored(key), context: context) { $0.compactBytes }
    return seen(Loaded(key: key, state: state), isAlone: true) { _, value in decode(value) }
  }

  private func seen<Value>(
    _ loaded: Loaded<[UInt8]>, isAlone: Bool, _ decode: (String, JSONValue) -> Value
  ) -> Loaded<Value>.State {
    switch loaded.state {
    case .missing: return .missing
    case .failed(let why): return mistake == .errorIsEmpty ? .missing : .failed(why)
    case .unreadable(let why, let etag):
      return mistake == .damagedIsEmpty || mistake == .unreadableIsAbsent ? .missing : .unreadable(why, etag: etag)
    case .value(let bytes, let etag):
      let known = state.withLock { state -> [UInt8]? in
        let isStale = mistake == .staleAfterConflict && state.conflicts.remove(loaded.key) != nil
        defer { if !isStale { state.read[loaded.key] = bytes } }
        return isStale ? state.read[loaded.key] : nil
      }
      let remembered = state.withLock { $0.rights.read(known ?? bytes, at: loaded.key, mistake) }
      guard let shown = documents.read(cohorts.read(remembered, at: loaded.key, isAlone: isAlone)) else { return .missing }
      let value = try? JSONDocument.parse(shown) { (root) throws(Never) in decode(loaded.key, root) }
      return value.map { .value($0, etag: etag) } ?? .failed("not JSON")
    }
  }

  // MARK: Writing

  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    let items = items.map { item in
      var item = item
      switch (mistake, item.condition) {
      case (.noETag, .matches), (.firstWriteForgotten, .absent), (.damagedIsEmpty, .absent), (.unreadableIsAbsent, .absent):
        item.condition = .always
      default: break
      }
      let before = state.withLock { $0.read[item.key] }
      item.value = cohorts.written(documents.written(item.value, before: before), at: item.key, before: before)
      state.withLock { $0.rights.change(&item, mistake) }
      item.key = stored(item.key)
      return item
    }.filter { item in !state.withLock { $0.rights.holds(item, mistake) } }
    if items.isEmpty { return }
    if mistake == .publishedBeforeSaved, items.allSatisfy({ Self.student($0.key) != nil }) {
      return state.withLock { $0.held.append(contentsOf: items) }
    }
    do {
      try await base.save(items, context: context)
    } catch {
      switch (mistake, error) {
      case (.conflictIsSaved, .conflict), (.lostSaveIsDone, .timedOut), (.lostSaveIsDone, .broken): break
      case (.staleAfterConflict, .conflict):
        state.withLock { $0.conflicts.formUnion(items.map(\.key)) }
        throw error
      default: throw error
      }
    }
    state.withLock { $0.saved.formUnion(items.compactMap { Self.student($0.key) }) }
  }

  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    try await base.delete(stored(key), etag: etag, context: context)
  }

  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    try await base.transact(operations, context: context)
  }

  /// The key that a value is stored at.
  private func stored(_ key: String) -> String { mistake == .keysNotEncoded ? PercentCoding.decode(key[...]) : key }

  /// The student of a document's key.
  private static func student(_ key: String) -> String? { KeyOwner(key)?.student }

  // MARK: Publishing

  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    try await base.publish(event, to: topic, through: component, context: context)
  }

  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    switch mistake {
    case .halfPublishedIsWhole:
      _ = try await base.publish(events, to: topic, context: context)
      return []
    case .deadLetterNotAwaited where topic == "mastery.dlq":
      _ = try? await base.publish(events, to: topic, context: context)
      return []
    case .idsWithoutEpoch where topic != "mastery.dlq":
      return try await base.publish(events.map(Self.withoutEpoch), to: topic, context: context)
    case .oneBadKeyIsRetry where topic == WorldTopics.waitingRoom: return Array(events.indices)
    case .revisionsNotSaid where topic == "mastery.results":
      return try await base.publish(events.map(Self.withoutRevisionsSince), to: topic, context: context)
    case .leaverStays where topic == "mastery.standings":
      return try await base.publish(events.map(MistakenCohorts.withoutFormer), to: topic, context: context)
    case .cohortStandsAsSchool where topic == "mastery.standings":
      return try await base.publish(events.map(MistakenCourses.withoutCohortScores), to: topic, context: context)
    case .courseHasWholeScore where topic == "mastery.results":
      return try await base.publish(events.map(MistakenCourses.withOneScore), to: topic, context: context)
    case .unchangedIsNotSaid where topic == "mastery.results":
      let changed = state.withLock { state in events.filter { state.saved.remove($0.partitionKey ?? "") != nil } }
      return changed.isEmpty ? [] : try await base.publish(changed, to: topic, context: context).isEmpty ? [] : Array(events.indices)
    case .publishedBeforeSaved where topic == "mastery.results":
      let held = state.withLock { state in
        let own = Set(events.compactMap(\.partitionKey))
        let held = state.held.filter { Self.student($0.key).map(own.contains) ?? false }
        state.held.removeAll { Self.student($0.key).map(own.contains) ?? false }
        return held
      }
      let untaken = try await base.publish(events, to: topic, context: context)
      if !held.isEmpty { try await base.save(held, context: context) }
      return untaken
    default: return try await base.publish(events, to: topic, context: context)
    }
  }

  private static func withoutRevisionsSince(_ event: OutgoingEvent) -> OutgoingEvent {
    var changed = event
    changed.body = DocumentEdit.replacing(event.body, at: ["data", "revisions_since"]) { _ in nil }
    return changed
  }

  private static func withoutEpoch(_ event: OutgoingEvent) -> OutgoingEvent {
    let id = try? JSONDocument.parse(event.body) { (root) throws(Never) in
      let data = root["data"]
      let parts = [
        root["type"]?.string, data?["school_id"]?.string, data?["student_id"]?.string, data?["revision"]?.integer.map(String.init),
      ]
      return Array("\"\(parts.map { $0 ?? "" }.joined(separator: "|"))\"".utf8)
    }
    guard let id else { return event }
    var changed = event
    changed.body = DocumentEdit.replacing(event.body, at: ["id"]) { _ in id }
    changed.body = DocumentEdit.replacing(changed.body, at: ["data", "event_id"]) { _ in id }
    return changed
  }

  // MARK: Unchanged calls

  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    try await base.invoke(call, context: context)
  }

  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    try await base.secret(name, store: store, context: context)
  }

  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata { try await base.metadata(context: context) }

  func isReady(context: CallContext) async -> Bool { await base.isReady(context: context) }
}
