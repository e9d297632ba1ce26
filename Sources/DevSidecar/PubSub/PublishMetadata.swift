internal import Encodings

/// What a publisher says beside a message.
struct PublishMetadata: Hashable, Sendable {
  private(set) var key: String?
  private(set) var isRaw = false
  /// Seconds that the message is good for.
  private(set) var lifetime: Int64?
  /// Attributes of the CloudEvent, by the names after `cloudevent.`.
  private(set) var attributes: [Message.Field] = []
  /// All of it but the key, as subscribers see it.
  private(set) var fields: [Message.Field] = []

  /// What is said to be good for longer is as good as endless.
  private static let longestLifetime: Int64 = 1 << 32

  mutating func set(_ name: String, _ value: String) {
    if name == "partitionKey" {
      key = value
      return
    }
    if name == "rawPayload" { isRaw = value == "true" }
    if name == "ttlInSeconds" { lifetime = Int64(value).flatMap { (1...Self.longestLifetime).contains($0) ? $0 : nil } }
    if name.hasPrefix("cloudevent.") { attributes.append(Message.Field(name: String(name.dropFirst(11)), value: value)) }
    fields.append(Message.Field(name: name, value: value))
  }

  /// What stands in a query as `metadata.name=value`.
  init(query: Substring) {
    guard !query.isEmpty else { return }
    for (name, value) in PercentCoding.pairs(query) where name.hasPrefix("metadata.") { set(String(name.dropFirst(9)), value) }
  }
}
