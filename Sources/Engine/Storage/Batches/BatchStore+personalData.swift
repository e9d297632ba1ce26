internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

extension BatchStore: PersonalDataStore {
  /// Number of chunks read in one request.
  private static let chunksAtOnce = 32
  /// An export takes no further batch once it holds this many bytes.
  private static let exportedBytes = 4 << 20

  var name: String { "batches" }
  var meaning: String { "Batches of the last seven days that asked how this student stands, with what came of it." }

  func export(
    _ student: StudentDocument, _ page: PersonalDataPage, now: Timestamp, context: CallContext
  ) async throws(SidecarFailure) -> PersonalDataContent {
    let entries = try await list(of: student.key, context).list.entries
    var (parts, size): ([[UInt8]], Int) = ([], 0)
    var nextOffset: Int?
    for (index, entry) in entries.enumerated().dropFirst(page.offset) {
      guard size < Self.exportedBytes else {
        nextOffset = index
        break
      }
      let chunks = try await chunks(of: [entry], student.school, context)
      let part = JSONWriter.object { json in
        json.member("batch_id", entry.job.text)
        json.member("asked_at", entry.created.iso8601)
        json.member("asked_by_hash", entry.source)
        json.array("entries") { json in
          // A batch may contain a student many times, with the same outcome each time.
          var shown: Set<BatchEntry> = []
          for entry in chunks.lazy.compactMap(\.chunk).flatMap(\.entries) where entry.student == student.student {
            if shown.insert(entry).inserted { json.export(entry) }
          }
        }
      }
      parts.append(part)
      // A bracket or a comma comes before each.
      size += part.count + 1
    }
    let json = JSONWriter.array(capacity: size + 1) { json in for part in parts { json.raw(part) } }
    return PersonalDataContent(json: json, total: entries.count, nextOffset: nextOffset)
  }

  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    let (list, condition) = try await list(of: key, context)
    var removed = 0
    for piece in list.entries.pieces(of: Self.chunksAtOnce) {
      let found = try await chunks(of: piece, key.school, context)
      guard try await isDue() else { return removed }
      var items: [SaveItem] = []
      for (chunkKey, chunk, condition) in found {
        // A missing chunk must not be written later, and an unreadable one may be about this student.
        let cleaned = chunk?.without(key.student) ?? BatchChunk(items: [], outcomes: [])
        guard cleaned != chunk else { continue }
        if condition != .absent { removed += 1 }
        items.append(Self.saving(cleaned, at: chunkKey, condition))
      }
      try await sidecar.save(items, context: context)
    }
    guard try await isDue() else { return removed }
    // The process that was asked may have a clock ahead of this one's.
    let left = StudentBatches(erasedAt: max(now, erasing.askedAt))
    try await sidecar.save([left.saving(at: key.stateKey("batches"), condition)], context: context)
    return removed
  }

  /// The chunks that contain a student, including those that are missing or unreadable.
  private func chunks(
    of entries: some Sequence<StudentBatches.Entry>, _ school: SchoolID?, _ context: CallContext
  ) async throws(SidecarFailure) -> [(key: String, chunk: BatchChunk?, condition: SaveItem.Condition)] {
    let keys = entries.flatMap { entry in entry.chunks.map { BatchJob.chunkKey(entry.job, school, $0) } }
    var chunks: [(key: String, chunk: BatchChunk?, condition: SaveItem.Condition)] = []
    for loaded in try await sidecar.load(keys, context: context, decode: { _, value in BatchChunk(value) }) {
      switch loaded.state {
      case .missing: chunks.append((loaded.key, nil, .absent))
      case .value(let chunk, let etag): chunks.append((loaded.key, chunk, .matches(etag)))
      case .unreadable(_, let etag): chunks.append((loaded.key, nil, .replacing(unreadable: etag)))
      case .failed(let why): throw .unread(why)
      }
    }
    return chunks
  }

  private func list(
    of key: StudentKey, _ context: CallContext
  ) async throws(SidecarFailure) -> (list: StudentBatches, condition: SaveItem.Condition) {
    guard let list = try await lists([key], context).first ?? nil else {
      throw .unread("the list of batches cannot be read")
    }
    return list
  }
}

extension BatchChunk {
  /// The chunk without the student.
  func without(_ student: StudentID) -> Self {
    let kept = items.indices.filter { items[$0].student != student }
    return Self(items: kept.map { items[$0] }, outcomes: outcomes.map { outcomes in kept.map { outcomes[$0] } })
  }
}

extension JSONWriter {
  /// Writes a batch's data about a student: the given scores, if any, and the outcome, once there is one.
  fileprivate mutating func export(_ entry: BatchEntry) {
    object { json in
      json.member("given") { ComponentShapes.given.shape.orNull.write(entry.item.components, to: &$0) }
      switch entry.outcome {
      case .mastery(let mastery): ShownMastery.members.writeMembers(of: mastery, to: &json)
      case .failure(let code, let message):
        json.member("code", code)
        json.member("message", message)
      case nil: break
      }
    }
  }
}
