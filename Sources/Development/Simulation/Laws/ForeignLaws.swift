/// The laws about documents written by other releases or by accident.
struct ForeignLaws {
  private let aftermath: Aftermath
  private let record: Aftermath.Record

  init(_ aftermath: Aftermath, _ record: Aftermath.Record) {
    self.aftermath = aftermath
    self.record = record
  }

  /// A document that was not left alone.
  var breach: String? {
    if aftermath.chronicle.overwritten.contains(record.documentKey) { return "a document of a later release was overwritten" }
    if let damaged = record.afflictions.first(where: { $0.fault == .unreadableDocument }) {
      // Only an erasure may replace it before it expires.
      let end = record.spans.last { $0.from <= damaged.from }?.endsAt ?? .max
      let next = record.spans.first { $0.from > damaged.from && $0.from < end }
      guard next?.document?.isTombstone ?? (next == nil) else { return "a damaged document was overwritten" }
    }
    guard let next = record.afflictions.first(where: { $0.fault == .nextSchema }) else { return nil }
    let epoch = record.revisions.last { $0.at <= next.from }?.document.epoch
    let later = record.revisions.filter { $0.at > next.from && $0.document.epoch == epoch && !$0.isForeign }
    let isKept = later.allSatisfy { $0.bytes.starts(with: #"{"schema":2,"#.utf8) && Self.holdsNext($0.bytes) }
    return isKept ? nil : "fields of the next release were not kept"
  }

  private static func holdsNext(_ bytes: [UInt8]) -> Bool {
    let fields = Array(#""next":{"a":[1,2.5,null]}"#.utf8)
    return bytes.indices.contains { bytes[$0] == fields[0] && bytes[$0...].starts(with: fields) }
  }
}
