internal import DaprClient
internal import MasteryCore

/// The stored jobs and their chunks.
struct BatchStore: Sendable {
  /// Number of students whose job lists are read and written in one request.
  private static let studentsAtOnce = 100

  let sidecar: any Sidecar
  let runtime: Runtime

  // MARK: Starting

  /// Stores a job: first in the lists of its students, so that an erasure finds it, then its chunks, then itself.
  ///
  /// - Throws: `Problem` if the store does not accept it.
  func begin(_ job: BatchJob, _ items: [BatchItem], context: CallContext) async throws(Problem) {
    var erased: Set<StudentID> = []
    for members in Self.members(items).pieces(of: Self.studentsAtOnce) {
      erased.formUnion(try await list(job, members, context))
    }
    let saved = zip(job.chunkKeys, items.pieces(of: BatchJob.chunkSize)).map { key, items in
      Self.saving(BatchChunk(items: items.filter { !($0.student.map(erased.contains) ?? false) }, outcomes: nil), at: key, .absent)
    }
    let status = SaveItem(
      key: BatchJob.statusKey(job.id, job.school), value: job.bytes, condition: .absent, secondsToLive: BatchJob.secondsToLive)
    do throws(SidecarFailure) {
      try await sidecar.save(saved, context: context)
      try await sidecar.save([status], context: context)
    } catch {
      throw .unavailable("the state store")
    }
  }

  /// A student of a job, with the indices of its chunks.
  typealias Member = (student: StudentID, chunks: [Int])

  private static func members(_ items: [BatchItem]) -> [Member] {
    var chunks: [StudentID: [Int]] = [:]
    for (index, item) in items.enumerated() {
      let number = index / BatchJob.chunkSize
      guard let student = item.student else { continue }
      if chunks[student]?.last != number { chunks[student, default: []].append(number) }
    }
    return chunks.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// A student's list, and the condition for replacing it.
  typealias Listed = (list: StudentBatches, condition: SaveItem.Condition)

  /// Adds a job to the lists of its students.
  ///
  /// - Returns: The students left out because they were erased after the job was requested.
  private func list(
    _ job: BatchJob, _ members: ArraySlice<Member>, _ context: CallContext
  ) async throws(Problem) -> Set<StudentID> {
    var (open, erased): ([Member], Set<StudentID>) = (Array(members), [])
    return try await runtime.storing { () async throws(SidecarFailure) in
      let loaded = try await lists(open.map { StudentKey(school: job.school, student: $0.student) }, context)
      let found = try await makeRoom(for: job, in: Array(zip(open, loaded)), context)
      erased.formUnion(found.lazy.filter { $1?.list.leavesOut(job) ?? false }.map(\.0.student))
      try await sidecar.save(found.compactMap { Self.saving(job, $0, $1) }, context: context)
      open = found.lazy.filter { $1 == nil }.map(\.0)
      return open.isEmpty ? erased : nil
    }
  }

  /// The item to save for a student's list; nil if there is nothing to save.
  private static func saving(
    _ job: BatchJob, _ member: Member, _ found: Listed?
  ) -> SaveItem? {
    guard let (list, condition) = found, !list.leavesOut(job), !list.lists(job) else { return nil }
    let key = StudentKey(school: job.school, student: member.student).stateKey("batches")
    return list.adding(job, chunks: member.chunks).saving(at: key, condition)
  }

  /// Takes back a job that nobody was told of, so that it takes no room in the lists of its students: a client that asks again and again
  /// would otherwise fill them, and older jobs would give way.
  ///
  /// What the store does not accept now stays until it expires, empty or not.
  func withdraw(_ job: BatchJob, _ items: [BatchItem], context: CallContext) async {
    let members = Self.members(items)
    do throws(Problem) {
      // An erasure finds only listed jobs, so the chunks come first.
      try await runtime.storing { () async throws(SidecarFailure) -> Void? in
        try await remove(members.map { ($0.student, job.id, $0.chunks) }, school: job.school, context)
      }
      for piece in members.pieces(of: Self.studentsAtOnce) {
        let students = piece.map { StudentKey(school: job.school, student: $0.student) }
        try await runtime.storing { () async throws(SidecarFailure) -> Void? in
          let shorter = zip(students, try await lists(students, context)).compactMap { student, listed -> SaveItem? in
            guard let (list, condition) = listed, list.lists(job) else { return nil }
            return list.removing(job.id).saving(at: student.stateKey("batches"), condition)
          }
          try await sidecar.save(shorter, context: context)
        }
      }
    } catch {
      // The caller's answer does not depend on it: nobody was told of the job.
    }
  }

  /// The job lists of students, with the conditions for replacing them; nil if they could not be read.
  func lists(
    _ students: [StudentKey], _ context: CallContext
  ) async throws(SidecarFailure) -> [Listed?] {
    let keys = students.map { $0.stateKey("batches") }
    return try await sidecar.load(keys, context: context) { _, value in StudentBatches(value) }.map { loaded in
      switch loaded.state {
      case .missing: (StudentBatches(), .absent)
      case .value(let list?, let etag): (list, .matches(etag))
      // An unreadable list can never be read again, so it starts over; otherwise an erasure would never end.
      case .unreadable(_, let etag): (StudentBatches(), .replacing(unreadable: etag))
      case .value(nil, _), .failed: nil
      }
    }
  }

  /// The item to save for a chunk.
  static func saving(_ chunk: BatchChunk, at key: String, _ condition: SaveItem.Condition) -> SaveItem {
    SaveItem(key: key, value: chunk.bytes, condition: condition, secondsToLive: BatchJob.secondsToLive)
  }

  // MARK: Reading

  /// A job; nil if there is none.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func job(_ id: BatchID, _ school: SchoolID?, context: CallContext) async throws(Problem) -> BatchJob? {
    let state: Loaded<BatchJob?>.State?
    do throws(SidecarFailure) {
      state = try await sidecar.load([BatchJob.statusKey(id, school)], context: context) { _, value in
        BatchJob(value, id: id, school: school)
      }.first?.state
    } catch {
      throw .unavailable("the state store")
    }
    switch state {
    case .missing, nil: return nil
    case .value(let job?, _): return job
    case .value(nil, _), .unreadable: throw .internalError
    case .failed: throw .unavailable("the state store")
    }
  }

  /// Saves the outcomes of a chunk, unless it has changed since it was read.
  ///
  /// - Returns: Whether it is saved.
  func save(_ chunk: BatchChunk, at key: String, etag: String, context: CallContext) async -> Bool {
    do throws(SidecarFailure) {
      try await sidecar.save([Self.saving(chunk, at: key, .matches(etag))], context: context)
      return true
    } catch {
      return false
    }
  }

  /// The chunks of a job, in order, each with its ETag; a chunk that an erasure or expiry has removed is empty.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func chunks(
    _ keys: [String], context: CallContext
  ) async throws(Problem) -> [(chunk: BatchChunk, etag: String?)] {
    let loaded: [Loaded<BatchChunk?>]
    do throws(SidecarFailure) {
      loaded = try await sidecar.load(keys, context: context) { _, value in BatchChunk(value) }
    } catch {
      throw .unavailable("the state store")
    }
    var chunks: [(chunk: BatchChunk, etag: String?)] = []
    for each in loaded {
      switch each.state {
      case .missing: chunks.append((BatchChunk(items: [], outcomes: []), nil))
      case .value(let chunk?, let etag): chunks.append((chunk, etag))
      case .value(nil, _), .unreadable: throw .internalError
      case .failed: throw .unavailable("the state store")
      }
    }
    return chunks
  }
}
