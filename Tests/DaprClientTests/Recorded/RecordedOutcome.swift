import DaprClient
import Foundation

/// What a recorded answer must become, derived from its status and body alone.
enum RecordedOutcome: Equatable {
  /// Success: the value's parts as text; none for a bare success.
  case lines([String])
  /// The typed error.
  case failure(SidecarFailure)

  init(_ exchange: RecordedExchange, _ kind: PlannedCall.Kind) {
    let root = jsonValue(exchange.response.body)
    let isSuccess = exchange.status < 300
    switch kind {
    case .invoke: self = .lines(["\(exchange.status)", exchange.response.body ?? ""])
    case .isReady: self = .lines(["\(isSuccess)"])
    case .publishMany where (root as? [String: Any])?["failedEntries"] != nil:
      self = .lines(Self.failedPositions(exchange).map { "\($0)" })
    case .load(let keys) where exchange.status == 0 || exchange.status == 200 && root == nil:
      self = .lines(keys.map { Self.line($0, Self.single(exchange.singleAnswer(for: $0))) })
    case .get(let key) where isSuccess && exchange.status != 0: self = .lines([Self.line(key, Self.single(exchange.response))])
    case .get(let key) where exchange.status == 500 && Self.isUndecryptable(exchange.response.body):
      self = .lines([Self.line(key, Self.single(exchange.response))])
    case _ where exchange.status == 0: self = .failure(.broken(""))
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
      let subscriptions = root["subscriptions"] as? [[String: Any]] ?? []
      let policies = root["resiliencies"] as? [[String: Any]] ?? []
      func text(_ object: [String: Any], _ names: String...) -> String { names.map { object[$0] as? String ?? "" }.joined(separator: " ") }
      self = .lines(
        [text(root, "id"), text(root, "runtimeVersion")]
          + components.map { "\(text($0, "name", "type")) \(($0["capabilities"] as? [String] ?? []).sorted())" }
          + subscriptions.map { text($0, "pubsubname", "topic", "deadLetterTopic") } + policies.map { text($0, "name") })
    case .save, .delete, .transact, .publish, .publishMany, .get: self = .lines([])
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

  /// The positions of the entries that the sidecar names as failed.
  private static func failedPositions(_ exchange: RecordedExchange) -> [Int] {
    let root = jsonValue(exchange.response.body) as? [String: Any]
    let failed = Set((root?["failedEntries"] as? [[String: Any]] ?? []).compactMap { $0["entryId"] as? String })
    let sent = jsonValue(exchange.request.body) as? [[String: Any]] ?? []
    return sent.indices.filter { failed.contains(sent[$0]["entryId"] as? String ?? "") }
  }

  private static func entry(of key: String, in root: Any?) -> Loaded<String>.State {
    let entries = root as? [[String: Any]] ?? []
    guard let entry = entries.first(where: { $0["key"] as? String == key }) else { return .failed("not in the answer") }
    let etag = entry["etag"] as? String
    if let error = entry["error"] as? String { return isUndecryptable(error) ? .unreadable("", etag: etag) : .failed(error) }
    guard let etag else { return .missing }
    return stored(entry["data"], etag: etag)
  }

  /// The outcome of a read of one key.
  private static func single(_ answer: RecordedExchange.Message?) -> Loaded<String>.State {
    switch answer?.status {
    case 204: .missing
    case 200: stored(jsonValue(answer?.body), etag: answer?.header("etag"))
    case 0: .unreadable("", etag: nil)
    case 500 where isUndecryptable(answer?.body): .unreadable("", etag: nil)
    default: .failed("")
    }
  }

  /// A document is an object or array, or a string that holds one.
  private static func stored(_ value: Any?, etag: String?) -> Loaded<String>.State {
    let held = (value as? String).map { jsonValue($0) } ?? value
    guard isContainer(held), let held, let etag else { return .unreadable("", etag: etag) }
    return .value(String(decoding: jsonBytes(held), as: UTF8.self), etag: etag)
  }

  /// Whether the message is one recorded for a value that cannot be decrypted.
  private static func isUndecryptable(_ words: String?) -> Bool {
    let recorded = ["encryption key name not found on record", "illegal base64 data", "message authentication failed"]
    return recorded.contains { words?.contains($0) == true }
  }

  static func line(_ key: String, _ state: Loaded<String>.State) -> String {
    switch state {
    case .missing: "\(key): missing"
    case .value(let value, let etag):
      // Through Foundation's writer, so that equal values are equal texts.
      "\(key): \(String(decoding: jsonBytes(jsonValue(value) ?? ""), as: UTF8.self)) at \(etag)"
    case .failed(let why): "\(key): failed, \(why)"
    case .unreadable(_, let etag): "\(key): unreadable at \(etag ?? "no ETag")"
    }
  }
}
