internal import HTTPServer
internal import MasteryCore
internal import MasteryService
internal import NaiveMastery

/// The service in a world without faults: it receives the same events in one delivery, in reverse order.
struct Reference: Sendable {
  private static let day: Int64 = 86_400_000

  let plan: Plan

  /// The evidence that events give at a cutoff.
  ///
  /// - Returns: The evidence's text; nil if it cannot be compared, since an event would be refused or the cutoff would differ.
  func evidence(of messages: [Message], cutoff: Int) -> [UInt8]? {
    guard let first = messages.first else { return nil }
    // The latest time at which retention gives this cutoff: the end of a day by the school's clocks, which do not change at midnight.
    let midnight = Int64(cutoff + 91) * Self.day
    let clock = midnight - Int64(first.content.zone.minutes(at: midnight)) * 60_000 - 1
    guard messages.allSatisfy({ !$0.unwrapped.isRefused(at: clock) }) else { return nil }
    let sidecar = SimulatedSidecar()
    var configuration = plan.configuration
    configuration.environment = .development
    let service = MasteryService(
      configuration, sidecar: sidecar,
      runtime: Runtime(now: { Timestamp(milliseconds: clock) }, sleep: { _ in }, random: { 0 }),
      log: Log(level: .error, format: .text) { _ in })
    let subscription = Subscription(
      topic: first.topic, component: configuration.pubsub, batch: nil, deadLetterTopic: nil, isRaw: false)
    let request = Callback.bulk(messages.reversed().map(\.unwrapped), subscription, attempt: 1)
    let isDone = SeededExecutor(SeededGenerator(seed: plan.seed)).finishes { _ = await service.answer(request) }
    guard isDone, let stored = sidecar.stored(first.content.documentKey).flatMap({ StoredDocument($0.value) }) else { return [] }
    return stored.cutoff == cutoff ? stored.evidence : nil
  }
}
