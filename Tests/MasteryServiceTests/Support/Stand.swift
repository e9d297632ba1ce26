import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing
import Tracing

@testable import MasteryService

/// The service over a simulated sidecar, with a clock that only a test and the service's own waiting move.
struct Stand: Sendable {
  /// Sunday, 15 March 2026, noon.
  static let noon: Int64 = 1_773_576_000_000
  static let noonTime = Timestamp(milliseconds: noon)

  let sidecar: SimulatedSidecar
  let clock: SteppedClock
  let service: MasteryService
  let lines: LogLines

  init(
    at milliseconds: Int64 = Self.noon, sidecar: SimulatedSidecar = SimulatedSidecar(), seed: UInt64 = 1, spans: SpanQueue? = nil,
    intents: IntentTable = .standard, configure: (inout Configuration) -> Void = { _ in }
  ) {
    let clock = SteppedClock(milliseconds)
    let random = SeededGenerator(seed: seed)
    let lines = LogLines()
    var configuration = Configuration()
    // The stepped clock stands still while a delivery is processed.
    configuration.environment = .development
    configure(&configuration)
    let runtime = Runtime(
      now: { clock.now },
      sleep: { milliseconds in
        clock.slept(milliseconds)
        await Task.yield()
      },
      random: { random.next() })
    let log = Log(level: .info, format: .json) { lines.append(String(decoding: $0, as: UTF8.self)) }
    service = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: log, spans: spans, intents: intents)
    self.sidecar = sidecar
    self.clock = clock
    self.lines = lines
  }

  /// Sends a callback and reads its statuses; a single event's status is under the empty name.
  func deliver(_ body: [UInt8], to topic: String = "learning.completion", headers: [HTTPField] = []) async -> [String: String] {
    let fields = [HTTPField("Content-Type", "application/cloudevents+json")] + headers
    let head = HTTPRequestHead(method: "POST", target: "/events/\(topic)", fields: fields)
    guard case .accept(let acceptance) = service.admit(head) else { return ["": "not admitted"] }
    let response = await service.answer(HTTPRequest(head: head, body: body, context: acceptance.context))
    return Statuses.read(response)
  }

  /// Sends events in one bulk delivery, each in a CloudEvent, named by their indices.
  func deliver(_ events: [String], to topic: String = "learning.completion") async -> [String: String] {
    await deliver(Array(Wrapped.bulk(events.enumerated().map { ("\($0.offset)", Wrapped.cloudEvent($0.element)) }).utf8), to: topic)
  }

  /// Delivers the messages of one of the engine's own topics, as the broker does; returns their statuses.
  func redeliver(_ topic: String) async -> Set<String> {
    let bodies = sidecar.published(to: topic).map { String(decoding: $0, as: UTF8.self) }
    let bulk = Wrapped.bulk(bodies.enumerated().map { ("\($0.offset)", $0.element) })
    return Set(await deliver(Array(bulk.utf8), to: topic).values)
  }

  /// Lets the service work in the background for some seconds of its clock.
  func pass(_ seconds: Int64) async {
    let end = clock.now.adding(milliseconds: seconds * 1_000)
    let keeping = Task { await service.keepTrails() }
    while clock.now < end { await Task.yield() }
    keeping.cancel()
    await keeping.value
  }

  /// Sends a request as over HTTP: its head first, then the whole.
  func ask(_ method: String = "POST", _ target: String, _ body: String = "", _ fields: [HTTPField] = []) async -> HTTPResponse {
    await ask(method, target, bytes: Array(body.utf8), fields)
  }

  func ask(_ method: String = "POST", _ target: String, bytes: [UInt8], _ fields: [HTTPField] = []) async -> HTTPResponse {
    let own = [HTTPField("Content-Type", "application/json"), HTTPField("X-Correlation-ID", "corr-1")]
    let head = HTTPRequestHead(
      method: method, target: target, fields: fields + own.filter { own in !fields.contains { $0.name == own.name } })
    return await service.respond(to: HTTPRequest(head: head, body: bytes))
  }

  /// The student's stored document.
  func document(of student: String, school: String? = nil) throws -> StudentDocument {
    let key = try Self.key(student, school: school)
    let stored = try #require(sidecar.stored(key.documentKey), "nothing stands at \(key.documentKey)")
    return try StoredDocument.read(stored.value, of: key)
  }

  static func key(_ student: String, school: String? = nil) throws -> StudentKey {
    StudentKey(school: try school.map { try #require(SchoolID($0)) }, student: try #require(StudentID(student)))
  }
}

/// A clock that stands still unless somebody waits or steps it.
final class SteppedClock: Sendable {
  private let state: Mutex<(now: Int64, pauses: [Int])>

  init(_ milliseconds: Int64) { state = Mutex((milliseconds, [])) }

  var now: Timestamp { Timestamp(milliseconds: state.withLock { $0.now }) }
  /// The service's waits, in order.
  var pauses: [Int] { state.withLock { $0.pauses } }

  func step(_ milliseconds: Int64) { state.withLock { $0.now += milliseconds } }

  func slept(_ milliseconds: Int) {
    state.withLock { state in
      state.now += Int64(milliseconds)
      state.pauses.append(milliseconds)
    }
  }
}

/// The log lines.
final class LogLines: Sendable {
  private let state = Mutex<[String]>([])

  var all: [String] { state.withLock { $0 } }
  func append(_ line: String) { state.withLock { $0.append(line) } }
}
