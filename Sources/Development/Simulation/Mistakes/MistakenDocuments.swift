internal import JSON

/// How planted mistakes change a document as it is read and written.
struct MistakenDocuments: Sendable {
  let mistake: Mistake

  /// What a replica sees of a stored document; nil if it sees none.
  func read(_ bytes: [UInt8]) -> [UInt8]? {
    switch mistake {
    case .futureIsPresent: return DocumentEdit.replacing(bytes, at: ["schema"]) { _ in Array("1".utf8) }
    case .announcementsFromMemory: return DocumentEdit.replacing(bytes, at: ["ledger", "outbox"]) { _ in Array("[]".utf8) }
    case .tombstoneNotSeen: return DocumentEdit.replacing(bytes, at: ["ledger", "erased_at"]) { _ in nil }
    case .correctionByArrival: return MistakenCourses.withoutCorrections(bytes)
    case .damagedIsEmpty:
      let isWhole = try? JSONDocument.parse(bytes) { (root) throws(Never) in root["evidence"] != nil }
      return isWhole == true ? bytes : nil
    default: return bytes
    }
  }

  /// Changes a document that is about to be written.
  ///
  /// - Parameters:
  ///   - bytes: The correct document.
  ///   - before: The document as it was read; nil if none was.
  /// - Returns: The document with the mistake.
  func written(_ bytes: [UInt8], before: [UInt8]?) -> [UInt8] {
    switch mistake {
    case .baselineDropped: EvidenceEdit.replacing(bytes) { spot, item in spot.day == nil ? nil : item.compactBytes }
    case .unknownFieldsDropped: DocumentEdit.replacing(bytes, at: ["next"]) { _ in nil }
    case .outboxEmptiedEarly: keepingOwnAnnouncements(bytes)
    case .erasureNotCarried where revision(of: bytes) ?? 0 > 0: DocumentEdit.replacing(bytes, at: ["ledger", "erased_at"]) { _ in nil }
    case .tombstoneNotSeen: before.map { keepingErasure(bytes, before: $0) } ?? bytes
    case .nothingLeftToClean: DocumentEdit.replacing(bytes, at: ["ledger", "erasing"]) { _ in nil }
    case .erasedEpochKept: before.map { keepingEpoch(bytes, before: $0) } ?? bytes
    case .correctionByArrival: before.map { MistakenCourses.keepingCorrections(bytes, before: $0) } ?? bytes
    case .retractionNotRemembered: MistakenCourses.withoutRetractions(bytes)
    case .earlierDayDropped: MistakenCourses.withoutEarlierDays(bytes)
    case .topicForgotten: MistakenCourses.withoutTopics(bytes)
    case .cohortOfCourseOverwritten: MistakenCourses.withOneCohort(bytes)
    case .tieByArrival: before.map { keepingEarlierArrivals(bytes, before: $0) } ?? bytes
    default: bytes
    }
  }

  private func revision(of bytes: [UInt8]) -> Int64? {
    (try? JSONDocument.parse(bytes) { (root) throws(Never) in root["ledger"]?["revision"]?.integer }) ?? nil
  }

  /// Restores the hidden parts of an erasure, as a writer that ignores them would.
  private func keepingErasure(_ bytes: [UInt8], before: [UInt8]) -> [UInt8] {
    guard let erasedAt = StoredDocument(before)?.erasedAt, StoredDocument(bytes)?.erasedAt == nil else { return bytes }
    return DocumentEdit.replacing(bytes, at: ["ledger", "epoch"]) { epoch in
      epoch.compactBytes + Array(#","erased_at":\#(erasedAt)"#.utf8)
    }
  }

  private func keepingEpoch(_ bytes: [UInt8], before: [UInt8]) -> [UInt8] {
    guard let former = StoredDocument(before), StoredDocument(bytes)?.isTombstone ?? false, former.revision > 0 else { return bytes }
    return DocumentEdit.replacing(bytes, at: ["ledger", "epoch"]) { _ in Array(String(former.epoch).utf8) }
  }

  private func keepingOwnAnnouncements(_ bytes: [UInt8]) -> [UInt8] {
    let revision = try? JSONDocument.parse(bytes) { (root) throws(Never) in root["ledger"]?["revision"]?.integer }
    return DocumentEdit.replacing(bytes, at: ["ledger", "outbox"]) { outbox in
      DocumentEdit.filtered(outbox) { $0["body"]?["data"]?["revision"]?.integer == revision }
    }
  }

  /// An item's spot and time.
  private struct Moment: Hashable {
    let spot: EvidenceEdit.Spot
    let milliseconds: Int64

    init(_ spot: EvidenceEdit.Spot, _ item: JSONValue) {
      self.spot = spot
      milliseconds = EvidenceEdit.element(0, of: item)?.integer ?? 0
    }
  }

  /// Keeps earlier evidence of the same spot and time.
  private func keepingEarlierArrivals(_ bytes: [UInt8], before: [UInt8]) -> [UInt8] {
    var known: [Moment: [UInt8]] = [:]
    EvidenceEdit.forEach(in: before) { spot, item in known[Moment(spot, item)] = item.compactBytes }
    return EvidenceEdit.replacing(bytes) { spot, item in
      spot.day == nil ? item.compactBytes : known[Moment(spot, item)] ?? item.compactBytes
    }
  }
}
