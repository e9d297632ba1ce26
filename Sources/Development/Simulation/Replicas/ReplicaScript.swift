internal import DaprClient

/// Decides how long a replica's calls take, and which faults strike them.
struct ReplicaScript: CallScript {
  let number: Int
  let world: WorldParts
  let life: Life
  /// Kills the replica because of an incident.
  let die: @Sendable (Incident) -> Void

  func fate(of call: SidecarCall) async -> Fate {
    guard life.isAlive else { return Self.dead }
    await life.pass(world.random.draw(0..<4))
    guard life.isAlive else { return Self.dead }
    return outage(of: call) ?? incident(for: call) ?? .done
  }

  func answering(_ call: SidecarCall) async {
    await life.pass(world.random.draw(0..<4))
  }

  func later(_ effect: @escaping @Sendable () -> Void) {
    let trace = world.trace
    let number = number
    let handling = Handling.current
    world.timeline.after(world.random.draw(1..<3_000)) {
      trace.note("a late call of replica \(number) takes effect")
      Handling.$current.withValue(handling) { effect() }
    }
  }

  private static let dead = Fate.failed(.unreachable("the caller is dead"))

  // MARK: What is down

  private func outage(of call: SidecarCall) -> Fate? {
    let now = world.timeline.now
    if world.weather.isSidecarDown(of: number, now) { return .failed(.unreachable("connection refused")) }
    switch call {
    case .load(let keys):
      if world.weather.isStoreDown(now) {
        return world.plan.profile.hidesOutages ? .partly(without: Set(keys)) : .failed(Self.status500("ERR_STATE_BULK_GET"))
      }
      let failing = world.weather.failing(among: keys, now)
      return failing.isEmpty ? nil : .partly(without: failing)
    case .save(let items):
      if world.weather.isStoreDown(now) { return .failed(Self.status500("ERR_STATE_SAVE")) }
      let refused = world.weather.refused(among: items.map(\.key), now)
      return refused.isEmpty
        ? nil : .refused(keys: refused, .refused(status: 400, code: "ERR_STATE_SAVE", message: "the value is not allowed"))
    case .publish:
      return world.weather.isBrokerDown(now) ? .failed(Self.status500("ERR_PUBSUB_PUBLISH_MESSAGE")) : nil
    case .delete, .other: return nil
    }
  }

  // MARK: Faults of one call

  private func incident(for call: SidecarCall) -> Fate? {
    switch call {
    case .load(let keys): world.incidents.next(.load).map { fate($0, keys: keys) }
    case .save(let items):
      (world.incidents.next(.save) ?? (call.isAside ? world.incidents.next(.aside) : nil)).map {
        fate($0, keys: items.map(\.key), isUnguarded: items.contains { $0.condition == .always })
      }
    case .publish(_, let events): world.incidents.next(.publish).map { fate($0, keys: events.map { $0.partitionKey ?? "" }) }
    case .delete, .other: nil
    }
  }

  private func fate(_ incident: Incident, keys: [String], isUnguarded: Bool = false) -> Fate {
    if !incident.fault.isOfOneKey { world.chronicle.excuse(from: world.timeline.now, until: world.timeline.now) }
    world.trace.note("\(incident.fault.rawValue) strikes the next call of replica \(number)")
    let chosen = Set(keys.isEmpty ? [] : [keys[incident.target % keys.count]])
    let lost: SidecarFailure = incident.target.isMultiple(of: 2) ? .timedOut : .broken("reset by peer")
    switch incident.fault {
    case .loadAnswerLost, .saveAnswerLost, .publishAnswerLost: return .answerLost(lost)
    // Nothing can guard an unconditional save against taking effect late.
    case .saveComesLate where isUnguarded, .asideComesLate where isUnguarded: return .answerLost(.timedOut)
    case .saveComesLate, .publishComesLate, .asideComesLate: return .late(.timedOut)
    case .connectionCloses: return .failed(.broken("EOF"))
    case .saveConflicts: return .failed(.conflict(code: "ERR_STATE_SAVE", message: "possible etag mismatch"))
    case .callOutlivesReplica, .replicaKilledAtWork, .replicaKilledAside:
      die(incident)
      return incident.fault == .callOutlivesReplica || isDoneAside(incident) ? .done : Self.dead
    case .keyFailsOnce, .saveHalfDone, .publishHalfDone:
      world.chronicle.note { $0.troubled.formUnion(chosen) }
      return .partly(without: chosen)
    default:
      return .failed(
        incident.target.isMultiple(of: 3)
          ? .unreachable("connection refused") : incident.target.isMultiple(of: 5) ? .timedOut : Self.status500("ERR_INTERNAL"))
    }
  }

  /// Whether a non-document write outlives the replica that made it, as every second one does.
  private func isDoneAside(_ incident: Incident) -> Bool { incident.fault == .replicaKilledAside && incident.target.isMultiple(of: 2) }

  private static func status500(_ code: String) -> SidecarFailure {
    .failed(status: 500, code: code, message: "the component behind the sidecar does not answer")
  }
}
