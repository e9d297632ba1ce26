import DaprClient
import Foundation
import HTTPClient
import JSON
import MasteryCore
import Simulation
import Synchronization
import Testing
import WireTesting

@testable import DevSidecar
@testable import MasteryService

/// A sidecar and two engines as processes of their own, wires between them that delay and lose data, and a seeded choice of kills and
/// freezes.
final class Fleet: BesideSidecar {
  /// One of the processes: how it is started, and its current process.
  private struct Member {
    let start: @Sendable () throws -> EngineProcess
    var process: EngineProcess
  }

  let client: DaprClient
  private let http: HTTPClient
  private let folder: URL
  private let endpoint: String
  private let engines: String
  private let wires: [FaultyWire]
  private let random: SeededGenerator
  private let isFaulty: FaultSwitch
  /// The sidecar first, then the engines.
  private let members: Mutex<[Member]>

  /// The sidecar's component files.
  enum Components {
    /// The ones for development, with a store that behaves like the named one, and quick retries.
    case development(DevSidecarSettings.Profile)
    /// The unchanged ones for production: encrypted Redis, and Kafka or Redis as the broker.
    case production(BrokerProfile)
    /// The unchanged ones for production with Kafka, and each event topic on a component of its own.
    case perTopic
    /// The unchanged ones for production with Kafka, with these topics in Avro, beside a registry that has the engine's own schemas.
    case avro([String])
  }

  convenience init(seed: UInt64, profile: DevSidecarSettings.Profile = .sqlite) throws {
    try self.init(seed: seed, components: .development(profile))
  }

  init(seed: UInt64, components shipped: Components) throws {
    let random = SeededGenerator(seed: seed)
    let isFaulty = FaultSwitch()
    let fault: @Sendable () -> FaultyWire.Fault = {
      guard isFaulty.value else { return .none }
      if random.once(in: 200) { return .cut }
      return random.once(in: 20) ? .late(milliseconds: random.draw(1..<60)) : .none
    }
    folder = FileManager.default.temporaryDirectory.appending(path: "mastery-engine-\(UUID().uuidString)")
    let asked = try FleetFiles(shipped, in: folder)
    let (sidecarPort, enginePorts) = (try reservedPort(), [try reservedPort(), try reservedPort()])
    let toEngines = FaultyWire(to: enginePorts, choice: { random.draw(0..<$0) }, fault: fault)
    let toSidecar = FaultyWire(to: [sidecarPort], choice: { random.draw(0..<$0) }, fault: fault)
    let data = folder.appending(path: "data").path
    var starts: [@Sendable () throws -> EngineProcess] = [
      {
        try EngineProcess(
          [
            "sidecar", "--port", "\(sidecarPort)", "--app-port", "\(toEngines.port)", "--data", data,
          ] + asked.options)
      }
    ]
    starts += enginePorts.map { port in
      { try EngineProcess.serve(on: port, sidecar: "http://127.0.0.1:\(toSidecar.port)", environment: asked.environment) }
    }
    members = Mutex(try starts.map { Member(start: $0, process: try $0()) })
    wires = [toEngines, toSidecar]
    endpoint = "http://127.0.0.1:\(sidecarPort)"
    engines = "http://127.0.0.1:\(toEngines.port)"
    http = try HTTPClient()
    client = DaprClient(endpoint: endpoint, stateStore: "statestore", broker: asked.broker, apiToken: nil, http: http)
    (self.random, self.isFaulty) = (random, isFaulty)
  }

  // MARK: Faults

  /// Kills or freezes one of the processes, chosen by the seed; it is then restarted, or goes on where it was.
  func strike() async throws {
    let (victim, isDeath, pause) = (random.draw(0..<3), random.once(in: 2), random.draw(5..<150))
    let process = members.withLock { $0[victim].process }
    if isDeath { process.kill() } else { process.freeze() }
    try await Task.sleep(for: .milliseconds(pause))
    guard isDeath else { return process.thaw() }
    try start([victim])
  }

  /// The role of a member of the fleet.
  enum Role: CaseIterable {
    case sidecar
    case engines
  }

  /// Kills all members of a role without warning, and restarts them.
  func kill(_ role: Role) throws {
    let indices = indices(of: role)
    for index in indices { members.withLock { $0[index].process }.kill() }
    try start(indices)
  }

  /// Asks the members of some roles to stop, one role after the other, and restarts them; returns the exit statuses.
  func restart(_ roles: [Role]) async throws -> [Int32] {
    var statuses: [Int32] = []
    for index in roles.flatMap(indices) { statuses.append(await members.withLock { $0[index].process }.terminate()) }
    try start(roles.flatMap(indices))
    return statuses
  }

