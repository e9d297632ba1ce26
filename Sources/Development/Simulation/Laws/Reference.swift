internal import HTTPServer
internal import MasteryCore
internal import MasteryService

/// The service in a world without faults: it receives the same events in one delivery, in reverse order.
struct Reference: Sendable {
  private static let day: Int64 = 86_400_000

  let seed: UInt64

  /// The evidence that events give at a cutoff.
  ///
  /// - Returns: The evidence's text; nil if it cannot be compared, since an event would be refused or the cutoff would differ.
  func evidence(of messages: [Message], cutoff: Int) -> [UInt8]? {
    // The latest time at which retention gives this cutoff.
    let clock = Int64(cutoff + 91) * Self.day - 1
    guard let first = messages.first, messages.allSatisfy({ !$0.unwrapped.isRefused(at: clock) }) else { return nil }
    let sidecar = SimulatedSidecar()
    var configuration = Configuration()
    configuration.environment = .development
    let service = MasteryService(
      configuration, sidecar: sidecar,
      runtime: Runtime(now: { Timestamp(milliseconds: clock) }, sleep: { _ in }, random: { 0 }),
      log: Log(level: .error, format: .text) { _ in })
    let subscription = Subscription(
      topic: first.topic, component: configuration.pubsub, batch: nil, deadLetterTopic: nil, isRaw: false)
    let request = Callback.bulk(messages.reversed().map(\.unwrapped), subscription, attempt: 1)
    let isDone = SeededExecutor(SeededGenerator(seed: seed)).finishes { _ = await service.answer(request) }
    guard isDone, let stored = sidecar.stored(first.content.documentKey).flatMap({ StoredDocument($0.value) }) else { return [] }
    return stored.cutoff == cutoff ? stored.evidence : nil
  }
}
