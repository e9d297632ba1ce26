import Testing

@testable import DevSidecar

@Suite("The journal")
struct JournalTests {
  private static let subscriptions = [
    BrokerRig.single("t", dead: "dead", isRaw: true), BrokerRig.single("dead", isRaw: true),
  ]

  private func broker() -> Broker {
    Broker([(BrokerRig.component(), nil)], random: RandomBits(seed: 1))
  }

  @Test("A restarted broker goes on where the one before stopped, field for field")
  func restored() throws {
    let journal = try Journal(path: "\(Rig.folder())/messages.sqlite")
    var before = broker()
    _ = before.subscribe(Self.subscriptions, now: 0)
    let fields = [Message.Field(name: "rawPayload", value: "true"), Message.Field(name: "ttlInSeconds", value: "6\"0")]
    let published = [
      Message(body: Array("a".utf8), isEvent: true, key: "k"), Message(body: [0, 255], isEvent: false, fields: fields),
      Message(body: [], isEvent: false),
    ]
    let taken = before.accept(published, to: "t", from: "pubsub", wall: 1234)
    let copies = try #require(taken)
    let accepted = copies.map(\.message)
    try journal.record(copies, of: "t", from: "pubsub", offsets: before.offsets(of: "t", from: "pubsub"), retained: [])
    before.enqueue(copies, now: 0)
    for batch in before.take(now: 0) { try journal.record(before.settle(batch, .answered([.dropped]), now: 0)) }

    var after = broker()
    try journal.restore(&after, now: 7)
    #expect(after.undelivered == 3)
    #expect(after.offsets(of: "t", from: "pubsub") == [3])
    _ = after.subscribe(Self.subscriptions, now: 7)
    var delivered: [Message] = []
    while true {
      let batches = after.take(now: 7)
      if batches.isEmpty { break }
      for batch in batches {
        delivered += batch.entries.map(\.message)
        _ = after.settle(batch, .answered([.taken]), now: 7)
      }
    }
    func shown(_ message: Message) -> Message {
      var message = message
      message.id = 0
      return message
    }
    #expect(Set(delivered.map(shown)) == Set(accepted.map(shown)))
    #expect(delivered.count == 3)
    let takenLater = after.accept(published, to: "t", from: "pubsub", wall: 0)
    let next = try #require(takenLater).map(\.message)
    #expect(next.map(\.position.offset) == [3, 4, 5])
    #expect(!next.contains { message in delivered.contains { $0.id == message.id } })
  }

  @Test("Each component gets its own copies back, and the copies of a component that is gone stay")
  func components() throws {
    let path = try "\(Rig.folder())/messages.sqlite"
    let journal = try Journal(path: path)
    let components = ["a", "b"].map { BrokerRig.component($0) }
    var before = Broker(components.map { ($0, nil) }, random: RandomBits(seed: 1))
    _ = before.subscribe([BrokerRig.single("t", on: "a"), BrokerRig.single("t", on: "b")], now: 0)
    let taken = before.accept([Message(body: [], isEvent: true)], to: "t", from: "a", wall: 0)
    try journal.record(try #require(taken), of: "t", from: "a", offsets: [1], retained: [])

    var after = Broker([(components[1], nil)], random: RandomBits(seed: 1))
    try journal.restore(&after, now: 0)
    #expect(after.undelivered == 1)
    var both = Broker(components.map { ($0, nil) }, random: RandomBits(seed: 1))
    try Journal(path: path).restore(&both, now: 0)
    #expect(both.groups.map(\.undelivered) == [1, 1])
    #expect(both.offsets(of: "t", from: "b") == [1])
  }

  @Test("The folder of a sidecar that knew one component is taken over")
  func widened() throws {
    let path = try "\(Rig.folder())/messages.sqlite"
    let old = try Database(path: path)
    try old.run(
      """
      CREATE TABLE messages (id INTEGER PRIMARY KEY, topic TEXT, partition INTEGER, key TEXT, fields BLOB, is_event INTEGER,
        from_topic TEXT, from_partition INTEGER, from_offset INTEGER, time INTEGER, body BLOB);
      CREATE TABLE offsets (topic TEXT, partition INTEGER, next INTEGER, PRIMARY KEY (topic, partition)) WITHOUT ROWID;
      INSERT INTO messages VALUES (7, 't', 0, 'k', '', 1, 't', 0, 3, 99, '{}');
      INSERT INTO offsets VALUES ('t', 0, 4);
      """)
    var broker = broker()
    for _ in 0..<2 {
      broker = self.broker()
      try Journal(path: path).restore(&broker, now: 0)
    }
    #expect(broker.undelivered == 1)
    #expect(broker.offsets(of: "t", from: "pubsub") == [4])
  }
}
