import DaprClient
import Foundation

/// The call of the client that makes a recorded request, if it has one.
struct PlannedCall: Sendable {
  enum Kind: Sendable {
    case load([String])
    case get(String)
    case save([SaveItem])
    case delete(String, etag: String?)
    case transact([StateOperation])
    case publish(OutgoingEvent, topic: String)
    case publishMany([OutgoingEvent], topic: String)
    case invoke(Invocation)
    case secret(String, store: String)
    case metadata
    case isReady
  }

  var kind: Kind
  var stateStore = "statestore"
  var pubsub = "kafka-pubsub"
  /// Whether the client's request is exactly the same; otherwise only the answer is played.
  var isExact = true

  init?(_ exchange: RecordedExchange) {
    let parts = exchange.target.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    switch (exchange.method, parts.first, parts.dropFirst().first) {
    case ("GET", "v1.0", "healthz") where parts.count == 3: kind = .isReady
    case ("GET", "v1.0", "metadata"): kind = .metadata
    case ("GET", "v1.0", "secrets"): kind = .secret(parts[3], store: parts[2])
    // The client never calls a whole address in place of an app's name.
    case (let method, "v1.0", "invoke") where parts.count > 4 && parts[3] == "method":
      kind = .invoke(Self.invocation(method, parts, exchange.request))
    case ("POST", "v1.0", "publish"):
      guard let call = Self.event(exchange) else { return nil }
      (kind, pubsub) = (.publish(call.event, topic: call.topic), parts[2])
    case ("POST", "v1.0-alpha1", "publish"):
      guard let events = Self.events(jsonValue(exchange.request.body)) else { return nil }
      (kind, pubsub) = (.publishMany(events, topic: parts[4...].joined(separator: "/")), parts[3])
    case (let method, "v1.0", "state"):
      guard let call = Self.state(method, parts, exchange) else { return nil }
      (kind, stateStore) = (call.kind, parts[2])
      isExact = call.isExact
    default: return nil
    }
  }

  private static func invocation(_ method: String, _ parts: [String], _ request: RecordedExchange.Message) -> Invocation {
    Invocation(
      app: parts[2], path: parts[4...].joined(separator: "/"), method: method,
      headers: request.headers.filter { $0[0] != "Content-Length" }.map { ($0[0], $0[1]) }, body: request.body.map { Array($0.utf8) })
  }

