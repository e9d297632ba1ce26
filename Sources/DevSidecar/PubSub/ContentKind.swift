/// What a content type makes of a published body.
enum ContentKind: Hashable, Sendable {
  /// A CloudEvent already.
  case event
  case json
  case bytes
  /// Anything else, and nothing at all.
  case text

  init(_ contentType: String?) {
    let type = contentType?.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } }
    switch type {
    case "application/cloudevents+json": self = .event
    case "application/json": self = .json
    case "application/octet-stream": self = .bytes
    case let other? where other.hasSuffix("+json"): self = .json
    default: self = .text
    }
  }
}
