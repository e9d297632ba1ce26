internal import DaprClient
internal import JSON
internal import MasteryCore

/// The jobs of the last week that contain a student, by which an erasure finds what to clean.
struct StudentBatches: Hashable, Sendable {
  /// Maximum number of jobs that may contain a student in a week; an erasure would not find an unlisted job.
  static let most = 1_000

  /// A job and the chunks of it that contain the student.
  struct Entry: Hashable, Sendable {
    let job: BatchID
    let created: Timestamp
    let chunks: [Int]
    /// The caller as a hash; empty if unknown.
    var source = ""

    fileprivate func isKept(at moment: Timestamp) -> Bool {
      created.adding(milliseconds: Int64(BatchJob.secondsToLive) * 1_000) >= moment
    }
  }

  private(set) var entries: [Entry] = []
  /// Jobs requested up to this moment leave the student out because of an erasure; nil if there was none.
  private let erasedAt: Timestamp?

  /// Creates an empty list.
  ///
  /// - Parameter erasedAt: When the student was erased; nil if never.
  init(erasedAt: Timestamp? = nil) {
    self.erasedAt = erasedAt?.adding(milliseconds: Ledger.erasureMargin)
  }

  /// Whether a job is listed.
  func lists(_ job: BatchJob) -> Bool { entries.contains { $0.job == job.id } }

  /// Whether a job was requested before the student was erased.
  func leavesOut(_ job: BatchJob) -> Bool { erasedAt.map { job.created <= $0 } ?? false }

  /// The job that gives way to a new one; nil if there is room.
  ///
  /// It is the oldest job of the caller with the most jobs about the student, so that no caller takes the room of others.
  func giving(wayTo job: BatchJob) -> Entry? {
    let kept = entries.filter { $0.isKept(at: job.created) }
    guard !lists(job), kept.count >= Self.most else { return nil }
    let counts = kept.reduce(into: [:]) { $0[$1.source, default: 0] += 1 }
    let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    return kept.filter { $0.source == most }.min { ($0.created, $0.job.text) < ($1.created, $1.job.text) }
  }

  /// The list without a job.
  func removing(_ job: BatchID) -> Self {
    var shorter = self
    shorter.entries.removeAll { $0.job == job }
    return shorter
  }

  /// The list with one more job, without expired ones.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - chunks: The chunks of it that contain the student.
  /// - Returns: The longer list.
  func adding(_ job: BatchJob, chunks: [Int]) -> Self {
    var longer = self
    longer.entries.removeAll { !$0.isKept(at: job.created) }
    longer.entries.append(Entry(job: job.id, created: job.created, chunks: chunks, source: job.source))
    return longer
  }
}

extension StudentBatches {
  /// Reads a stored list; nil if it was written by a release that this one cannot read.
  init?(_ value: JSONValue) {
    if let schema = value["schema"]?.integer, schema > 2 { return nil }
    erasedAt = value["erased_at"]?.integer.flatMap { Timestamp(exactly: $0) }
    for element in value["batches"]?.elements ?? value.elements {
      var parts = element.elements
      guard let id = parts.next()?.string.flatMap(BatchID.init), let created = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) })
      else { continue }
      var chunks: [Int] = []
      var source = ""
      while let part = parts.next() {
        if let number = part.integer, (0..<1_000).contains(number) { chunks.append(Int(number)) } else { source = part.string ?? source }
      }
      entries.append(Entry(job: id, created: created, chunks: chunks, source: source))
    }
  }

  /// The item to save.
  func saving(at key: String, _ condition: SaveItem.Condition) -> SaveItem {
    let json = JSONWriter.object(capacity: 64 + 64 * entries.count) { json in
      json.member("schema", 1)
      json.array("batches", of: entries) { json, entry in
        json.array { json in
          json.string(entry.job.text)
          json.integer(entry.created.milliseconds)
          for chunk in entry.chunks { json.integer(chunk) }
          if !entry.source.isEmpty { json.string(entry.source) }
        }
      }
      if let erasedAt { json.member("erased_at", erasedAt.milliseconds) }
    }
    return SaveItem(key: key, value: json, condition: condition, secondsToLive: BatchJob.secondsToLive)
  }
}
