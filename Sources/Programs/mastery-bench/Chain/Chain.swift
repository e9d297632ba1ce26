import CBuiltIn
import Glibc
import HTTPClient
import HTTPServer
import MasteryCore
import MasteryService

/// Measures the built program as its users run it: dev sidecar and engine as processes, over loopback.
struct Chain {
  /// The program `mastery-engine`.
  let program: String
  /// Events to replay; the shipped course when nil.
  let events: String?
  let client: HTTPClient

  static let sidecarPort: UInt16 = 13_601
  static let enginePort: UInt16 = 18_601
  static let calculation =
    #"{"intent":"mastery_calculation","payload":{"components":{"completion":0.8,"quiz":0.6,"quality":0.7,"consistency":0.5}}}"#

  /// From the program's start to a ready service, in milliseconds; the floor is the same program printing its version.
  func start() async throws(BenchFailure) -> Measured {
    let sidecar = try await sidecar()
    let began = LoadGenerator.now
    try ChildProcess(program, ["--version"]).finish()
    let between = LoadGenerator.now
    let engine = try await engine()
    let ready = LoadGenerator.now
    try engine.stop()
    try sidecar.stop()
    return Measured(figure: Double(ready - between) / 1_000, floor: Double(between - began) / 1_000)
  }

  /// Calculations by `/process` per second, at 32 connections; the floor is `/healthz`, which the same server answers with a constant.
  func calculations() async throws(BenchFailure) -> (rate: Measured, p99: Measured) {
    let sidecar = try await sidecar()
    let engine = try await engine()
    let floor = try LoadGenerator(port: Self.enginePort, "GET", "/healthz").run(connections: 32, milliseconds: 2_000)
    let load = LoadGenerator(port: Self.enginePort, "POST", "/process", body: Self.calculation)
    let answers = try load.run(connections: 32, milliseconds: 2_000)
    try engine.stop()
    try sidecar.stop()
    return (Measured(figure: answers.rate, floor: floor.rate), Measured(figure: answers.p99, floor: floor.p99))
  }

  /// Calculations by `/process` per second for callers with verified tokens, with limits and audit on, at 32 connections; the floor is the
  /// same without them.
  func guardedCalculations() async throws(BenchFailure) -> Measured {
    var rates: [Double] = []
    for guards in [[], Self.guards] {
      let sidecar = try await sidecar()
      let engine = try await engine(guards)
      let asked = (0..<32).map { Self.calculation(by: guards.isEmpty ? nil : "bench-\($0)") }
      rates.append(try LoadGenerator(port: Self.enginePort) { asked[$0] }.run(connections: 32, milliseconds: 2_000).rate)
      try engine.stop()
      try sidecar.stop()
    }
    return Measured(figure: rates[1], floor: rates[0])
  }

  private static let secret = "a secret of the bench, as long as it must be"
  /// Services have a limit too, each above what a run asks.
  private static let guards = ["ENVIRONMENT=staging", "JWT_SECRET=\(secret)", "RATE_LIMIT_ENABLED=true", "RATE_LIMIT_SERVICE=1000"]

  private static let mint: TokenMint? = {
    var configuration = Configuration()
    configuration.jwtSecret = secret
    return TokenMint(configuration)
  }()

  /// A request to calculate, with or without a token.
  private static func calculation(by subject: String?) -> [UInt8] {
    let now = Timestamp(milliseconds: Int64(time(nil)) * 1_000)
    let token = subject.flatMap { mint?.token(.init(subject: $0, role: "service"), now: now) }
    return LoadGenerator.request("POST", "/process", body: calculation, token: token)
  }

  /// The figures of an attack.
  struct Attacked {
    /// The 99th percentile of two good callers' answers, in milliseconds; the floor is that without anybody else.
    let p99: Measured
    /// The engine's peak memory in MB; the floor is the one before the attack.
    let memory: Measured
    /// Strangers per second; the floor is how often one and the same caller is answered.
    let rate: Measured
  }

