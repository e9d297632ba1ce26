internal import HTTPServer
internal import JSON
internal import Synchronization

/// Answers state calls.
final class StateDoor: Sendable {
  /// The largest request that the sidecar accepts.
  static let requestLimit = 4 << 20

  private let store: Mutex<StateStore>
  private let rules: StateRules
  /// The store's name; nil if none is configured.
  private let configured: String?
  private let faults: Faults
  private let breaker: Mutex<Breaker?>
  /// How long a call of the store may take, in milliseconds; nil for ever.
  let timeout: Int64?
  private static let outage = "dial tcp: connect: connection refused"

  init(_ store: StateStore, name: String?, resiliency: Resiliency.Target = Resiliency.Target(), faults: Faults) {
    breaker = Mutex(resiliency.outboundBreaker.map { Breaker($0) })
    timeout = resiliency.outboundTimeout
    rules = store.rules
    self.store = Mutex(store)
    configured = name
    self.faults = faults
  }

  func answer(_ route: Route, _ request: HTTPRequest) -> HTTPResponse {
    let isOpen = breaker.withLock { breaker in
      guard breaker?.isOpen(at: Clock.steady()) != true else { return true }
      breaker?.note(failed: faults.isStoreDown, at: Clock.steady())
      return false
    }
    if isOpen { return failed(route, "circuit breaker is open") }
    return work(route, request)
  }

  /// The answer to a call that took too long.
  func timedOut(_ route: Route) -> HTTPResponse {
    breaker.withLock { $0?.note(failed: true, at: Clock.steady()) }
    return failed(route, "context deadline exceeded")
  }

  private func failed(_ route: Route, _ reason: String) -> HTTPResponse {
    switch route {
    case .getState(_, let key): .failure(500, "ERR_STATE_GET", "fail to get \(key) from state store \(name): \(reason)")
    case .saveState: .failure(500, "ERR_STATE_SAVE", "failed saving state in state store \(name): \(reason)")
    case .deleteState(_, let key): .failure(500, "ERR_STATE_DELETE", "failed deleting state with key \(key): \(reason)")
    case .transactState: .failure(500, "ERR_STATE_TRANSACTION", "error while executing state transaction: \(reason)")
    default: .failure(500, "ERR_STATE_BULK_GET", reason)
    }
  }

  private func work(_ route: Route, _ request: HTTPRequest) -> HTTPResponse {
    switch route {
    case .getState(let store, let key): named(store) { get(key) }
    case .deleteState(let store, let key): named(store) { delete(key, request.head) }
    case .saveState(let store): named(store) { sized(request) { save($0) } }
    case .bulkGetState(let store): named(store) { sized(request) { bulkGet($0) } }
    case .transactState(let store): named(store) { sized(request) { transact($0) } }
    case .queryState(let store): named(store, query)
    default: .unrouted
    }
  }

  /// The store's name in messages.
  private var name: String { configured ?? "" }

  private func named(_ store: String, _ work: () -> HTTPResponse) -> HTTPResponse {
    guard let configured else { return .failure(500, "ERR_STATE_STORE_NOT_CONFIGURED", "state store \(store) is not configured") }
    guard store == configured else { return .failure(400, "ERR_STATE_STORE_NOT_FOUND", "state store \(store) is not found") }
    return work()
  }

  private func sized(_ request: HTTPRequest, _ work: ([UInt8]) -> HTTPResponse) -> HTTPResponse {
    guard request.body.count <= Self.requestLimit else { return .failure(400, "ERR_MALFORMED_REQUEST", "stream too large") }
    return work(request.body)
  }

  private func query() -> HTTPResponse {
    guard rules.profile == .redis else {
      return .failure(500, "ERR_STATE_STORE_NOT_SUPPORTED", "state store does not support querying")
    }
    let reason =
      rules.keys == nil ? "redis-json server support is required for query capability" : "cannot query encrypted store"
    return .failure(500, "ERR_STATE_QUERY", "state store \(name) query failed: \(reason)")
  }

  private func get(_ key: String) -> HTTPResponse {
    do {
      let key = try StateReader.checked(key)
      if faults.isStoreDown { return .failure(500, "ERR_STATE_GET", "fail to get \(key) from state store \(name): \(Self.outage)") }
      let found = try store.withLock { (store) throws(DatabaseFailure) in try store.get(key, now: Clock.wall()) }
      guard let found else { return .noContent }
      var fields = [HTTPField("Etag", rules.etag(found.version))]
      if let expires = found.expires, rules.showsExpiry { fields.append(HTTPField("Metadata.ttlexpiretime", Clock.text(expires))) }
      return .json(try rules.value(of: found), fields: fields)
    } catch let refused as StateReader.Refused {
      return .failure(400, code: refused.code, refused.message)
    } catch UnreadableValue.breakdown {
      return .hungUp
    } catch let unreadable as UnreadableValue {
      return .failure(500, "ERR_STATE_GET", "fail to get \(key) from state store \(name): \(unreadable.message(store: name))")
    } catch {
      return .failure(500, "ERR_STATE_GET", "fail to get \(key) from state store \(name): \(error)")
    }
  }

