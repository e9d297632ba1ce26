internal import JSON
internal import MasteryCore

/// One record of a list.
struct StoredRecord: Hashable, Sendable {
  /// Identifies a record that is already stored.
  let id: String
  /// When it was made.
  let at: Timestamp
  /// The content, a JSON text.
  let json: [UInt8]
}

extension JSONWriter {
  /// Writes records in their stored form.
  mutating func records(_ records: [StoredRecord]) {
    array(of: records) { $0.raw($1.json) }
  }
}