  private static func event(_ exchange: RecordedExchange) -> (event: OutgoingEvent, topic: String)? {
    guard let parts = URLComponents(string: exchange.target), let type = exchange.request.header("content-type") else { return nil }
    let query = parts.queryItems ?? []
    guard query.allSatisfy({ $0.name == "metadata.partitionKey" }) else { return nil }
    let topic = parts.path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3).first ?? ""
    let body = Array((exchange.request.body ?? "").utf8)
    let names = topic.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return (OutgoingEvent(body: body, contentType: type, partitionKey: query.first?.value), names.count > 1 ? String(names[1]) : "")
  }

  /// The events of a bulk; nil if there are none or the client never sends such entries.
  private static func events(_ body: Any?) -> [OutgoingEvent]? {
    guard let entries = body as? [[String: Any]], !entries.isEmpty else { return nil }
    let ids = entries.compactMap { $0["entryId"] as? String }
    guard Set(ids).count == entries.count else { return nil }
    return entries.map { entry in
      let type = entry["contentType"] as? String ?? ""
      let event = entry["event"] ?? NSNull()
      let body = (event as? String).map { type.hasSuffix("json") ? jsonBytes($0) : Array($0.utf8) } ?? jsonBytes(event)
      return OutgoingEvent(body: body, contentType: type, partitionKey: (entry["metadata"] as? [String: String])?["partitionKey"])
    }
  }

  private static func state(_ method: String, _ parts: [String], _ exchange: RecordedExchange) -> (kind: Kind, isExact: Bool)? {
    let body = jsonValue(exchange.request.body)
    switch (method, parts.count) {
    case ("POST", 3):
      guard let items = body as? [[String: Any]], !items.isEmpty else { return nil }
      let planned = items.compactMap(item)
      guard planned.count == items.count else { return nil }
      return (.save(planned.map(\.item)), planned.allSatisfy(\.isExact))
    case ("GET", 4):
      // Without `URLComponents`, which takes the part before a key's first colon for a scheme.
      let pieces = parts[3].split(separator: "?")
      guard let key = pieces.first?.removingPercentEncoding else { return nil }
      let hasOwnHeaders = exchange.request.headers.contains { $0[0] != "dapr-api-token" }
      // The client leaves colons as they are.
      return (.get(key), pieces.count == 1 && !parts[3].contains("%3A") && !hasOwnHeaders)
    case ("POST", 4) where parts[3] == "bulk":
      guard let body = body as? [String: Any], let keys = body["keys"] as? [String], !keys.isEmpty else { return nil }
      // Without a list of entries the keys are read one by one.
      let isList = exchange.status != 0 && (exchange.status != 200 || jsonValue(exchange.response.body) != nil)
      guard isList || keys.allSatisfy({ exchange.singleAnswer(for: $0) != nil }) else { return nil }
      return (.load(keys), body["parallelism"] != nil)
    case ("POST", 4) where parts[3] == "transaction":
      guard let body = body as? [String: Any], let list = body["operations"] as? [[String: Any]], !list.isEmpty else { return nil }
      let planned = list.compactMap(operation)
      guard planned.count == list.count else { return nil }
      return (.transact(planned.map(\.operation)), planned.allSatisfy(\.isExact))
    case ("DELETE", 4):
      guard let parsed = URLComponents(string: parts[3]) else { return nil }
      let etag = exchange.request.header("if-match")
      return (.delete(parsed.path, etag: etag), (etag == nil) == (parsed.query == nil))
    default: return nil
    }
  }

  private static func operation(_ step: [String: Any]) -> (operation: StateOperation, isExact: Bool)? {
    guard let request = step["request"] as? [String: Any] else { return nil }
    switch step["operation"] as? String {
    case "upsert": return item(request).map { (.save($0.item), $0.isExact) }
    case "delete":
      guard let key = request["key"] as? String else { return nil }
      let etag = request["etag"] as? String
      return (.delete(key: key, etag: etag), (etag == nil) == (request["options"] == nil))
    default: return nil
    }
  }

  private static func item(_ request: [String: Any]) -> (item: SaveItem, isExact: Bool)? {
    guard let key = request["key"] as? String, let value = request["value"] else { return nil }
    let options = request["options"] as? [String: String] ?? [:]
    let metadata = request["metadata"] as? [String: String] ?? [:]
    var seconds: Int?
    if let text = metadata["ttlInSeconds"] {
      guard let number = Int(text) else { return nil }
      seconds = number
    }
    let etag = request["etag"] as? String
    let condition: SaveItem.Condition =
      etag.map { .matches($0) } ?? (options["concurrency"] == "first-write" ? .absent : .always)
    let expected = condition == .always ? [:] : ["concurrency": "first-write"]
    return (
      SaveItem(key: key, value: document(value), condition: condition, secondsToLive: seconds),
      options == expected && metadata.keys.allSatisfy { $0 == "ttlInSeconds" } && isHeld(value)
    )
  }

  /// The document that a recorded value is or holds; any other value is saved as it is.
  private static func document(_ value: Any) -> [UInt8] {
    if let text = value as? String, isContainer(jsonValue(text)) { return Array(text.utf8) }
    return jsonBytes(value)
  }

  /// Whether the value is a string that holds a document, as this client sends it.
  private static func isHeld(_ value: Any) -> Bool { (value as? String).map { isContainer(jsonValue($0)) } ?? false }
}
