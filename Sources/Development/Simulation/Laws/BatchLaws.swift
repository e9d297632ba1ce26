internal import HTTPServer
internal import JSON
internal import NaiveMastery

/// The laws about batches.
struct BatchLaws {
  /// Milliseconds within which a batch must be done if faults stop meanwhile.
  private static let patience: Int64 = 8 * 60_000
  private static let minute: Int64 = 60_000
  /// By how much clocks may differ, in milliseconds.
  private static let margin = 5 * minute

  /// The answer's entry for one student.
  private enum Said: Hashable {
    case score(Double)
    case failure(String)
  }

  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  /// A batch that is not done, lists a student the wrong number of times, or has a value that no document had.
  var untrue: String? {
    // By a clock that is a year off, every batch has expired, or none has.
    guard !aftermath.plan.hasClockFarOff else { return nil }
    for answer in aftermath.chronicle.surveyed {
      guard case .batch(let batch) = answer.question, !isAfflicted(batch) else { continue }
      if let breach = breach(batch, answer.response) {
        return "batch \(batch.planned.number): \(breach): \(String(decoding: answer.response.body.prefix(2_000), as: UTF8.self))"
      }
    }
    return nil
  }

  /// Whether a part of the batch, or the list of batches of a student of its school, became unreadable.
  private func isAfflicted(_ batch: Chronicle.Batch) -> Bool {
    aftermath.chronicle.afflictedAside.contains { key in
      key.contains("batch:\(batch.id):") || key.hasSuffix(":batches") && KeyOwner(key)?.school == batch.planned.school
    }
  }

  private func breach(_ batch: Chronicle.Batch, _ response: HTTPResponse) -> String? {
    // A batch requested before the long break has expired.
    let last = aftermath.plan.start + Int64(aftermath.plan.terms.last?.start ?? 0)
    if batch.began < last - 7 * 24 * 60 * Self.minute { return response.status == 404 ? nil : "it still exists" }
    guard let (status, said) = Survey.data(response, Self.read), let status else { return "the answer is \(response.status)" }
    let planned = Dictionary(grouping: batch.planned.entries, by: \.student)
    guard status == "completed" else { return mustBeDone(batch) ? "it is \(status)" : nil }
    for student in Set(planned.keys).union(said.keys).sorted() {
      let (asked, said) = (planned[student] ?? [], said[student] ?? [])
      let record = record(student, batch.planned.school)
      if said.isEmpty, isErased(record, batch) { continue }
      guard said.count == asked.count else { return "\(student) appears \(said.count) times, but was requested \(asked.count) times" }
      let given = asked.compactMap(\.quiz).map { Said.score(NaiveScore.shown(NaiveScore.mastery(["quiz": $0]))) }
      var stored = said
      for given in given {
        guard let index = stored.firstIndex(of: given) else { return "\(student) should be \(given)" }
        stored.remove(at: index)
      }
      if let wrong = stored.first(where: { !isTrue($0, of: student, record, batch) }) { return "\(student) was never \(wrong)" }
    }
    return nil
  }

  /// The status, and each student's entries.
  private static func read(_ data: JSONValue) -> (status: String?, said: [String: [Said]]) {
    var said: [String: [Said]] = [:]
    for result in data["results"]?.elements ?? data.elements {
      said[result["student_id"]?.string ?? "", default: []].append(.score(result["mastery_score"]?.number ?? .nan))
    }
    for failure in data["failures"]?.elements ?? data.elements {
      said[failure["student_id"]?.string ?? "", default: []].append(.failure(failure["code"]?.string ?? ""))
    }
    return (data["status"]?.string, said)
  }

  private func record(_ student: String, _ school: String?) -> Aftermath.Record? {
    let key = EventContent(school: school, student: student).documentKey
    return aftermath.records.first { $0.documentKey == key }
  }

