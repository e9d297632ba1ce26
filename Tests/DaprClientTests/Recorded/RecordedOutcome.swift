import DaprClient
import Foundation

/// What a recorded answer has to become, worked out from its status and body alone.
enum RecordedOutcome: Equatable {
  /// Success: the value's parts as text, none for a bare yes.
  case lines([String])
  /// The typed error.
  case failure(SidecarFailure)

  init(_ exchange: RecordedExchange, _ kind: PlannedCall.Kind) {
    let root = jsonValue(exchange.response.body)
    let isSuccess = exchange.status < 300
    switch kind {
    case .invoke: self = .lines(["\(exchange.status)", exchange.response.body ?? ""])
    case .isReady: self = .lines(["\(isSuccess)"])
    case .publishMany(let events, _) where (root as? [String: Any])?["failedEntries"] != nil:
      // In each recorded outage all entries failed.
      self = .lines(events.indices.map { "\($0)" })
    case _ where !isSuccess: self = .failure(Self.failure(exchange))
    case .load(let keys): self = .lines(keys.map { Self.line($0, Self.entry(of: $0, in: root)) })
    case .secret:
      let values = (root as? [String: Any] ?? [:]).mapValues { $0 as? String }
      if values.values.contains(nil) {
        self = .failure(.unintelligible("status 200 with JSON that says something else"))
      } else {
        self = .lines(values.map { "\($0)=\($1 ?? "")" }.sorted())
      }
    case .metadata:
      let root = root as? [String: Any] ?? [:]
      let components = root["components"] as? [[String: Any]] ?? []
      let topics = (root["subscriptions"] as? [[String: Any]] ?? []).map { $0["topic"] as? String ?? "" }
      self = .lines(
        [root["id"] as? String ?? "", root["runtimeVersion"] as? String ?? ""]
          + components.map { "\($0["name"] as? String ?? "") \($0["type"] as? String ?? "")" } + topics)
    case .save, .delete, .transact, .publish, .publishMany: self = .lines([])
    }
  }

  private static func failure(_ exchange: RecordedExchange) -> SidecarFailure {
    let root = jsonValue(exchange.response.body) as? [String: Any]
    let code = root?["errorCode"] as? String ?? ""
    let message = root?["message"] as? String ?? (exchange.response.body ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    switch exchange.status {
    case 401: return .unauthorized(message)
    case 409: return .conflict(code: code, message: message)
    case 500...: return .failed(status: exchange.status, code: code, message: message)
    default: return .refused(status: exchange.status, code: code, message: message)
    }
  }

  private static func entry(of key: String, in root: Any?) -> Loaded<String>.State {
    let entries = root as? [[String: Any]] ?? []
    guard let entry = entries.first(where: { $0["key"] as? String == key }) else { return .failed("not in the answer") }
    if let error = entry["error"] as? String { return .failed(error) }
    guard let data = entry["data"], let etag = entry["etag"] as? String else { return .missing }
    return .value(String(decoding: jsonBytes(data), as: UTF8.self), etag: etag)
  }

  static func line(_ key: String, _ state: Loaded<String>.State) -> String {
    switch state {
    case .missing: "\(key): missing"
    case .value(let value, let etag):
      // Through Foundation's writer, so that equal values are equal texts.
      "\(key): \(String(decoding: jsonBytes(jsonValue(value) ?? ""), as: UTF8.self)) at \(etag)"
    case .failed(let why): "\(key): failed, \(why)"
    case .unreadable: "\(key): unreadable"
    }
  }
}
