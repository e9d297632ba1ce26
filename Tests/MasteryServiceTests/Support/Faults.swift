import DaprClient
import Simulation
import Synchronization

/// Ways in which a call can fail.
enum Outage: String, CaseIterable, Sendable {
  case unreachable, timedOut, broken, failed, refusedByToken, unintelligible

  var failure: SidecarFailure {
    switch self {
    case .unreachable: .unreachable("connection refused")
    case .timedOut: .timedOut
    case .broken: .broken("reset by peer")
    case .failed: .failed(status: 500, code: "ERR_STATE_GET", message: "redis is away")
    case .refusedByToken: .unauthorized("invalid api token")
    case .unintelligible: .unintelligible("half an answer")
    }
  }
}

extension SimulatedSidecar {
  /// The store cannot be read, in one of the ways.
  ///
  /// If every connection breaks, the sidecar itself has trouble and is not ready either: a ready one that breaks them for a key says that
  /// it cannot read that key.
  func cannotRead(_ outage: Outage) {
    always(.failed(outage.failure)) { $0.isLoad || outage == .broken && !($0.isSave || $0.isPublish) }
  }
}

/// True once.
final class Once: Sendable {
  private let isSpent = Mutex(false)

  func callAsFunction() -> Bool {
    isSpent.withLock { spent in
      defer { spent = true }
      return !spent
    }
  }
}

extension SimulatedSidecar {
  /// One call that meets the condition has this fate, and all others succeed.
  func once(_ fate: Fate, where matches: @escaping @Sendable (SidecarCall) -> Bool) {
    let once = Once()
    play { call in matches(call) && once() ? fate : .done }
  }

  /// Every call that meets the condition has this fate.
  func always(_ fate: Fate, where matches: @escaping @Sendable (SidecarCall) -> Bool) {
    play { call in matches(call) ? fate : .done }
  }
}

extension SidecarCall {
  /// Whether it publishes to that topic.
  func publishes(to topic: String) -> Bool { if case .publish(topic, _) = self { true } else { false } }
}
