internal import DaprClient
internal import HTTPServer
internal import MasteryCore
internal import MasteryService

/// A replica of the service in a simulated world: the real code with its own sidecar and clock, until it is killed.
final class Replica: Sendable {
  /// The configuration of a world's replicas.
  static func configuration(_ plan: Plan) -> Configuration {
    var configuration = plan.configuration
    configuration.environment = .development
    configuration.eventTopics = WorldTopics.events
    configuration.eventBatch = plan.batch
    configuration.eventBatchWait = plan.wait
    configuration.ownPubsub = plan.hasOwnComponent ? "pubsub-own" : nil
    if plan.spreadsTopics {
      configuration.eventPubsubs = Dictionary(uniqueKeysWithValues: WorldTopics.events.map { ($0, "pubsub-\($0)") })
    }
    return configuration
  }

  let number: Int
  /// How far its clock is ahead, in milliseconds.
  let ahead: Int64
  let life: Life
  private let world: WorldParts
  private let responder: any Responder
  private let tokens: Tokens
  private let trails: TrailKeeping?

  /// Starts a replica.
  ///
  /// - Parameters:
  ///   - number: The number that identifies it.
  ///   - ahead: How far its clock is ahead, in milliseconds.
  ///   - world: The world that it belongs to.
  ///   - die: Kills it.
  ///   - take: Receives what its sidecar publishes.
  init(
    _ number: Int, ahead: Int64, _ world: WorldParts, die: @escaping @Sendable (Incident) -> Void,
    take: @escaping @Sendable (SimulatedSidecar.Published) -> Void
  ) {
    self.number = number
    self.ahead = ahead
    self.world = world
    let life = Life(world.timeline)
    self.life = life
    let random = SeededGenerator(seed: world.plan.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
    let runtime = Runtime(
      now: { Timestamp(milliseconds: world.timeline.now + ahead) },
      sleep: { milliseconds in
        if let handling = Handling.current, !handling.mayRest() {
          let rest = "replica \(number) pauses for \(milliseconds) ms before it answers a delivery"
          world.trace.note(rest)
          world.chronicle.note { $0.rests.append(rest) }
        }
        await life.pass(milliseconds)
      }, random: { random.next() })
    let log = Log(level: world.plan.hasRights ? .info : .warning, format: .text) { line in
      guard life.isAlive else { return }
      // A line begins with the replica's own time, which does not matter here.
      let text = String(decoding: line.dropLast(), as: UTF8.self).split(separator: " ", maxSplits: 1).last ?? ""
      if let access = Chronicle.Access(line: text, replica: number, at: world.timeline.now) {
        world.chronicle.note { $0.accesses.append(access) }
      }
      if !text.hasPrefix("info ") { world.trace.note("replica \(number) logs: \(text)") }
    }
    var configuration = Self.configuration(world.plan)
    if world.mistake == .machineZone { configuration.calendars = SchoolCalendars() }
    let script = ReplicaScript(number: number, world: world, life: life, die: die)
    let sidecar = TracedSidecar(
      base: SimulatedSidecar(store: world.store, script: script, take: take), name: "replica \(number)", trace: world.trace, life: life)
    let seen: any Sidecar = world.mistake.map { MistakenSidecar(sidecar, $0) } ?? sidecar
    tokens = Tokens(configuration)
    let service = MasteryService(configuration, sidecar: seen, runtime: runtime, log: log)
    trails = world.plan.hasRights ? TrailKeeping(service, life, world) : nil
    let own = ServiceResponder(service: service)
    if let mistake = world.mistake, mistake.isAtDoor {
      responder = MistakenResponder(base: own, mistake: mistake, executor: world.executor, runtime: runtime)
    } else {
      responder = own
    }
  }

  /// Whether its clock is accurate enough for it to accept tokens.
  var isOnTime: Bool { abs(ahead) <= 60_000 }

  /// A token for an administrator of a school, valid now.
  func token(for school: String?) -> String { tokens.token(for: school, at: world.timeline.now) }

  /// Its clock, in milliseconds since 1970.
  var clock: Int64 { world.timeline.now + ahead }

  /// Answers a request.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - events: The serial numbers of the events that it delivers.
  ///   - begins: Called with the replica's clock when it begins.
  /// - Returns: The answer; nil if the replica died before it sent one.
  func answer(_ request: HTTPRequest, of events: Set<Int> = [], begins: @Sendable (_ clock: Int64) -> Void) async -> ReplicaAnswer? {
    await life.pass(world.random.draw(0..<3))
    guard life.isAlive else { return nil }
    let clock = clock
    begins(clock)
    let handling = request.head.path.hasPrefix("/events/") ? Handling(of: events, at: clock) : nil
    let response = await Handling.$current.withValue(handling) { await responder.answer(request) }
    trails?.wake()
    await life.pass(world.random.draw(0..<3))
    return life.isAlive ? ReplicaAnswer(response: response, clock: clock, putAside: handling?.putAside ?? []) : nil
  }
}
