import DaprClient
import JSON
import Synchronization

/// A read-only sidecar with good and bad keys, which counts its requests.
final class ScriptedStore: Sidecar {
  /// What a key holds.
  enum Content: Hashable {
    /// A document with that number.
    case document(Int)
    /// A value that is not JSON.
    case torn
    /// A value under a key that is gone: the sidecar closes the connection.
    case silent
    /// A value under another key of the same name: the sidecar reports it.
    case undecryptable
    /// The store fails for it.
    case erring
  }

  /// What happens to a request, whatever its keys hold.
  enum Accident {
    case none, closed, unreachable
  }

  /// The number of requests by kind.
  struct Count: Hashable {
    var bulkGets = 0
    var gets = 0
    var healths = 0
    var all: Int { bulkGets + gets + healths }
  }

  private let contents: [String: Content]
  private let accident: @Sendable (_ request: Int) -> Accident
  private let counted = Mutex(Count())

  /// A store.
  ///
  /// - Parameters:
  ///   - contents: The content by key; other keys are missing.
  ///   - accident: What happens to a request, by its number from 1.
  init(_ contents: [String: Content], accident: @escaping @Sendable (_ request: Int) -> Accident = { _ in .none }) {
    self.contents = contents
    self.accident = accident
  }

  var count: Count { counted.withLock { $0 } }

  private func meet(_ kind: WritableKeyPath<Count, Int>) -> Accident {
    accident(
      counted.withLock {
        $0[keyPath: kind] += 1
        return $0.all
      })
  }

  private func ask(_ kind: WritableKeyPath<Count, Int>) throws(SidecarFailure) {
    switch meet(kind) {
    case .none: return
    case .closed: throw .broken("closed")
    case .unreachable: throw .unreachable("refused")
    }
  }

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    try ask(\.bulkGets)
    if keys.contains(where: { contents[$0] == .silent }) { throw .broken("closed") }
    if keys.contains(where: { contents[$0] == .torn }) { throw .spoiled("no body") }
    return keys.map { key in
      switch contents[key] {
      case .document(let number): Loaded(key: key, state: .value(Self.decoded(number) { decode(key, $0) }, etag: "\(number)"))
      case .undecryptable: Loaded(key: key, state: .unreadable("other bytes", etag: "1"))
      case .erring: Loaded(key: key, state: .failed("down"))
      case .torn, .silent, nil: Loaded(key: key, state: .missing)
      }
    }
  }

  func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    try ask(\.gets)
    switch contents[key] {
    case .document(let number): return .value(Self.decoded(number, decode), etag: "\(number)")
    case .torn: return .unreadable("torn", etag: "1")
    case .silent: throw .broken("closed")
    case .undecryptable: return .unreadable("other bytes", etag: nil)
    case .erring: throw .failed(status: 500, code: "ERR_STATE_GET", message: "down")
    case nil: return .missing
    }
  }

  private static func decoded<Value>(_ number: Int, _ decode: (JSONValue) -> Value) -> Value {
    do {
      return try JSONDocument.parse(Array("[\(number)]".utf8)) { (root) throws(Never) in decode(root) }
    } catch {
      preconditionFailure("\(error)")
    }
  }

  func isReady(context: CallContext) async -> Bool { if case .none = meet(\.healths) { true } else { false } }

  private static let isReadOnly = SidecarFailure.refused(status: 405, code: "", message: "this store can only be read")
  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) { throw Self.isReadOnly }
  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) { throw Self.isReadOnly }
  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) { throw Self.isReadOnly }
  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) { throw Self.isReadOnly }
  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    throw Self.isReadOnly
  }
  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer { throw Self.isReadOnly }
  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    throw Self.isReadOnly
  }
  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata { throw Self.isReadOnly }
}
