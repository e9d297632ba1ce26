internal import JSON

/// The stored content of a piece.
struct RecordLogPiece: Hashable, Sendable {
  let number: Int
  var records: [StoredRecord]
}

extension RecordLogPiece {
  /// Reads a stored piece; nil if it is damaged, or written by a release that this one cannot read.
  init?(_ value: JSONValue) {
    guard SegmentedLog.reads(value), let number = value["number"]?.integer, let records = SegmentedLog.records(value) else { return nil }
    self.init(number: Int(number), records: records)
  }

  /// The stored form.
  var bytes: [UInt8] {
    JSONWriter.object(capacity: 1024) { json in
      json.member("schema", 1)
      json.member("number", number)
      SegmentedLog.write(records, to: &json)
    }
  }
}
