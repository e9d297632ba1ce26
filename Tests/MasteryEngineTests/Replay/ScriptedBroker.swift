import DaprClient
import JSON
import MasteryCore
import MasteryService
import Synchronization

/// A sidecar that accepts events, or does not, as scripted.
final class ScriptedBroker: Sidecar {
  /// What happens to one request.
  enum Answer: Sendable {
    case takes
    case refuses([Int])
    case fails(SidecarFailure)
  }

  /// An accepted event.
  struct Taken: Hashable, Sendable {
    let topic: String
    let key: String?
    let body: String
  }

  private let answers: Mutex<[Answer]>
  private let readiness: Mutex<[Bool]>
  private let events = Mutex<[Taken]>([])
  private let sizes = Mutex<[Int]>([])

  private let secrets: [String: [String: String]]?
  private let secretFailures: Mutex<[String: [SidecarFailure]]>

  /// A sidecar that gives these answers one after the other and then accepts everything; without secrets it has no secret store.
  init(
    _ answers: [Answer] = [], ready: [Bool] = [], secrets: [String: [String: String]]? = nil,
    secretFailures: [String: [SidecarFailure]] = [:]
  ) {
    self.answers = Mutex(answers)
    self.secrets = secrets
    self.secretFailures = Mutex(secretFailures)
    readiness = Mutex(ready)
  }

  var taken: [Taken] { events.withLock { $0 } }
  /// The number of events in each request.
  var requests: [Int] { sizes.withLock { $0 } }

  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    sizes.withLock { $0.append(events.count) }
    let answer = answers.withLock { $0.isEmpty ? .takes : $0.removeFirst() }
    var refused: [Int] = []
    switch answer {
    case .takes: break
    case .refuses(let positions): refused = positions
    case .fails(let failure): throw failure
    }
    self.events.withLock { taken in
      for (position, event) in events.enumerated() where !refused.contains(position) {
        taken.append(Taken(topic: topic, key: event.partitionKey, body: String(decoding: event.body, as: UTF8.self)))
      }
    }
    return refused
  }

  func isReady(context: CallContext) async -> Bool {
    readiness.withLock { $0.isEmpty ? true : $0.removeFirst() }
  }

  private static let absent = SidecarFailure.unreachable("only the broker is here")

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] { throw Self.absent }
  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) { throw Self.absent }
  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) { throw Self.absent }
  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) { throw Self.absent }
  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) { throw Self.absent }
  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer { throw Self.absent }
  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    guard let secrets else { throw Self.absent }
    let failure = secretFailures.withLock { failures -> SidecarFailure? in
      failures[name, default: []].isEmpty ? nil : failures[name]?.removeFirst()
    }
    if let failure { throw failure }
    guard let values = secrets["\(store)/\(name)"] else {
      let message = "failed getting secret with key \(name) from secret store \(store): secret \(name) not found"
      throw .failed(status: 500, code: "ERR_SECRET_GET", message: message)
    }
    return values
  }
  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata { throw Self.absent }
}

/// A clock that moves only while somebody waits.
final class SteppedClock: Sendable {
  private let time: Mutex<Int64>
  private let slept = Mutex<[Int]>([])

  init(_ start: String) {
    time = Mutex(Timestamp(iso8601: start)?.milliseconds ?? 0)
  }

  /// The waits, in milliseconds.
  var pauses: [Int] { slept.withLock { $0 } }

  var runtime: Runtime {
    Runtime(
      now: { Timestamp(milliseconds: self.time.withLock { $0 }) },
      sleep: { pause in
        self.time.withLock { $0 += Int64(pause) }
        self.slept.withLock { $0.append(pause) }
      }, random: { 4 })
  }
}
