import LoadTesting
import Synchronization

/// Calls of the engine's API in an open model, and what became of them so far.
final class CallFeed: Sendable {
  private struct State {
    var ledgers: [CallLedger]
    var recovery: Recovery
    /// The calls that were accepted, if they are remembered.
    var accepted: [Int] = []
    var failure: LoadFailure?
  }

  private let plan: OpenLoad.Plan
  private let replicas: ReplicaTable
  /// Kinds of calls, which follow each other in turn; each has a ledger of its own.
  private let kinds: [@Sendable (_ index: Int) -> [UInt8]]
  private let remembers: Bool
  private let state: Mutex<State>

  /// Creates a feed.
  ///
  /// - Parameters:
  ///   - plan: When, and over how many connections.
  ///   - replicas: Who is called.
  ///   - outages: What recoveries are counted from.
  ///   - remembers: Whether accepted calls are remembered by number.
  ///   - kinds: The bytes of a call, of each kind.
  init(
    _ plan: OpenLoad.Plan, _ replicas: ReplicaTable, outages: [Outage] = [], remembers: Bool = false,
    kinds: [@Sendable (_ index: Int) -> [UInt8]]
  ) {
    (self.plan, self.replicas, self.kinds, self.remembers) = (plan, replicas, kinds, remembers)
    state = Mutex(State(ledgers: kinds.map { _ in CallLedger() }, recovery: Recovery(outages)))
  }

  /// A feed of queries about the students of a plan.
  static func queries(
    _ rate: Int, _ seconds: Int, _ events: EventPlan, _ replicas: ReplicaTable, outages: [Outage]
  ) -> CallFeed? {
    guard let schedule = ArrivalSchedule(rate: rate, seconds: seconds, spacing: .poisson(seed: events.seed)) else { return nil }
    var plan = OpenLoad.Plan(schedule)
    // As gateways do with a call that nobody took.
    plan.retries = 2
    return CallFeed(plan, replicas, outages: outages, kinds: [{ query(events.student(of: events.students + $0)) }])
  }

  /// A query about a student.
  static func query(_ student: Int) -> [UInt8] {
    LoadGenerator.request("POST", "/mastery/query", body: #"{"student_id":"\#(EventPlan.id(ofStudent: student))"}"#)
  }

  /// Sends all calls; blocks its thread until the last has ended.
  ///
  /// - Parameter began: When the schedule begins; nil for when all connections are open.
  func run(from began: Int?) {
    let load = OpenLoad(plan, port: { [replicas] _, _ in replicas.next() }, request: { [kinds] in kinds[$0 % kinds.count]($0) })
    do throws(LoadFailure) {
      try load.run(from: began) { take($0) }
    } catch {
      state.withLock { $0.failure = error }
    }
  }

  private func take(_ outcome: CallOutcome) {
    let isServed = outcome.status.map { (200..<300).contains($0) } ?? false
    state.withLock { state in
      state.ledgers[outcome.index % kinds.count].take(outcome)
      if !isServed { state.recovery.note(outcome.ended) }
      if isServed, remembers { state.accepted.append(outcome.index) }
    }
  }

  /// What became of the calls of each kind.
  var ledgers: [CallLedger] { state.withLock { $0.ledgers } }

  /// How long after outages calls were not served.
  var recovery: Recovery { state.withLock { $0.recovery } }

  /// The accepted calls.
  var accepted: [Int] { state.withLock { $0.accepted } }

  /// Why nothing could be offered; nil if it could.
  var failure: LoadFailure? { state.withLock { $0.failure } }
}