  /// Lets a million strangers ask once each over 32 connections, each with a valid token of its own, while two good callers go on.
  func attack() async throws(BenchFailure) -> Attacked {
    let sidecar = try await sidecar()
    let engine = try await engine(Self.guards)
    // The good callers stay within their limit.
    let good = (0..<64).map { Self.calculation(by: "good-\($0)") }
    var (asked, strangers) = (0, 0)
    let next = { () -> [UInt8] in
      asked += 1
      return good[asked % good.count]
    }
    let alone = try LoadGenerator(port: Self.enginePort) { _ in next() }.run(connections: 2, milliseconds: 2_000)
    let memory = engine.peakMemory
    let began = LoadGenerator.now
    let crowd = LoadGenerator(port: Self.enginePort) { connection in
      guard connection < 32 else { return next() }
      strangers += 1
      return Self.calculation(by: "stranger-\(strangers)")
    }
    let during = try crowd.run(connections: 34, milliseconds: 300_000, timed: 32..<34) { strangers >= 1_000_000 }
    let seconds = Double(LoadGenerator.now - began) / 1e6
    let peak = engine.peakMemory
    try engine.stop()
    try sidecar.stop()
    return Attacked(
      p99: Measured(figure: during.p99, floor: alone.p99), memory: Measured(figure: peak, floor: memory),
      rate: Measured(figure: Double(strangers) / seconds, floor: alone.rate))
  }

  /// The figures of a replay.
  struct Replayed {
    /// Events per second; the floor is a subscriber that acknowledges without reading.
    let rate: Measured
    /// The subscriber's processor time, in microseconds per event.
    let processorTime: Measured
    /// The engine's peak memory in MB; the floor is its memory once it is ready.
    let memory: Measured
    /// Queries through the sidecar per second, at 32 connections; the floor is the sidecar's own health.
    let queries: Measured
  }

