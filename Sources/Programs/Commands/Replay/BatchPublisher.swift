internal import DaprClient
internal import MasteryCore
internal import MasteryService

/// Publishes a batch, and retries the events that the broker did not accept, as long as there is progress.
struct BatchPublisher: Sendable {
  /// Milliseconds that one request may take.
  private static let deadline = 10_000
  /// Milliseconds of the first and the longest pause between two tries.
  private static let pauses: (first: Int, longest: Int) = (100, 5_000)
  /// Milliseconds without progress after which it gives up.
  static let patience: Int64 = 60_000

  let sidecar: any Sidecar
  let runtime: Runtime
  /// Counts the events that the broker has accepted.
  var taken = PublishedEvents()
  /// Receives the reason for each retry of a batch.
  let report: @Sendable (String) -> Void

  /// Publishes events in order.
  ///
  /// An event may be published twice if an answer is lost; its id identifies the duplicate.
  func publish(_ events: [OutgoingEvent], to topic: String) async -> Result<Void, CommandFailure> {
    var rest = events
    var pause = Self.pauses.first
    var progress = runtime.now()
    while true {
      let reason: String
      do throws(SidecarFailure) {
        let failed = try await sidecar.publish(rest, to: topic, context: CallContext(deadline: Self.deadline))
        taken.add(rest.count - failed.count)
        guard !failed.isEmpty else { return .success(()) }
        if failed.count < rest.count { (pause, progress) = (Self.pauses.first, runtime.now()) }
        reason = "the broker did not take \(failed.count) of \(rest.count) events"
        rest = failed.map { rest[$0] }
      } catch {
        switch error {
        case .unauthorized, .refused: return .failure(.incomplete("\(topic): \(error.explanation)"))
        default: reason = error.explanation
        }
      }
      guard runtime.now() < progress.adding(milliseconds: Self.patience) else {
        return .failure(.incomplete("\(topic): \(reason), for \(Self.patience / 1_000) s now"))
      }
      report("\(topic): \(reason); the next try is in \(pause) ms")
      await runtime.sleep(milliseconds: pause)
      pause = min(2 * pause, Self.pauses.longest)
    }
  }
}

extension SidecarFailure {
  /// The failure in words.
  fileprivate var explanation: String {
    switch self {
    case .unreachable(let reason): "the sidecar cannot be reached (\(reason))"
    case .timedOut: "the sidecar did not answer in time"
    case .broken(let reason): "the connection to the sidecar broke (\(reason))"
    case .unauthorized(let message):
      "the sidecar refused with 401: \(message); DAPR_API_TOKEN is missing or is not the token that the sidecar asks for"
    case .conflict(_, let message): "the sidecar refused with 409: \(message)"
    case .refused(let status, _, let message): "the sidecar refused with \(status): \(message)"
    case .failed(let status, _, let message): "the sidecar failed with \(status): \(message)"
    case .spoiled(let reason), .unintelligible(let reason): "the sidecar's answer cannot be read: \(reason)"
    }
  }
}
