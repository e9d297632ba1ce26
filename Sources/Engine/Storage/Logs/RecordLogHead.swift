internal import JSON
internal import MasteryCore

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
