internal import Encodings
internal import HTTPServer

/// What a request asks of the sidecar, by its method and path.
enum Route: Hashable {
  case getState(store: String, key: String)
  case deleteState(store: String, key: String)
  case saveState(store: String)
  case bulkGetState(store: String)
  case transactState(store: String)
  case queryState(store: String)
  case publish(pubsub: String, topic: String)
  case bulkPublish(pubsub: String, topic: String)
  /// The path as it is forwarded, with its query.
  case invoke(app: String, target: String)
  case secret(store: String, name: String)
  case secrets(store: String)
  case metadata
  case setMetadata
  case health
  case outboundHealth
  case unknown

  init(_ head: HTTPRequestHead) {
    let parts = head.path.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false).dropFirst()
    let version = parts.first ?? ""
    let names = parts.dropFirst().map { $0 }
    switch version {
    case "v1.0": self = Self.stable(head, names)
    case "v1.0-alpha1", "v1.0-beta1": self = Self.alpha(head, names)
    default: self = head.header("dapr-app-id").map { .invoke(app: $0, target: head.target) } ?? .unknown
    }
  }

  private static func stable(_ head: HTTPRequestHead, _ names: [Substring]) -> Route {
    let decode = Self.decoding(head)
    let first = names.count > 1 ? decode(names[1]) : ""
    let rest = names.dropFirst(2).joined(separator: "/")
    let writes = head.method == "POST" || head.method == "PUT"
    switch (names.first, head.method) {
    case ("healthz", "GET"): return names.count == 1 ? .health : first == "outbound" ? .outboundHealth : .unknown
    case ("metadata", "GET") where names.count == 1: return .metadata
    case ("metadata", "PUT") where names.count == 2: return .setMetadata
    case ("publish", _) where writes && !rest.isEmpty: return .publish(pubsub: first, topic: decode(rest[...]))
    case ("secrets", "GET") where rest == "bulk": return .secrets(store: first)
    case ("secrets", "GET") where !rest.isEmpty: return .secret(store: first, name: decode(rest[...]))
    case ("state", _): return state(head.method, store: first, rest: rest, decode, writes: writes)
    case ("invoke", _) where rest.hasPrefix("method/"):
      let path = Self.clean(rest.dropFirst(7))
      return .invoke(app: first, target: head.query.isEmpty ? "/\(path)" : "/\(path)?\(head.query)")
    default: return .unknown
    }
  }

  private static func state(_ method: String, store: String, rest: String, _ decode: (Substring) -> String, writes: Bool) -> Route {
    switch (method, rest) {
    case (_, "") where writes: .saveState(store: store)
    case ("POST", "bulk"), ("PUT", "bulk"): .bulkGetState(store: store)
    case ("POST", "transaction"), ("PUT", "transaction"): .transactState(store: store)
    case ("GET", let key) where !key.isEmpty: .getState(store: store, key: decode(key[...]))
    case ("DELETE", let key) where !key.isEmpty: .deleteState(store: store, key: decode(key[...]))
    default: .unknown
    }
  }

  private static func alpha(_ head: HTTPRequestHead, _ names: [Substring]) -> Route {
    let decode = Self.decoding(head)
    if names.count >= 3, names[0] == "state", names[2] == "query" { return .queryState(store: decode(names[1])) }
    guard names.count >= 3, names[0] == "publish", names[1] == "bulk", head.method == "POST" else { return .unknown }
    let parts = names[2...].joined(separator: "/").split(separator: "/", maxSplits: 1)
    guard parts.count == 2 else { return .unknown }
    return .bulkPublish(pubsub: decode(parts[0]), topic: decode(parts[1]))
  }

  /// How the parts of a request's path are decoded: as the real sidecar's router and its handlers do, one after the other.
  ///
  /// The router takes the path as it came, unless it is escaped just as Go's net/url would escape it: then it takes the decoded one. The
  /// handlers decode what they get as they would a query.
  private static func decoding(_ head: HTTPRequestHead) -> (Substring) -> String {
    guard head.path.utf8.contains(UInt8(ascii: "%")) else { return { PercentCoding.decode($0, plusIsSpace: true) } }
    let decoded = PercentCoding.decode(head.path)
    let isAsEscaped = PercentCoding.encode(decoded, keeping: isKeptByGo) == head.path
    return { PercentCoding.decode(isAsEscaped ? PercentCoding.decode($0)[...] : $0, plusIsSpace: true) }
  }

  private static func isKeptByGo(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || "-_.~$&+,/:;=@".utf8.contains(byte) }

  /// A path without steps up, so that it does not leave the app.
  private static func clean(_ path: Substring) -> String {
    guard path.utf8.contains(UInt8(ascii: ".")) else { return String(path) }
    var steps: [Substring] = []
    for step in path.split(separator: "/", omittingEmptySubsequences: false) {
      if step == ".." { _ = steps.popLast() } else if step != "." { steps.append(step) }
    }
    return steps.joined(separator: "/")
  }
}
