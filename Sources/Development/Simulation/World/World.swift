internal import HTTPServer
internal import JSON
internal import MasteryService

/// A simulated world: replicas of the service, the store and the broker that they share, a clock of its own, and the planned faults.
final class World: Sendable {
  let parts: WorldParts
  let broker: SimulatedBroker
  private let clients: Clients

  init(_ plan: Plan, mistake: Mistake?, isTold: Bool) {
    parts = WorldParts(plan, mistake: mistake, isTold: isTold)
    let own = (plan.hasRights ? WorldTopics.ofRights : []) + (plan.comparesStudents ? WorldTopics.ofCohorts : [])
    let topics = Set(WorldTopics.events + [WorldTopics.waitingRoom] + own)
    broker = SimulatedBroker(parts, Subscription.all(of: Replica.configuration(plan)).filter { topics.contains($0.topic) })
    clients = Clients(parts)
  }

  /// Runs everything until nothing is left to do.
  func run() {
    for (fault, number) in parts.plan.inherent { parts.incidents.count(fault, number) }
    for (number, ahead) in parts.plan.clocks.enumerated() { start(number, ahead: ahead) }
    for event in parts.plan.events {
      at(event.at) { [broker] in broker.publish(event.topic, event.text, event.form, event.content, foreign: event.foreign) }
    }
    for request in parts.plan.requests { at(request.at) { [clients] in clients.ask(request) } }
    for incident in parts.plan.incidents where incident.fault.trigger == .time { at(incident.when) { [self] in strike(incident) } }
    let end = parts.plan.start + Int64(parts.plan.deadline)
    var steps = 0
    run(until: end, &steps)
    if parts.plan.comparesStudents, steps < Self.mostSteps {
      parts.executor.begin { [parts] in await Survey(parts).run() }
      run(until: end + 120_000, &steps)
    }
    close(isExhausted: steps >= Self.mostSteps)
  }

  private func run(until end: Int64, _ steps: inout Int) {
    repeat { steps += parts.executor.run(atMost: Self.mostSteps - steps) } while steps < Self.mostSteps && parts.timeline.step(before: end)
  }

  /// A limit far above the steps of any run that settles.
  private static let mostSteps = 400_000

  private func at(_ moment: Int, _ action: @escaping @Sendable () -> Void) {
    parts.timeline.at(parts.plan.start + Int64(moment), action)
  }

  /// Records what is still open, and lets every task finish.
  private func close(isExhausted: Bool) {
    let open = broker.undelivered + clients.waiting + (isExhausted ? ["the step limit was reached"] : [])
    parts.chronicle.note { $0.unsettled = open }
    for replica in parts.replicas.all { replica.life.end() }
    parts.replicas.removeAll()
    clients.close()
    broker.close()
    repeat { parts.executor.run() } while parts.timeline.step(before: .max)
  }

  // MARK: Replicas

  private func start(_ number: Int, ahead: Int64) {
    let die: @Sendable (Incident) -> Void = { [self] incident in
      if let replica = parts.replicas.all.first(where: { $0.number == number }) { kill(replica, incident) }
    }
    let replica = Replica(number, ahead: ahead, parts, die: die) { [parts, broker] published in
      if WorldTopics.events.contains(published.topic) { return parts.ingested(published, broker) }
      parts.chronicle.note {
        $0.said.append(.init(at: parts.timeline.now, replica: number, topic: published.topic, event: published.event))
      }
      if published.topic == WorldTopics.waitingRoom { return parts.putAside(published, broker) }
      guard broker.delivers(published.topic) else { return }
      parts.ownWork(published, broker)
      parts.repeatStandings(published, broker)
    }
    parts.trace.note("replica \(number) starts, its clock \(ahead / 1_000) s ahead")
    parts.replicas.add(replica)
  }

