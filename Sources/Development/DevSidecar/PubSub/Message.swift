internal import JSON

/// A published message on its way to its subscriber.
struct Message: Hashable, Sendable {
  /// Where a message was published, in Kafka's terms; a dead letter keeps its origin.
  struct Position: Hashable, Sendable {
    var topic: String
    var partition: Int
    var offset: Int64
    /// Milliseconds since 1970.
    var time: Int64
  }

  /// A piece of the publisher's metadata.
  struct Field: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// Increases with each message of this sidecar.
  var id: Int64 = 0
  /// A CloudEvent's JSON text, or a raw payload.
  var body: [UInt8]
  /// Whether the body is a CloudEvent that the sidecar made.
  var isEvent: Bool
  /// Whether the body is already written as Go writes it: members sorted, numbers as doubles.
  var isCanonical = false
  /// The partition key; messages of one key stay in order.
  var key: String?
  /// The rest of the publisher's metadata.
  var fields: [Field] = []
  var position = Position(topic: "", partition: 0, offset: 0, time: 0)
  /// The partition that it is in now.
  var partition = 0

  /// Its approximate size in memory.
  var size: Int { body.count + 256 }

  /// Whether only a raw subscription can have it: it was made by another publisher and is neither a JSON object nor null.
  var isBroken: Bool {
    guard !isEvent else { return false }
    let isRead = try? JSONDocument.parse(body) { $0.kind == .object || $0.isNull }
    return isRead != true
  }

  /// Whether it can be delivered singly: a key with control characters cannot be a header.
  var isSendable: Bool { !(key?.utf8.contains { $0 < 0x20 || $0 == 0x7F } ?? false) }
}
