internal import JSON
internal import MasteryCore

/// An append-only list of records: the latest are in a head, earlier ones in numbered pieces, so that a write costs the same however long
/// the list is, and no value exceeds 256 KiB.
struct SegmentedLog: Hashable, Sendable {
  /// A head with this many bytes moves them into a piece before it accepts more.
  static let fullHead = 32 << 10
  /// Maximum bytes added at once.
  static let mostAtOnce = 128 << 10

  /// The state key of the head.
  let key: String
  /// Maximum number of pieces; beyond it, the oldest is removed.
  let room: Int
  /// How long a record is kept.
  let daysToLive: Int

  /// The number of leading records that can be added at once, at least one.
  static func atOnce(_ records: some Sequence<StoredRecord>) -> Int {
    var (count, bytes) = (0, 0)
    for record in records {
      bytes += record.json.count
      guard count == 0 || bytes <= mostAtOnce else { break }
      count += 1
    }
    return count
  }

  /// The state key of a piece.
  func key(ofPiece number: Int) -> String { "\(key):\(number % room)" }

  /// The earliest time of a record that has not expired.
  func earliest(_ now: Timestamp) -> Timestamp { now.adding(milliseconds: -Int64(daysToLive) * 86_400_000) }
}

extension SegmentedLog {
  static func reads(_ value: JSONValue) -> Bool { value["schema"]?.integer.map { (1...2).contains($0) } ?? false }

  static func records(_ value: JSONValue) -> [StoredRecord]? {
    guard let list = value["records"], list.kind == .array else { return nil }
    var records: [StoredRecord] = []
    for element in list.elements {
      var parts = element.elements
      guard let id = parts.next()?.string, let at = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) }), let content = parts.next()
      else { return nil }
      var json = JSONWriter()
      json.copy(content)
      records.append(StoredRecord(id: id, at: at, json: json.bytes))
    }
    return records
  }

  static func write(_ records: [StoredRecord], to json: inout JSONWriter) {
    json.array("records", of: records) { json, record in
      json.array { json in
        json.string(record.id)
        json.integer(record.at.milliseconds)
        json.raw(record.json)
      }
    }
  }
}