  private func save(_ body: [UInt8]) -> HTTPResponse {
    change(
      "ERR_STATE_SAVE", "failed saving state in state store \(name)",
      read: { () throws(StateReader.Refused) in try StateReader.saves(body, rules.printer) },
      make: { (store, requests) throws(DatabaseFailure) in
        let refusals = try store.save(requests, now: Clock.wall())
        // Of several failures, the one that a caller can act on is reported.
        return refusals.min { Self.rank($0) < Self.rank($1) }.map { ($0.status, $0) }
      })
  }

  private func transact(_ body: [UInt8]) -> HTTPResponse {
    change(
      "ERR_STATE_TRANSACTION", "error while executing state transaction",
      read: { () throws(StateReader.Refused) in try StateReader.transaction(body, rules.printer) },
      make: { (store, requests) throws(DatabaseFailure) in try store.transact(requests, now: Clock.wall()).map { (500, $0) } })
  }

  private func delete(_ key: String, _ head: HTTPRequestHead) -> HTTPResponse {
    change(
      "ERR_STATE_DELETE", "failed deleting state with key \(key)",
      read: { () throws(StateReader.Refused) in [StateRequest(key: try StateReader.checked(key), etag: head.header("if-match"))] },
      make: { (store, requests) throws(DatabaseFailure) in try store.save(requests, now: Clock.wall()).first.map { ($0.status, $0) } })
  }

  private static func rank(_ refusal: StateRefusal) -> Int {
    switch refusal {
    case .mismatch: 0
    case .malformed: 1
    case .failed: 2
    }
  }

  /// Reads a body, makes its changes and reports the outcome.
  private func change(
    _ code: StaticString, _ complaint: @autoclosure () -> String, read: () throws(StateReader.Refused) -> [StateRequest],
    make: (inout StateStore, [StateRequest]) throws(DatabaseFailure) -> (status: Int, refusal: StateRefusal)?
  ) -> HTTPResponse {
    do {
      var requests = try read()
      if faults.isStoreDown { return .failure(500, code, "\(complaint()): \(Self.outage)") }
      guard seal(&requests) else { return .failure(500, code, "\(complaint()): values cannot be encrypted") }
      let sealed = requests
      let refused = try store.withLock { (store) throws(DatabaseFailure) in try make(&store, sealed) }
      return refused.map { .failure($0.status, code, "\(complaint()): \($0.refusal.message)") } ?? .noContent
    } catch let refused as StateReader.Refused {
      return .failure(400, code: refused.code, refused.message)
    } catch {
      return .failure(500, code, "\(complaint()): \(error)")
    }
  }

  /// Encrypts the values if the store is encrypted; false if that fails.
  private func seal(_ requests: inout [StateRequest]) -> Bool {
    guard let keys = rules.keys else { return true }
    var random = SystemRandomNumberGenerator()
    for index in requests.indices {
      guard let value = requests[index].value else { continue }
      let nonce = (0..<AESGCM.nonceLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      guard let sealed = keys.seal(value, nonce: nonce) else { return false }
      requests[index].value = sealed
      requests[index].isSealed = true
    }
    return true
  }

  private func bulkGet(_ body: [UInt8]) -> HTTPResponse {
    do {
      let keys = try StateReader.keys(body)
      if faults.isStoreDown {
        guard rules.outageIsPerEntry else { return .failure(500, "ERR_STATE_BULK_GET", Self.outage) }
        return .json(BulkStateAnswer(rules: rules, name: name).outage(keys, Self.outage))
      }
      let entries = try store.withLock { (store) throws(DatabaseFailure) in
        let now = Clock.wall()
        var entries: [(key: String, entry: StateEntry?)] = []
        entries.reserveCapacity(keys.count)
        for key in keys { entries.append((key, try store.get(key, now: now))) }
        return entries
      }
      // According to the recording, the answer has no body if one of the values is not JSON.
      return .json(try BulkStateAnswer(rules: rules, name: name).text(of: entries) ?? [])
    } catch let refused as StateReader.Refused {
      return .failure(400, code: refused.code, refused.message)
    } catch UnreadableValue.breakdown {
      return .hungUp
    } catch {
      return .failure(500, "ERR_STATE_BULK_GET", "\(error)")
    }
  }
}
