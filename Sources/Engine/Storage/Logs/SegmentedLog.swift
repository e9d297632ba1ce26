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

/// One record of a list.
struct StoredRecord: Hashable, Sendable {
  /// Identifies a record that is already stored.
  let id: String
  /// When it was made.
  let at: Timestamp
  /// The content, a JSON text.
  let json: [UInt8]
}

/// The stored head of a list.
struct RecordLogHead: Hashable, Sendable {
  /// The properties of a piece that are known without reading it.
  struct Piece: Hashable, Sendable {
    var count: Int
    let latest: Timestamp
  }

  /// The number of the oldest existing piece.
  var first = 0
  var pieces: [Piece] = []
  var records: [StoredRecord] = []

  /// The number of the next piece.
  var next: Int { first + pieces.count }
  /// Number of records in the whole list.
  var total: Int { pieces.reduce(records.count) { $0 + $1.count } }
  /// Whether its records have to move into a piece before more are added.
  var isFull: Bool { records.reduce(0) { $0 + $1.json.count } >= SegmentedLog.fullHead }

  /// The head after its records have moved into the next piece, without expired and excess pieces, and the number of records dropped.
  func rolled(_ log: SegmentedLog, now: Timestamp) -> (head: Self, dropped: Int) {
    var head = self
    guard let latest = records.last?.at else { return (head, 0) }
    head.pieces.append(Piece(count: records.count, latest: latest))
    head.records = []
    var dropped = 0
    while let oldest = head.pieces.first {
      // A day longer than its records live, because the store's clock decides when a piece expires.
      let isOver = oldest.latest < log.earliest(now).adding(milliseconds: -86_400_000)
      guard isOver || head.pieces.count >= log.room else { break }
      if !isOver { dropped += oldest.count }
      head.pieces.removeFirst()
      head.first += 1
    }
    return (head, dropped)
  }
}

/// The stored content of a piece.
struct RecordLogPiece: Hashable, Sendable {
  let number: Int
  var records: [StoredRecord]
}

// MARK: JSON

extension RecordLogHead {
  /// Reads a stored head; nil if it is damaged, or written by a release that this one cannot read.
  init?(_ value: JSONValue) {
    guard SegmentedLog.reads(value), let first = value["first"]?.integer, first >= 0, let pieces = value["pieces"],
      let records = SegmentedLog.records(value)
    else { return nil }
    self.init(first: Int(first), pieces: [], records: records)
    for piece in pieces.elements {
      var parts = piece.elements
      guard let count = parts.next()?.integer, count >= 0, let latest = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) }) else {
        return nil
      }
      self.pieces.append(Piece(count: Int(count), latest: latest))
    }
  }

  /// The stored form.
  var bytes: [UInt8] {
    JSONWriter.object(capacity: 1024) { json in
      json.member("schema", 1)
      json.member("first", first)
      json.array("pieces", of: pieces) { json, piece in
        json.array { json in
          json.integer(piece.count)
          json.integer(piece.latest.milliseconds)
        }
      }
      SegmentedLog.write(records, to: &json)
    }
  }
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

extension SegmentedLog {
  fileprivate static func reads(_ value: JSONValue) -> Bool { value["schema"]?.integer.map { (1...2).contains($0) } ?? false }

  fileprivate static func records(_ value: JSONValue) -> [StoredRecord]? {
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

  fileprivate static func write(_ records: [StoredRecord], to json: inout JSONWriter) {
    json.array("records", of: records) { json, record in
      json.array { json in
        json.string(record.id)
        json.integer(record.at.milliseconds)
        json.raw(record.json)
      }
    }
  }
}