  /// Replays the course into the engine, and into a subscriber that only acknowledges.
  func replay() async throws(BenchFailure) -> Replayed {
    let file = try EventsFile(events)
    var sidecar = try await sidecar()
    let engine = try await engine()
    let subscriptions = try await get(Self.enginePort, "/dapr/subscribe")
    let (idleTime, idleMemory) = (engine.processorTime, engine.peakMemory)
    let made = try replay(file)
    let (time, memory) = (engine.processorTime - idleTime, engine.peakMemory)
    let target = "/v1.0/invoke/mastery-engine/method/mastery/query"
    let health = try LoadGenerator(port: Self.sidecarPort, "GET", "/v1.0/metadata").run(connections: 32, milliseconds: 1_000)
    let load = LoadGenerator(port: Self.sidecarPort, "POST", target, body: #"{"student_id":"bench"}"#)
    try await makeStudent()
    let queries = try load.run(connections: 32, milliseconds: 2_000)
    try engine.stop()
    try sidecar.stop()

    let door: HTTPServer
    do {
      door = try HTTPServer(
        HTTPServerSettings(host: "127.0.0.1", port: Self.enginePort), application: Acknowledger(subscriptions: subscriptions))
    } catch {
      throw BenchFailure("port \(Self.enginePort) is taken")
    }
    sidecar = try await self.sidecar()
    let before = Measured.processorTime()
    let floor = try replay(file)
    let floorTime = Measured.processorTime() - before
    try sidecar.stop()
    await door.stop(within: .seconds(5))
    return Replayed(
      rate: Measured(figure: made.rate, floor: floor.rate),
      processorTime: Measured(figure: Double(time) / made.events, floor: Double(floorTime) / floor.events),
      memory: Measured(figure: memory, floor: idleMemory), queries: Measured(figure: queries.rate, floor: health.rate))
  }

  private func replay(_ file: EventsFile) throws(BenchFailure) -> (rate: Double, events: Double) {
    let replay = try ChildProcess(
      program, ["replay", file.path, "--sidecar", "http://127.0.0.1:\(Self.sidecarPort)", "--shift-to-now", "--wait"])
    try replay.finish()
    let figure = { (name: String) in
      replay.output.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    }
    guard let rate = figure("rate"), let events = figure("events") else { throw BenchFailure("a replay told nothing: \(replay.output)") }
    return (rate, events)
  }

  /// Publishes an event of a student without a school and waits until it is processed.
  private func makeStudent() async throws(BenchFailure) {
    let event =
      #"{"event_id":"bench","event_type":"quiz.completed","timestamp":"2024-01-01T00:00:00Z","student_id":"bench","#
      + #""data":{"total_questions":10,"correct_answers":5}}"#
    _ = try await post("/v1.0/publish/pubsub/learning.quiz", event)
    let end = LoadGenerator.now + 20_000_000
    while LoadGenerator.now < end {
      if (try? await post("/v1.0/invoke/mastery-engine/method/mastery/query", #"{"student_id":"bench"}"#)) != nil { return }
      usleep(1_000)
    }
    throw BenchFailure("an event is not worked off")
  }

  func sidecar() async throws(BenchFailure) -> ChildProcess {
    let process = try ChildProcess(program, ["sidecar", "--port", "\(Self.sidecarPort)", "--app-port", "\(Self.enginePort)"])
    try await answers(Self.sidecarPort, "/v1.0/healthz/outbound")
    return process
  }

  /// An engine without limits for its callers, or with the given settings; and with further ones.
  func engine(_ guards: [String] = [], and further: [String] = []) async throws(BenchFailure) -> ChildProcess {
    let process = try ChildProcess(
      program, ["serve"],
      environment: ["APP_PORT=\(Self.enginePort)", "DAPR_HTTP_PORT=\(Self.sidecarPort)", "LOG_LEVEL=warning"]
        + (guards.isEmpty ? ["ENVIRONMENT=development", "RATE_LIMIT_ENABLED=false"] : guards) + further)
    try await answers(Self.enginePort, "/ready")
    return process
  }

  /// Waits until a condition holds.
  private func answers(_ port: UInt16, _ path: String) async throws(BenchFailure) {
    let end = LoadGenerator.now + 20_000_000
    while LoadGenerator.now < end {
      if (try? await get(port, path)) != nil { return }
      usleep(1_000)
    }
    throw BenchFailure("\(path) on port \(port) does not answer")
  }

  /// What `/metrics` of the engine hands out.
  func metrics() async throws(BenchFailure) -> [UInt8] { try await get(Self.enginePort, "/metrics") }

  private func get(_ port: UInt16, _ path: String) async throws(BenchFailure) -> [UInt8] {
    try await send(HTTPCall("GET", "http://127.0.0.1:\(port)\(path)", deadline: 2_000))
  }

  private func post(_ path: String, _ body: String) async throws(BenchFailure) -> [UInt8] {
    try await send(
      HTTPCall(
        "POST", "http://127.0.0.1:\(Self.sidecarPort)\(path)", headers: [("Content-Type", "application/json")], body: Array(body.utf8),
        deadline: 2_000))
  }

  private func send(_ call: HTTPCall) async throws(BenchFailure) -> [UInt8] {
    guard let answer = try? await client.send(call), (200..<300).contains(answer.status) else {
      throw BenchFailure("\(call.url) does not answer")
    }
    return answer.body
  }
}

/// The events to replay: a file of the caller's, or the shipped course.
private struct EventsFile {
  let path: String
  private let shipped: NamelessFile?

  init(_ path: String?) throws(BenchFailure) {
    if let path {
      (self.path, shipped) = (path, nil)
      return
    }
    let course = built_in_course
    let file = try NamelessFile()
    guard write(file.descriptor, course.bytes, course.size) == course.size else { throw BenchFailure("there is no room for the course") }
    (self.path, shipped) = (file.path, file)
  }
}
