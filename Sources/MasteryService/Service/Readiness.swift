internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Synchronization

/// Whether the service can do its work: asked of the dependencies themselves, since the sidecar stays well while they are not.
final class Readiness: Sendable {
  /// A key that is read and never written.
  static let probeKey = "ready:probe"
  /// How long a failed publish speaks against the broker, in milliseconds.
  private static let publishMemory: Int64 = 10_000

  private struct State {
    var isStarted = false
    var isStopping = false
    var lastFailedPublish: Timestamp?
  }

  private let state = Mutex(State())
  private let sidecar: any Sidecar

  init(sidecar: any Sidecar) {
    self.sidecar = sidecar
  }

  func started() { state.withLock { $0.isStarted = true } }
  func stopping() { state.withLock { $0.isStopping = true } }
  func publishFailed(at moment: Timestamp) { state.withLock { $0.lastFailedPublish = moment } }

  /// Started and not stopping, whatever the dependencies.
  var isProcessReady: Bool { state.withLock { $0.isStarted && !$0.isStopping } }

  /// What is up.
  struct Report {
    var process: Bool
    var dapr: Bool
    var store: Bool
    var pubsub: Bool

    var isReady: Bool { process && dapr && store && pubsub }
  }

  /// Reads a small key and looks at what was published lately.
  func report(now: Timestamp, context: CallContext) async -> Report {
    async let isDaprUp = sidecar.isReady(context: context)
    var store = false
    if let loaded = try? await sidecar.load([Self.probeKey], context: context, decode: { _, _ in true }) {
      store = loaded.allSatisfy { if case .failed = $0.state { false } else { true } }
    }
    let failed = state.withLock { $0.lastFailedPublish }
    let pubsub = failed.map { now > $0.adding(milliseconds: Self.publishMemory) } ?? true
    return Report(process: isProcessReady, dapr: await isDaprUp, store: store, pubsub: pubsub)
  }
}
