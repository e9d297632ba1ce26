internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Metrics

/// Consumes deliveries of standings updates, from callback to acknowledgement.
struct StandingsConsumer: DeliveryConsumer {
  let keeper: StandingKeeper
  let publisher: EventPublisher
  let metrics: ServiceMetrics
  let log: Log
  let runtime: Runtime

  /// Merges a delivery into the standings; a message that is not an update is acknowledged and logged, because redelivery would not change
  /// it.
  ///
  /// If a single shard cannot be written, its updates go to the end of the topic and hold up no others.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let delivery = InternalDelivery(incoming.body) { data -> [StandingUpdate?]? in
      guard let list = data["updates"], list.kind == .array else { return nil }
      return list.elements.map { StandingUpdate($0) }
    }
    return await incoming.traced(delivery.entries.lazy.map(\.context)) { trace in await bringIn(delivery, trace.call) }
  }

  private func bringIn(_ delivery: InternalDelivery<[StandingUpdate?]>, _ context: CallContext) async -> Acknowledgement {
    let updates = delivery.entries.map { $0.content?.compactMap(\.self) ?? [] }
    report(delivery.entries.map(\.content))
    let brought = await keeper.take(updates.flatMap(\.self), context: context)
    if let earliest = delivery.entries.compactMap(\.time).min() {
      metrics.standingsLag.set(max(0, runtime.now().seconds(since: earliest)))
    }
    var first = 0
    var isDone: [Bool] = []
    for updates in updates {
      let undone = updates.indices.filter { brought.undone.contains(first + $0) }
      first += updates.count
      if undone.isEmpty {
        isDone.append(true)
      } else if brought.isOutage {
        isDone.append(false)
      } else {
        isDone.append(await putBack(undone.map { updates[$0] }, context))
      }
    }
    return Acknowledgement(
      isBulk: delivery.isBulk, statuses: zip(delivery.entries, isDone).map { Acknowledgement.Status(entry: $0.id, isDone: $1) })
  }

  /// Publishes updates again; true if the broker accepted them.
  private func putBack(_ updates: [StandingUpdate], _ context: CallContext) async -> Bool {
    let now = runtime.now()
    log(LogLine(.warning, "standings are to be brought in later", [("students", .integer(updates.count))]), at: now)
    return await publisher.publish(StandingsMessage.messages(for: updates, at: now), to: Topic.standings, context: context)
  }

  private func report(_ contents: [[StandingUpdate?]?]) {
    let unknown = contents.reduce(0) { $0 + ($1?.count { $0 == nil } ?? 1) }
    guard unknown > 0 else { return }
    log(LogLine(.warning, "what came as standings is none", [("updates", .integer(unknown))]), at: runtime.now())
  }
}