  /// Whether the whole batch must be done; students that cannot be read may wait until the batch times out.
  private func mustBeDone(_ batch: Chronicle.Batch) -> Bool {
    let term = aftermath.plan.terms.last { aftermath.plan.start + Int64($0.start) <= batch.began }
    let end = batch.began + Self.patience
    guard let term, aftermath.plan.start + Int64(term.end) < end else { return false }
    // A delivery delayed until the end came too late.
    guard aftermath.chronicle.excuses.allSatisfy({ $0.upperBound < end || $0.lowerBound > end }) else { return false }
    return batch.planned.entries.allSatisfy { record($0.student, batch.planned.school)?.afflictions.isEmpty ?? true }
  }

  /// Whether an erasure takes the student out of the batch: one that was requested after it, or was not finished when it was requested.
  ///
  /// Clocks may differ by five minutes, so a batch requested that soon after an erasure was carried out may have been requested before it.
  private func isErased(_ record: Aftermath.Record?, _ batch: Chronicle.Batch) -> Bool {
    let moment = batch.began - Self.minute
    return record?.revisions.contains { revision in
      revision.document.erasedAt ?? .min >= moment || revision.document.isErasing && revision.at + Self.margin >= moment
    } ?? false
  }

  private func isTrue(_ said: Said, of student: String, _ record: Aftermath.Record?, _ batch: Chronicle.Batch) -> Bool {
    let spans = record?.spans(from: batch.began, to: .max) ?? []
    switch said {
    case .score(let score):
      return spans.contains { span in span.document.map { $0.revision > 0 && NaiveScore.shown($0.student.mastery()) == score } ?? false }
    case .failure("NOT_FOUND"):
      return spans.first.map { $0.from > batch.began } ?? true || spans.contains { $0.document?.revision == 0 }
    case .failure:
      // A key can fail even if nothing was ever stored there.
      let key = EventContent(school: batch.planned.school, student: student).documentKey
      return record?.isAfflicted(by: .unreadableDocument, .keyFailsForGood) ?? false || aftermath.chronicle.troubled.contains(key)
    }
  }

  // MARK: Erased students

  /// A batch that was requested before an erasure and still names the erased student.
  func revived(_ record: Aftermath.Record) -> String? {
    guard !aftermath.plan.hasClockFarOff else { return nil }
    guard let document = record.last, document.isTombstone, !document.isErasing else { return nil }
    let announced = record.said.filter { $0.topic == "mastery.erased" && $0.epoch == document.epoch }
    guard let erasedAt = announced.compactMap(\.time).max().map({ $0 + Self.margin }) else { return nil }
    guard let owner = KeyOwner(record.documentKey) else { return "the key is not a student's" }
    let (school, student) = (owner.school.map { "school:\($0.inStateKey):" } ?? "", owner.student)
    let isAfflicted = aftermath.chronicle.afflictedAside.contains { $0.hasPrefix(school) && $0.contains("batch") }
    guard !isAfflicted else { return nil }
    let listed = jobs(of: "\(school)student:\(student.inStateKey):batches")
    if let early = listed.first(where: { $0.value <= erasedAt }) { return "the erased student's list still names batch \(early.key)" }
    for (key, value) in aftermath.beside where key.hasPrefix("\(school)batch:") && key.contains(":chunk:") {
      let id = String(key.dropFirst(school.count).split(separator: ":")[1])
      if listed[id] == nil, Self.names(value, student) { return "\(key) still names the erased student" }
    }
    return nil
  }

  /// The jobs in a student's list, and when they were requested.
  private func jobs(of key: String) -> [String: Int64] {
    let value = aftermath.beside.first { $0.key == key }?.value ?? []
    let read = try? JSONDocument.parse(value) { (root) throws(Never) in
      var jobs: [String: Int64] = [:]
      for job in root["batches"]?.elements ?? root.elements {
        var parts = job.elements
        if let id = parts.next()?.string { jobs[id] = parts.next()?.integer ?? .min }
      }
      return jobs
    }
    return read ?? [:]
  }

  private static func names(_ chunk: [UInt8], _ student: String) -> Bool {
    let read = try? JSONDocument.parse(chunk) { (root) throws(Never) in
      root["students"]?.elements.contains { entry in
        var parts = entry.elements
        return parts.next()?.string.map { $0 == student } ?? false
      }
    }
    return (read ?? nil) ?? false
  }
}
