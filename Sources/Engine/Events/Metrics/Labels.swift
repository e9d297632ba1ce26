internal import DaprClient
internal import MasteryCore
internal import Metrics

extension RejectionReason: MetricLabels {}
extension EventLabel: MetricLabels {}
extension TokenDirection: MetricLabels {}

/// What became of an event.
enum EventOutcome: String, CaseIterable {
  case folded, refused, poisoned, deferred, retried, forgotten
}

/// The labels of worked-off events.
struct EventLabels: MetricLabels {
  /// The event's type; nil if it cannot be read, or is not looked at.
  let type: EventType?
  let outcome: EventOutcome

  static let all = ([nil] + EventType.allCases).flatMap { type in EventOutcome.allCases.map { Self(type: type, outcome: $0) } }

  var values: [String] { [outcome.rawValue, type?.label ?? "unknown"] }
}

extension EventType {
  /// The short name of the type in metrics.
  fileprivate var label: String { component?.rawValue ?? "calculation" }
}

/// The source of refused events.
struct SourceLabel: MetricLabels {
  let source: String

  var values: [String] { [source] }
}

/// The intent of a request.
struct IntentLabel: MetricLabels {
  let intent: String

  var values: [String] { [intent] }
}

/// The intent and the status of a request.
struct RequestLabels: MetricLabels {
  let intent: String
  let status: Int

  var values: [String] { [intent, String(status)] }
}

/// What was done with a student's document.
enum FoldResult: String, CaseIterable, MetricLabels {
  case saved, unchanged
  case givenUp = "given_up"
}

/// Why there is a dead letter.
enum DeadLetterCause: String, CaseIterable, MetricLabels {
  /// The event breaks the rules.
  case refused
  /// The event is good, but could not be worked off.
  case processing
  /// The sidecar gave it up.
  case undeliverable
}

/// A component of the sidecar, and what may be wrong with it.
struct ComponentLabels: MetricLabels {
  let component: String
  let problem: ComponentProblem

  var values: [String] { [component, problem.rawValue] }
}

/// The release.
struct VersionLabel: MetricLabels {
  let version: String

  var values: [String] { [version] }
}

/// What the sidecar was asked for.
enum CallKind: String, CaseIterable, MetricLabels {
  case bulkGet = "bulk_get"
  case get, save, delete, transact, publish
  case publishBulk = "publish_bulk"
  case invoke, metadata
}

/// How a call to the sidecar ended.
enum CallStatus: String, CaseIterable {
  case ok, conflict, refused, failed, spoiled, unauthorized, unreachable
  case timedOut = "timeout"
  case broken, unintelligible

  /// The status of a call that failed, or did not.
  init(_ failure: SidecarFailure?) {
    self =
      switch failure {
      case nil: .ok
      case .unreachable: .unreachable
      case .timedOut: .timedOut
      case .broken: .broken
      case .conflict: .conflict
      case .unauthorized: .unauthorized
      case .refused: .refused
      case .failed: .failed
      case .spoiled: .spoiled
      case .unintelligible: .unintelligible
      }
  }
}

/// What the sidecar was asked for, and how it ended.
struct CallLabels: MetricLabels {
  let call: CallKind
  let status: CallStatus

  var values: [String] { [call.rawValue, status.rawValue] }
}
