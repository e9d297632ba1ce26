import Testing

@testable import DevSidecar

@Suite("Journal")
struct JournalTests {
  private static let subscriptions = [
    Subscription(pubsub: "pubsub", topic: "t", path: "/t", deadLetterTopic: "dead"),
    Subscription(pubsub: "pubsub", topic: "dead", path: "/dead"),
  ]

  private func broker() -> Broker {
    var component = PubSubComponent(name: "pubsub")
    component.partitions = 1
    return Broker(component, retry: nil, random: RandomBits(seed: 1))
  }

  @Test("a broker that begins anew goes on where the one before had come to, field for field")
  func restored() throws {
    let journal = try Journal(path: "\(Rig.folder())/messages.sqlite")
    var before = broker()
    _ = before.subscribe(Self.subscriptions, now: 0)
    let fields = [Message.Field(name: "rawPayload", value: "true"), Message.Field(name: "ttlInSeconds", value: "6\"0")]
    let published = [
      Message(body: Array("a".utf8), isEvent: true, key: "k"), Message(body: [0, 255], isEvent: false, fields: fields),
      Message(body: [], isEvent: false),
    ]
    let taken = before.accept(published, to: "t", wall: 1234)
    let accepted = try #require(taken)
    try journal.record(accepted, of: "t", offsets: before.offsets(of: "t"), retaining: false)
    before.enqueue(accepted, to: "t", now: 0)
    for batch in before.take(now: 0) { try journal.record(before.settle(batch, .answered([.dropped]), now: 0)) }

    var after = broker()
    try journal.restore(&after, now: 7)
    #expect(after.undelivered == 3)
    #expect(after.offsets(of: "t") == [3])
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
      message.arrived = 0
      return message
    }
    #expect(Set(delivered.map(shown)) == Set(accepted.map(shown)))
    #expect(delivered.count == 3)
    let takenLater = after.accept(published, to: "t", wall: 0)
    let next = try #require(takenLater)
    #expect(next.map(\.position.offset) == [3, 4, 5])
    #expect(!next.contains { message in delivered.contains { $0.id == message.id } })
  }
}