  /// Lets the store or the broker fail for a while.
  func outage(_ signal: Int32, for time: Duration) async throws {
    let sidecar = members.withLock { $0[0].process }
    Foundation.kill(sidecar.process.processIdentifier, signal)
    try await Task.sleep(for: time)
    Foundation.kill(sidecar.process.processIdentifier, signal)
  }

  private func indices(of role: Role) -> [Int] { role == .sidecar ? [0] : [1, 2] }

  private func start(_ indices: [Int]) throws {
    for index in indices {
      let process = try members.withLock { $0[index].start }()
      members.withLock { $0[index].process = process }
    }
  }

  /// Waits for a time that the seed chooses.
  func breathe() async throws { try await Task.sleep(for: .milliseconds(random.draw(10..<250))) }

  /// Ends all faults.
  func heal() { isFaulty.value = false }

  /// Asks one of the engines to erase a student, and repeats until it is done.
  func erase(_ key: StudentKey) async throws {
    var configuration = Configuration()
    configuration.environment = .development
    var order = TokenMint.Order(subject: "operator", role: "admin")
    order.school = key.school?.text
    for _ in 0..<600 {
      try checkMembers()
      let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
      let token = TokenMint(configuration)?.token(order, now: now) ?? ""
      let headers = [(name: "Authorization", value: "Bearer \(token)")]
      let call = HTTPCall("DELETE", "\(engines)/student/\(key.student.text)", headers: headers, body: [], deadline: 5_000)
      let status = try? await http.send(call).status
      if status == 200 { return }
      if let status, status < 500 { Issue.record("DELETE answers \(status)") }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("\(key.student.text) is not erased")
  }

  // MARK: Outcome

  /// The values in the stopped sidecar's store; for a string that holds a document, the document.
  func stored() throws -> [(key: String, text: String)] {
    var values: [(key: String, text: String)] = []
    let rows = try Database(path: folder.appending(path: "data/state.sqlite").path).prepare("SELECT key, value FROM state")
    while try rows.step() {
      let value = rows.bytes(1)
      let held = try? JSONDocument.parse(value) { (root) throws(Never) in root.string }
      values.append((rows.text(0), held ?? String(decoding: value, as: UTF8.self)))
    }
    return values
  }

  /// Waits until every event is acknowledged; returns how many are not after a minute without a change, or -1 if nobody answers.
  func undelivered() async throws -> Int {
    var (last, quiet) = (-1, 0)
    while quiet < 1_200 {
      try checkMembers()
      try await Task.sleep(for: .milliseconds(50))
      let answer = try? await http.send(HTTPCall("GET", "\(endpoint)/v1.0/metadata", deadline: 2_000))
      let said = answer.flatMap { answer in
        try? JSONDocument.parse(answer.body) { root in root["extended"]?["undelivered"]?.string.flatMap { Int($0) } }
      }
      let left = said ?? nil
      if left == 0 { return 0 }
      quiet = left ?? last == last ? quiet + 1 : 0
      last = left ?? last
    }
    return last
  }

  /// A process has ended without being killed.
  struct MemberIsGone: Error, CustomStringConvertible {
    let description: String
  }

  /// Checks that all processes are running: without one of them a test would wait for ever.
  ///
  /// - Throws: `MemberIsGone` with the process's last output.
  func checkMembers() throws {
    for (index, member) in members.withLock({ $0 }).enumerated() where !member.process.process.isRunning {
      throw MemberIsGone(description: "process \(index) is gone: \(member.process.output.suffix(1_000))")
    }
  }

  /// Ends all processes, as an operator's system does; returns their exit statuses.
  func stop() async -> [Int32] {
    var statuses: [Int32] = []
    // Engines first: a sidecar waits for their running requests.
    for member in members.withLock({ $0 }).reversed() { statuses.append(await member.process.terminate()) }
    http.stop()
    return statuses
  }

  /// What the broker accepted, from the database of the stopped sidecar.
  func published() throws -> Published {
    let published = Published()
    let rows = try Database(path: folder.appending(path: "data/messages.sqlite").path).prepare("SELECT topic, body FROM retained")
    while try rows.step() { published.append(rows.text(0), rows.bytes(1)) }
    return published
  }

  /// Leaves nothing behind, however the test ends.
  func remove() {
    for member in members.withLock({ $0 }) where member.process.process.isRunning { member.process.kill() }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Whether the wires inject faults.
  private final class FaultSwitch: Sendable {
    private let state = Atomic(true)

    var value: Bool {
      get { state.load(ordering: .relaxed) }
      set { state.store(newValue, ordering: .relaxed) }
    }
  }
}
