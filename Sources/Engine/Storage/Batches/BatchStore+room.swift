internal import DaprClient
internal import JSON
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
    var leaving: [String: Set<StudentID>] = [:]
    let roomy = found.map { member, listed -> (Member, Listed?) in
      guard let listed, !listed.list.leavesOut(job), let entry = listed.list.giving(wayTo: job) else { return (member, listed) }
      for number in entry.chunks {
        leaving[BatchJob.chunkKey(entry.job, job.school, number), default: []].insert(member.student)
      }
      return (member, (listed.list.removing(entry), listed.condition))
    }
    guard !leaving.isEmpty else { return roomy }
    let keys = leaving.keys.sorted()
    var items: [SaveItem] = []
    for loaded in try await sidecar.load(keys, context: context, decode: { _, value in BatchChunk(value) }) {
      let students = leaving[loaded.key] ?? []
      switch loaded.state {
      // A chunk that no longer exists must not come back.
      case .missing: items.append(Self.saving(BatchChunk(items: [], outcomes: []), at: loaded.key, .absent))
      case .value(let chunk?, let etag):
        let rest = students.reduce(chunk) { $0.without($1) }
        if rest != chunk { items.append(Self.saving(rest, at: loaded.key, .matches(etag))) }
      case .value(nil, let etag): items.append(Self.saving(BatchChunk(items: [], outcomes: []), at: loaded.key, .matches(etag)))
      case .unreadable(_, let etag):
        items.append(Self.saving(BatchChunk(items: [], outcomes: []), at: loaded.key, .replacing(unreadable: etag)))
      case .failed(let why): throw .unread(why)
      }
    }
    try await sidecar.save(items, context: context)
    return roomy
  }
}
