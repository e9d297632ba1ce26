internal import Encodings

/// What a publisher sends with a message.
struct PublishMetadata: Hashable, Sendable {
  private(set) var key: String?
  private(set) var isRaw = false
  /// What the broker gets; in the metadata of a bulk's entry it is only a header.
  private(set) var schemaType = ValueSchemaType.none
  /// Seconds until the message expires.
  private(set) var lifetime: Int64?
  /// Attributes of the CloudEvent, by the names after `cloudevent.`.
  private(set) var attributes: [Message.Field] = []
  /// Everything but the key, as subscribers see it.
  private(set) var fields: [Message.Field] = []

  /// A longer lifetime counts as endless.
  private static let longestLifetime: Int64 = 1 << 32

  mutating func set(_ name: String, _ value: String) {
    if name == "partitionKey" {
      key = value
      return
    }
    if name == "rawPayload" { isRaw = value == "true" }
    if name.lowercased() == ValueSchemaType.name { schemaType = ValueSchemaType(value) }
    if name == "ttlInSeconds" { lifetime = Int64(value).flatMap { (1...Self.longestLifetime).contains($0) ? $0 : nil } }
    if name.hasPrefix("cloudevent.") { attributes.append(Message.Field(name: String(name.dropFirst(11)), value: value)) }
    fields.append(Message.Field(name: name, value: value))
  }

  /// What a query holds as `metadata.name=value`.
  init(query: Substring) {
    guard !query.isEmpty else { return }
    for (name, value) in PercentCoding.pairs(query) where name.hasPrefix("metadata.") { set(String(name.dropFirst(9)), value) }
  }
}
