internal import JSON

/// Undelivered messages in SQLite, so that they outlive the process.
///
/// Used under its owner's lock.
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
        from_topic TEXT, from_partition INTEGER, from_offset INTEGER, time INTEGER, body BLOB, component TEXT NOT NULL DEFAULT '');
      CREATE TABLE IF NOT EXISTS counted (component TEXT, topic TEXT, partition INTEGER, next INTEGER,
        PRIMARY KEY (component, topic, partition)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS retained (id INTEGER PRIMARY KEY, topic TEXT, body BLOB);
      """)
    try Self.widen(database)
    insert = try database.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    delete = try database.prepare("DELETE FROM messages WHERE id = ?")
    offset = try database.prepare("INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?)")
    keep = try database.prepare("INSERT INTO retained (topic, body) VALUES (?, ?)")
  }

  /// Takes over a folder written by a sidecar with one component.
  private static func widen(_ database: Database) throws(DatabaseFailure) {
    let columns = try database.prepare("SELECT count(*) FROM pragma_table_info('messages') WHERE name = 'component'")
    if try columns.step(), columns.integer(0) == 0 {
      try database.run("ALTER TABLE messages ADD COLUMN component TEXT NOT NULL DEFAULT ''")
    }
    let tables = try database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'offsets'")
    if try tables.step(), tables.integer(0) > 0 {
      try database.run("INSERT OR IGNORE INTO counted SELECT '', topic, partition, next FROM offsets")
    }
  }

  /// Writes down accepted messages and their topic's offsets.
  ///
  /// - Parameters:
  ///   - copies: The messages, a copy for each component that keeps them.
  ///   - topic: The topic that they were published to.
  ///   - component: The component that published them.
  ///   - offsets: The next offsets of the topic's partitions.
  ///   - retained: The messages' content, if it is kept.
  /// - Throws: `DatabaseFailure` if it cannot be written.
  func record(
    _ copies: [Settlement.Copy], of topic: String, from component: String, offsets: [Int64], retained: [[UInt8]]
  ) throws(DatabaseFailure) {
    try database.transaction { () throws(DatabaseFailure) in
      for copy in copies { try add(copy) }
      for body in retained { try retain(body, of: topic) }
      guard !copies.isEmpty else { return }
      for (partition, next) in offsets.enumerated() {
        offset.bind(1, component)
        offset.bind(2, topic)
        offset.bind(3, Int64(partition))
        offset.bind(4, next)
        try offset.run()
      }
    }
  }

  /// Writes down what a delivery changed.
  func record(_ settlement: Settlement) throws(DatabaseFailure) {
    guard !settlement.isEmpty else { return }
    try database.transaction { () throws(DatabaseFailure) in
      for id in settlement.ended {
        delete.bind(1, id)
        try delete.run()
      }
      for copy in settlement.moved { try add(copy) }
    }
  }

  /// Forgets messages without a subscriber.
  func end(_ messages: [Message]) throws(DatabaseFailure) {
    try record(Settlement(ended: messages.map(\.id)))
  }

  private func retain(_ body: [UInt8], of topic: String) throws(DatabaseFailure) {
    keep.bind(1, topic)
    keep.bind(2, body)
    try keep.run()
  }

  private func add(_ copy: Settlement.Copy) throws(DatabaseFailure) {
    let message = copy.message
    insert.bind(1, message.id)
    insert.bind(2, copy.topic)
    insert.bind(3, Int64(message.partition))
    if let key = message.key { insert.bind(4, key) } else { insert.bindNull(4) }
    insert.bind(5, Self.written(message.fields))
    insert.bind(6, message.isEvent ? 1 : 0)
    insert.bind(7, message.position.topic)
    insert.bind(8, Int64(message.position.partition))
    insert.bind(9, message.position.offset)
    insert.bind(10, message.position.time)
    insert.bind(11, message.body)
    insert.bind(12, copy.component)
    try insert.run()
  }

  /// Restores all that is written down to a broker; messages that name no component belong to the first one.
  func restore(_ broker: inout Broker, now: Int64) throws(DatabaseFailure) {
    let first = broker.groups.first?.component.name ?? ""
    let offsets = try database.prepare("SELECT component, topic, partition, next FROM counted")
    while try offsets.step() {
      let component = offsets.text(0)
      broker.restore(
        offset: offsets.integer(3), of: offsets.text(1), partition: Int(offsets.integer(2)),
        component: component.isEmpty ? first : component)
    }
    let rows = try database.prepare("SELECT * FROM messages ORDER BY id")
    while try rows.step() {
      let position = Message.Position(
        topic: rows.text(6), partition: Int(rows.integer(7)), offset: rows.integer(8), time: rows.integer(9))
      let message = Message(
        id: rows.integer(0), body: rows.bytes(10), isEvent: rows.integer(5) == 1, key: rows.isNull(3) ? nil : rows.text(3),
        fields: Self.read(rows.bytes(4)), position: position, partition: Int(rows.integer(2)))
      let component = rows.text(11)
      broker.restore(
        Settlement.Copy(component: component.isEmpty ? first : component, topic: rows.text(1), message: message), now: now)
    }
  }

  private static func written(_ fields: [Message.Field]) -> [UInt8] {
    guard !fields.isEmpty else { return [] }
    return JSONWriter.object { writer in
      for field in fields { writer.member(named: field.name, field.value) }
    }
  }

  private static func read(_ bytes: [UInt8]) -> [Message.Field] {
    let fields = try? JSONDocument.parse(bytes) { root in
      root.members.map { Message.Field(name: $0.key.string, value: $0.value.string ?? "") }
    }
    return fields ?? []
  }
}
