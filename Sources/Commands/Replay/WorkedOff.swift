internal import MasteryCore
internal import MasteryService

/// The wait for the engine to work off what was published: all of it, or all but so many events.
actor WorkedOff {
  /// How a wait ended.
  enum Ending: Hashable, Sendable {
    /// Nothing is left.
    case all
    /// Not all of it can be counted, since processes of the engine came or went, but every replica is ready and idle.
    case idle(counted: Int)
    /// Something is left, and nothing gets on; why.
    case stuck(String)
  }

  /// Milliseconds without any change after which the wait ends.
  static let patience: Int64 = 60_000
  /// Milliseconds without any change after which publishing goes on, whatever is left.
  static let publishingPatience: Int64 = 10_000
  /// Milliseconds without any change after which replicas that are ready have nothing left to do: partitions of a killed sidecar stand
  /// still for up to 13 s.
  static let idleness: Int64 = 20_000
  /// Milliseconds without any change after which it asks what holds things up and says so, and between two such lines.
  private static let quiet: Int64 = 10_000

  private let look: @Sendable (_ published: Int) async -> ReplayLook
  private let recent: @Sendable () async -> ReplayLook?
  private let hindrances: @Sendable () async -> [String]
  private let report: @Sendable (String) -> Void
  private let runtime: Runtime
  /// The number that was worked off when publishing last went on without a wait for the engine; nil while it waits.
  private var givenUp: Int?

  /// A wait by what a watch shows.
  init(_ watch: ReplayWatch, runtime: Runtime, report: @escaping @Sendable (String) -> Void) {
    self.init(
      look: { await watch.look(published: $0) }, recent: { await watch.recent() }, hindrances: { await watch.hindrances() },
      runtime: runtime,
      report: report)
  }

  /// A wait by what is told.
  ///
  /// - Parameters:
  ///   - look: Looks at broker and engine, at a pace of its own.
  ///   - recent: The last look, where it is recent.
  ///   - hindrances: Asks what keeps the engine from its work.
  ///   - runtime: The clock.
  ///   - report: Is told what holds things up.
  init(
    look: @escaping @Sendable (_ published: Int) async -> ReplayLook, recent: @escaping @Sendable () async -> ReplayLook? = { nil },
    hindrances: @escaping @Sendable () async -> [String], runtime: Runtime, report: @escaping @Sendable (String) -> Void
  ) {
    (self.look, self.recent, self.hindrances, self.runtime, self.report) = (look, recent, hindrances, runtime, report)
  }

  /// Waits until at most so many events are left, but not where nobody can tell, nor for ever: what is not published cannot get on.
  ///
  /// - Parameters:
  ///   - published: The events that were published.
  ///   - most: The events that may be left.
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

  /// Waits until nothing is left, or nothing gets on any more.
  ///
  /// - Parameter published: The events that were published.
  /// - Returns: How it ended.
  func waitForAll(published: Int) async -> Ending {
    var (change, activity, said) = (runtime.now(), runtime.now(), runtime.now())
    var last: ReplayLook?
    while true {
      let seen = await look(published)
      if seen.left == 0, seen.isSure { return .all }
      let now = runtime.now()
      // An engine that only asks for its events once more is busy, and gets nowhere.
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

  /// How things stand, in a line, and what hinders the engine.
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
