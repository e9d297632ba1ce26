internal import MasteryCore
internal import MasteryService

/// The wait for the engine to finish published events: all of them, or all but a given number.
actor WorkedOff {
  /// How a wait ended.
  enum Ending: Hashable, Sendable {
    /// Nothing is left.
    case all
    /// Not all of it can be counted, because processes of the engine came or went, but every replica is ready and idle.
    case idle(counted: Int)
    /// Some events are left and there is no progress, with the reason.
    case stuck(String)
  }

  /// Milliseconds without any change after which the wait ends.
  static let patience: Int64 = 60_000
  /// Milliseconds without any change after which publishing continues, however much is left.
  static let publishingPatience: Int64 = 10_000
  /// Milliseconds without any change after which ready replicas count as finished: partitions of a killed sidecar stand still for up to 13
  /// s.
  static let idleness: Int64 = 20_000
  /// Milliseconds without any change after which the cause of the delay is queried and reported, and between two such reports.
  private static let quiet: Int64 = 10_000

  private let look: @Sendable (_ published: Int) async -> ReplayLook
  private let recent: @Sendable () async -> ReplayLook?
  private let hindrances: @Sendable () async -> [String]
  private let report: @Sendable (String) -> Void
  private let runtime: Runtime
  /// The number of finished events when publishing last continued without waiting for the engine; nil while it waits.
  private var givenUp: Int?

  /// Creates a wait based on a watch.
  init(_ watch: ReplayWatch, runtime: Runtime, report: @escaping @Sendable (String) -> Void) {
    self.init(
      look: { await watch.look(published: $0) }, recent: { await watch.recent() }, hindrances: { await watch.hindrances() },
      runtime: runtime,
      report: report)
  }

  /// Creates a wait based on closures.
  ///
  /// - Parameters:
  ///   - look: Looks at broker and engine, at its own pace.
  ///   - recent: The last look, if it is recent.
  ///   - hindrances: Queries what prevents the engine from working.
  ///   - runtime: The clock.
  ///   - report: Receives the cause of a delay.
  init(
    look: @escaping @Sendable (_ published: Int) async -> ReplayLook, recent: @escaping @Sendable () async -> ReplayLook? = { nil },
    hindrances: @escaping @Sendable () async -> [String], runtime: Runtime, report: @escaping @Sendable (String) -> Void
  ) {
    (self.look, self.recent, self.hindrances, self.runtime, self.report) = (look, recent, hindrances, runtime, report)
  }

  /// Waits until at most `most` events are left; it does not wait if the number is unknown, nor forever, because unpublished events cannot
  /// make progress.
  ///
  /// - Parameters:
  ///   - published: Number of events published.
  ///   - most: Number of events that may be left.
  func waitForRoom(published: Int, most: Int) async {
    if let recent = await recent(), let left = recent.left, left + published - recent.published <= most { return }
    let began = runtime.now()
    var change = began
    var least: Int?
    while true {
      let seen = await look(published)
      guard let left = seen.left, left > most else {
        givenUp = nil
        return
      }
      if let givenUp, published - left <= givenUp { return }
      givenUp = nil
      if left != least { (least, change) = (left, runtime.now()) }
      guard runtime.now() < change.adding(milliseconds: Self.publishingPatience) else {
        givenUp = published - left
        report("\(await state(seen).text); publishing goes on")
        return
      }
    }
  }

  /// Waits until nothing is left, or there is no more progress.
  ///
  /// - Parameter published: Number of events published.
  /// - Returns: How the wait ended.
  func waitForAll(published: Int) async -> Ending {
    var (change, activity, said) = (runtime.now(), runtime.now(), runtime.now())
    var last: ReplayLook?
    while true {
      let seen = await look(published)
      if seen.left == 0, seen.isSure { return .all }
      let now = runtime.now()
      // An engine that only requests its events again is busy without making progress.
      if seen.left != last?.left { (change, activity) = (now, now) }
      if seen.retried != last?.retried { activity = now }
      last = seen
      let isQuiet = now >= change.adding(milliseconds: Self.quiet) && now >= said.adding(milliseconds: Self.quiet)
      guard isQuiet else { continue }
      said = now
      let state = await state(seen)
      if !seen.isSure, now >= activity.adding(milliseconds: Self.idleness), state.hindrances.isEmpty {
        return .idle(counted: published - (seen.left ?? published))
      }
      guard now < change.adding(milliseconds: Self.patience) else { return .stuck(state.text) }
      report(state.text)
    }
  }

  /// The present state in one line, and what prevents the engine from working.
  private func state(_ look: ReplayLook) async -> (text: String, hindrances: [String]) {
    var parts: [String] = []
    if let left = look.left {
      parts.append("\(look.published - left) of \(look.published) published events are worked off")
      if look.postponed > 0 { parts.append("\(look.postponed) are put off to be tried again later") }
    } else {
      parts.append(
        "\(look.published) events are published, and neither sidecar nor engine tells how far it is: name its replicas by --engines")
    }
    if look.retried > 0 { parts.append("the engine has put off or asked for once more \(look.retried)") }
    let hindrances = await hindrances()
    parts.append(contentsOf: hindrances)
    if hindrances.isEmpty, look.left != nil {
      parts.append("the engine says that it is ready: another app of the same consumer group may take its events, or its sidecar is gone")
    }
    return (parts.joined(separator: "; "), hindrances)
  }
}
