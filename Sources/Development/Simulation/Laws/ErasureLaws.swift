internal import JSON
internal import MasteryCore

/// The laws about erased students.
struct ErasureLaws {
  /// How far events may be ahead of the clock and still belong to the erased life, in milliseconds.
  private static let margin: Int64 = 5 * 60_000
  /// How far the clocks of replicas that accept requests may differ, in milliseconds.
  private static let skew: Int64 = 60_000

  private let aftermath: Aftermath
  private let record: Aftermath.Record

  init(_ aftermath: Aftermath, _ record: Aftermath.Record) {
    self.aftermath = aftermath
    self.record = record
  }

  // MARK: Nothing comes back

  /// Data from before an erasure that has come back.
  var revived: String? { revivedInside ?? revivedBeside }

  private var revivedInside: String? {
    for (before, after) in zip([nil] + record.spans.map(Optional.some), record.spans) {
      guard let document = after.document else { continue }
      if let former = before?.document, let erasedAt = former.erasedAt, before.map({ $0.until >= after.from }) ?? false,
        document.erasedAt ?? .min < erasedAt, !isCrossed(former, document, at: after.from)
      {
        return "revision \(document.revision) forgets less than the content before it"
      }
      guard let erasedAt = document.erasedAt else { continue }
      if let item = document.items.first(where: { $0.milliseconds <= erasedAt }) {
        return "revision \(document.revision) holds \(item.component) of \(item.event), which was erased"
      }
      if document.memberships.contains(where: { $0.milliseconds <= erasedAt }) {
        return "revision \(document.revision) holds a cohort that was erased"
      }
    }
    return nil
  }

  /// Whether two erasures of an unreadable document crossed, and the one that reaches further is written again.
  ///
  /// A store that closes the connection gives no ETag, so the erasure written without one could not know of the other.
  private func isCrossed(_ further: StoredDocument, _ nearer: StoredDocument, at moment: Int64) -> Bool {
    guard further.isTombstone, nearer.isTombstone, nearer.replacesDamaged, let erasedAt = further.erasedAt else { return false }
    return record.spans.contains { $0.from > moment && $0.document?.erasedAt ?? .min >= erasedAt }
  }

  private var revivedBeside: String? {
    guard let document = record.last, let erasedAt = document.erasedAt, !record.isAfflicted(by: .keyFailsForGood) else { return nil }
    guard let owner = KeyOwner(record.documentKey) else { return "the key is not a student's" }
    let (school, student) = (owner.school, owner.student)
    // Batches have their own laws: one requested after the erasure may name the student.
    for value in aftermath.beside where !value.key.contains("batch") && (Self.isOf(school, value.key) || value.key == "dlq:none") {
      if isLost(value.key) { continue }
      let isOwn = value.key.contains("student:\(student.inStateKey):")
      for kept in KeptRecord.all(in: value.value) where kept.names(student) || kept.isRecord && isOwn {
        if document.isTombstone { return "\(value.key) still holds data of the erased student" }
        if kept.milliseconds <= erasedAt { return "\(value.key) holds data of the student's erased life" }
      }
    }
    return nil
  }

  /// Whether nobody could find the key any more.
  ///
  /// The document that named the student's cohorts was damaged when it was erased. The student's standing in the school, which names them
  /// too, was also unreadable, or a clock a year ahead may have dropped it.
  private func isLost(_ key: String) -> Bool {
    guard key.contains(":standing:"), let range = key.firstRange(of: "cohort:"), !key[range.lowerBound...].hasPrefix("cohort:_school:")
    else { return false }
    let school = "\(key[..<range.lowerBound])cohort:_school:standing:"
    let isUnnamed = aftermath.plan.hasClockFarAhead || aftermath.chronicle.afflictedAside.contains { $0.hasPrefix(school) }
    return isUnnamed && record.revisions.contains { $0.document.replacesDamaged }
  }

  private static func isOf(_ school: String?, _ key: String) -> Bool {
    school.map { key.hasPrefix("school:\($0.inStateKey):") } ?? !key.hasPrefix("school:")
  }

  // MARK: Erasures are finished

  /// A life that began this many milliseconds after an erasure request may have followed its tombstone.
  private static let nextLife: Int64 = 29 * 86_400_000

  /// An erasure that was requested but not done.
  var unfinished: String? {
    guard !record.isAfflicted(by: .keyFailsForGood) else { return nil }
    if record.last?.isErasing ?? false { return "an erasure still has data to clean" }
    var known: Set<Int64> = []
    for taken in aftermath.chronicle.erasuresTaken where taken.documentKey == record.documentKey {
      // A waiting request is accepted repeatedly, and may have been done after the first time.
      guard known.insert(taken.requestedAt).inserted else { continue }
      guard isErased(asOf: taken.requestedAt + Self.margin, after: taken.at - 2 * Self.skew) || seemedOld(taken) else {
        return "an erasure request that the broker accepted was never done"
      }
    }
    for asked in aftermath.chronicle.asked where asked.documentKey == record.documentKey && asked.granted == nil {
      guard let ended = asked.ended else { continue }
      let isDone = record.revisions.contains { $0.at <= ended && $0.document.erasedAt ?? .min >= asked.began + Self.margin - Self.skew }
      if !isDone { return "an erasure was confirmed, but nothing was erased" }
    }
    return nil
  }

  /// Whether a clock a year ahead may have treated the request as one that was done long ago.
  ///
  /// This requires that nothing was stored, or only a life that such a clock had begun.
  private func seemedOld(_ taken: Chronicle.ErasureTaken) -> Bool {
    guard aftermath.plan.hasClockFarAhead else { return false }
    let standing = record.spans.last { $0.from <= taken.at && taken.at < $0.until }
    guard let standing else { return true }
    return standing.document.map { $0.erasedAt == nil && $0.epoch * 1_000 > taken.requestedAt + Self.nextLife } ?? false
  }

  /// Whether a tombstone that reaches that far was written.
  private func isErased(asOf moment: Int64, after: Int64) -> Bool {
    record.revisions.contains { $0.at >= after && $0.document.erasedAt ?? .min >= moment }
  }
}

/// A record of an audit trail or of stored dead letters, read without the service's own reader.
private struct KeptRecord {
  let milliseconds: Int64
  /// Whether it is an element of a list rather than a whole value.
  let isRecord: Bool
  private let words: Set<Substring>

  /// The records in a list's head or piece; any other value counts as one record.
  static func all(in bytes: [UInt8]) -> [Self] {
    let read = try? JSONDocument.parse(bytes) { (root) throws(Never) in
      guard let records = root["records"] else { return [Self(milliseconds: .max, root, isRecord: false)] }
      return records.elements.map { element in
        var parts = element.elements
        _ = parts.next()
        let at = parts.next()?.integer ?? .min
        guard let content = parts.next() else { return Self(milliseconds: at, element) }
        let happened = content["original_time"]?.text.flatMap { Timestamp(iso8601: $0.bytes) }?.milliseconds
        return Self(milliseconds: happened ?? at, content)
      }
    }
    return read ?? []
  }

  private init(milliseconds: Int64, _ value: JSONValue, isRecord: Bool = true) {
    self.milliseconds = milliseconds
    self.isRecord = isRecord
    let text = String(decoding: value.compactBytes, as: UTF8.self)
    words = Set(text.split { !$0.isLetter && !$0.isNumber })
      .union(text.split { !$0.isLetter && !$0.isNumber && !"_-.@:+=~|".contains($0) })
  }

  func names(_ student: String) -> Bool { words.contains(student[...]) }
}
