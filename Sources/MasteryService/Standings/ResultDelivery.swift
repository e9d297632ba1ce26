internal import DaprClient
internal import MasteryCore

/// A delivery of the engine's own results, from callback to acknowledgement.
struct ResultDelivery: Sendable {
  let keeper: StandingKeeper
  let log: Log
  let edge: Edge

  /// Brings a delivery into the standings; what is no result is acknowledged and logged, as no other delivery would make it one.
  func take(_ body: DeliveryBody, context: CallContext) async -> Acknowledgement {
    let delivery = OwnDelivery(body) { StandingUpdate($0) }
    let updates = delivery.entries.compactMap(\.content)
    let undone = await keeper.take(updates, context: context)
    if updates.count < delivery.entries.count {
      log(LogLine(.warning, "what came as results is none", [("events", .integer(delivery.entries.count - updates.count))]), at: edge.now())
    }
    var place = 0
    return Acknowledgement(
      isBulk: delivery.isBulk,
      statuses: delivery.entries.map { entry in
        guard entry.content != nil else { return Acknowledgement.Status(entry: entry.id, isDone: true) }
        defer { place += 1 }
        return Acknowledgement.Status(entry: entry.id, isDone: !undone.contains(place))
      })
  }
}
