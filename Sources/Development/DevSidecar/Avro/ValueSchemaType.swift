/// What the values of a topic's messages are, as a subscription or a publisher says by `valueSchemaType`.
enum ValueSchemaType: Hashable, Sendable {
  /// Bytes as they are.
  case none
  case avro
  /// What the sidecar refuses.
  case unknown(String)

  /// The member of metadata that says it, in any case of letters.
  static let name = "valueschematype"

  init(_ text: String) {
    switch text.lowercased() {
    case "none", "": self = .none
    case "avro": self = .avro
    default: self = .unknown(text)
    }
  }
}
