internal import DaprClient
internal import JSON
internal import MasteryCore

/// A delivery of the engine's own results, from callback to acknowledgement.
struct ResultDelivery: Sendable {
  let keeper: StandingKeeper
  let log: Log
  let edge: Edge

  /// An entry of a delivery: what it says of standings; nil where it is no result.
  private typealias Entry = (id: String, update: StandingUpdate?)

  /// Brings a delivery into the standings; what is no result is acknowledged and logged, as no other delivery would make it one.
  func take(_ body: [UInt8], context: CallContext) async -> Acknowledgement {
    let (isBulk, entries) = Self.read(body)
    let updates = entries.compactMap(\.update)
    let undone = await keeper.take(updates, context: context)
    if updates.count < entries.count {
      log(LogLine(.warning, "what came as results is none", [("events", .integer(entries.count - updates.count))]), at: edge.now())
    }
    var place = 0
    return Acknowledgement(
      isBulk: isBulk,
      statuses: entries.map { entry in
        guard entry.update != nil else { return Acknowledgement.Status(entry: entry.id, isDone: true) }
        defer { place += 1 }
        return Acknowledgement.Status(entry: entry.id, isDone: !undone.contains(place))
      })
  }

  private static func read(_ body: [UInt8]) -> (isBulk: Bool, entries: [Entry]) {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) -> (isBulk: Bool, entries: [Entry]) in
      guard let entries = root["entries"], entries.kind == .array else { return (false, [("", update(root))]) }
      return (true, entries.elements.map { ($0["entryId"]?.string ?? "", $0["event"].flatMap(update)) })
    }
    return read ?? (false, [("", nil)])
  }

  /// What a CloudEvent, or the data of one, says.
  private static func update(_ event: JSONValue) -> StandingUpdate? { StandingUpdate(event["data"] ?? event) }
}