  private func kill(_ replica: Replica, _ incident: Incident) {
    parts.trace.note("replica \(replica.number) is killed")
    replica.life.end()
    parts.replicas.remove(replica)
    let pause = max(1_000, lasting(incident))
    parts.chronicle.excuse(from: parts.timeline.now, until: parts.timeline.now + Int64(pause))
    parts.timeline.after(pause) { [self] in start(replica.number + 10, ahead: replica.ahead) }
  }

  // MARK: Timed faults

  /// How long an incident lasts; never beyond the span in which faults strike.
  private func lasting(_ incident: Incident) -> Int {
    let term = parts.plan.terms.first { ($0.start..<$0.end).contains(parts.moment) }
    return min(incident.length, max(1, (term?.end ?? 0) - parts.moment))
  }

  private func strike(_ incident: Incident) {
    let length = lasting(incident)
    let end = parts.timeline.now + Int64(length)
    switch incident.fault {
    case .storeOutage: parts.weather.storeIsDown(until: end)
    case .brokerOutage: parts.weather.brokerIsDown(until: end)
    case .newerSchema, .nextSchema, .unreadableDocument, .keyFailsForGood, .keyFailsNowAndThen, .saveRefused, .foreignValue,
      .encryptionKeyGone, .encryptionKeyChanged, .savedAsValue:
      return befall(incident, length)
    case .asideUnreadable:
      if Affliction.befallAside(parts, incident.target) { parts.incidents.count(incident.fault) }
      return
    case .deadLetterReplayed: return replay(incident)
    case .replicaAdded:
      guard parts.replicas.all.count < 4 else { return }
      start(incident.target * 100 + 5, ahead: 0)
    default:
      guard let replica = parts.replicas.pick(incident.target) else { return }
      switch incident.fault {
      case .sidecarOutage: parts.weather.sidecarIsDown(of: replica.number, until: end)
      case .sidecarEnds:
        parts.weather.sidecarEnds(of: replica.number, until: end)
        broker.sidecarEnds(of: replica.number)
      case .replicaFrozen:
        parts.trace.note("replica \(replica.number) freezes for \(length) ms")
        replica.life.freeze(until: end)
      default: kill(replica, incident)
      }
    }
    // Keeps time moving until the fault is over.
    parts.timeline.after(length) {}
    parts.chronicle.excuse(from: parts.timeline.now, until: end)
    parts.incidents.count(incident.fault)
    parts.trace.note("\(incident.fault.rawValue) strikes for \(length) ms")
  }

  /// Replays one of the dead letters unchanged, as an operator would.
  private func replay(_ incident: Incident) {
    let content = parts.chronicle.content
    let letters = content.said.filter { $0.topic == "mastery.dlq" }.compactMap(SaidEvent.init)
    let failed = letters.compactMap { letter in
      content.messages.first { $0.content.id == letter.id && $0.content.milliseconds != nil && $0.text == letter.payload }
    }
    guard !failed.isEmpty else { return }
    parts.incidents.count(incident.fault)
    let message = failed[incident.target % failed.count]
    broker.publish(WorldTopics.waitingRoom, message.text, .object, message.content)
  }

  /// Damages one student's document, or those of several if it is an encryption key that is lost.
  private func befall(_ incident: Incident, _ length: Int) {
    let events = parts.plan.events
    guard !events.isEmpty else { return }
    var keys: [String] = []
    for number in events.indices where keys.count < incident.fault.documents {
      let key = events[(incident.target + number) % events.count].content.documentKey
      if !keys.contains(key) { keys.append(key) }
    }
    for key in keys {
      // A document that stays unreadable cannot be erased either: it waits for the operator.
      if incident.fault == .keyFailsForGood, parts.plan.erases(key) { continue }
      guard Affliction(parts, key: key, incident.fault).begin(lasting: length) else { continue }
      parts.incidents.count(incident.fault)
      parts.trace.note("\(incident.fault.rawValue) strikes \(key)")
    }
  }
}
