internal import JSON

/// Undelivered messages in SQLite, so that they outlive the process.
///
/// Used under the lock of whoever owns it.
final class Journal: Sendable {
  private let database: Database
  private let insert: Statement
  private let delete: Statement
  private let offset: Statement
  private let keep: Statement

  init(path: String) throws(DatabaseFailure) {
    database = try Database(path: path)
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, topic TEXT, partition INTEGER, key TEXT, fields BLOB, is_event INTEGER,
        from_topic TEXT, from_partition INTEGER, from_offset INTEGER, time INTEGER, body BLOB);
      CREATE TABLE IF NOT EXISTS offsets (topic TEXT, partition INTEGER, next INTEGER, PRIMARY KEY (topic, partition)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS retained (id INTEGER PRIMARY KEY, topic TEXT, body BLOB);
      """)
    insert = try database.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    delete = try database.prepare("DELETE FROM messages WHERE id = ?")
    offset = try database.prepare("INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)")
    keep = try database.prepare("INSERT INTO retained (topic, body) VALUES (?, ?)")
  }

  /// Writes accepted messages down, and how far their topic's partitions have counted; keeps what they say, when asked to.
  func record(_ messages: [Message], of topic: String, offsets: [Int64], retaining: Bool) throws(DatabaseFailure) {
    try database.transaction { () throws(DatabaseFailure) in
      for message in messages {
        try add(message, to: topic)
        if retaining { try retain(message, of: topic) }
      }
      for (partition, next) in offsets.enumerated() {
        offset.bind(1, topic)
        offset.bind(2, Int64(partition))
        offset.bind(3, next)
        try offset.run()
      }
    }
  }

  /// Writes down what a delivery changed.
  func record(_ settlement: Settlement) throws(DatabaseFailure) {
    guard !settlement.ended.isEmpty else { return }
    try database.transaction { () throws(DatabaseFailure) in
      for id in settlement.ended {
        delete.bind(1, id)
        try delete.run()
      }
      guard let topic = settlement.movedTo else { return }
      for message in settlement.moved { try add(message, to: topic) }
    }
  }

  /// Forgets messages that nobody wants; keeps what they say, when asked to.
  func end(_ messages: [Message], of topic: String, retaining: Bool) throws(DatabaseFailure) {
    try database.transaction { () throws(DatabaseFailure) in
      for message in messages {
        delete.bind(1, message.id)
        try delete.run()
        if retaining { try retain(message, of: topic) }
      }
    }
  }

  private func retain(_ message: Message, of topic: String) throws(DatabaseFailure) {
    keep.bind(1, topic)
    keep.bind(2, message.body)
    try keep.run()
  }

  private func add(_ message: Message, to topic: String) throws(DatabaseFailure) {
    insert.bind(1, message.id)
    insert.bind(2, topic)
    insert.bind(3, Int64(message.partition))
    if let key = message.key { insert.bind(4, key) } else { insert.bindNull(4) }
    insert.bind(5, Self.written(message.fields))
    insert.bind(6, message.isEvent ? 1 : 0)
    insert.bind(7, message.position.topic)
    insert.bind(8, Int64(message.position.partition))
    insert.bind(9, message.position.offset)
    insert.bind(10, message.position.time)
    insert.bind(11, message.body)
    try insert.run()
  }

  /// Gives a broker back all that is written down.
  func restore(_ broker: inout Broker, now: Int64) throws(DatabaseFailure) {
    let offsets = try database.prepare("SELECT topic, partition, next FROM offsets")
    while try offsets.step() {
      broker.restore(offset: offsets.integer(2), of: offsets.text(0), partition: Int(offsets.integer(1)))
    }
    let rows = try database.prepare("SELECT * FROM messages ORDER BY id")
    while try rows.step() {
      let position = Message.Position(
        topic: rows.text(6), partition: Int(rows.integer(7)), offset: rows.integer(8), time: rows.integer(9))
      let message = Message(
        id: rows.integer(0), body: rows.bytes(10), isEvent: rows.integer(5) == 1, key: rows.isNull(3) ? nil : rows.text(3),
        fields: Self.read(rows.bytes(4)), position: position, partition: Int(rows.integer(2)))
      broker.restore([message], of: rows.text(1), now: now)
    }
  }

  private static func written(_ fields: [Message.Field]) -> [UInt8] {
    guard !fields.isEmpty else { return [] }
    var writer = JSONWriter()
    writer.beginObject()
    for field in fields {
      writer.key(named: field.name)
      writer.string(field.value)
    }
    writer.endObject()
    return writer.bytes
  }

  private static func read(_ bytes: [UInt8]) -> [Message.Field] {
    let fields = try? JSONDocument.parse(bytes) { root in
      root.members.map { Message.Field(name: $0.key.string, value: $0.value.string ?? "") }
    }
    return fields ?? []
  }
}
