internal import DaprClient
internal import MasteryCore

extension BatchStore {
  /// Removes older jobs from full lists.
  ///
  /// An erasure finds only listed jobs, so the student is first removed from the chunks of the job that gives way.
  ///
  /// - Parameters:
  ///   - job: The new job.
  ///   - found: Its students with their lists; nil if the store gave no answer.
  ///   - context: Deadline and trace.
  /// - Returns: The same with room in each list.
  /// - Throws: `SidecarFailure` if it has to be retried.
  func makeRoom(
    for job: BatchJob, in found: [(Member, Listed?)], _ context: CallContext
  ) async throws(SidecarFailure) -> [(Member, Listed?)] {
    var leaving: [(StudentID, BatchID, [Int])] = []
    let roomy = found.map { member, listed -> (Member, Listed?) in
      guard let listed, !listed.list.leavesOut(job), let entry = listed.list.giving(wayTo: job) else { return (member, listed) }
      leaving.append((member.student, entry.job, entry.chunks))
      return (member, (listed.list.removing(entry.job), listed.condition))
    }
    try await remove(leaving, school: job.school, context)
    return roomy
  }

  /// Removes students from chunks of jobs.
  ///
  /// - Parameters:
  ///   - leaving: The students, each with a job and the indices of the chunks that contain it.
  ///   - school: The school of the jobs.
  ///   - context: Deadline and trace.
  /// - Throws: `SidecarFailure` if it has to be retried.
  func remove(
    _ leaving: [(student: StudentID, job: BatchID, chunks: [Int])], school: SchoolID?, _ context: CallContext
  ) async throws(SidecarFailure) {
    var students: [String: Set<StudentID>] = [:]
    for (student, job, chunks) in leaving {
      for number in chunks { students[BatchJob.chunkKey(job, school, number), default: []].insert(student) }
    }
    guard !students.isEmpty else { return }
    var items: [SaveItem] = []
    for loaded in try await sidecar.load(students.keys.sorted(), context: context, decode: { _, value in BatchChunk(value) }) {
      switch loaded.state {
      // A chunk that no longer exists must not come back.
      case .missing: items.append(Self.saving(BatchChunk(items: [], outcomes: []), at: loaded.key, .absent))
      case .value(let chunk?, let etag):
        let rest = students[loaded.key]?.reduce(chunk) { $0.without($1) } ?? chunk
        if rest != chunk { items.append(Self.saving(rest, at: loaded.key, .matches(etag))) }
      case .value(nil, let etag): items.append(Self.saving(BatchChunk(items: [], outcomes: []), at: loaded.key, .matches(etag)))
      case .unreadable(_, let etag):
        items.append(Self.saving(BatchChunk(items: [], outcomes: []), at: loaded.key, .replacing(unreadable: etag)))
      case .failed(let why): throw .unread(why)
      }
    }
    try await sidecar.save(items, context: context)
  }
}
