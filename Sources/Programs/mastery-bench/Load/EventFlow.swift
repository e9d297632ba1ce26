import LoadTesting
import Synchronization

/// The events of a load on their way: what was published, what results say is done, and how long each took.
///
/// The first events, one of each student, warm the engine up; the measured ones follow, at even gaps from the beginning of the load.
final class EventFlow: Sendable {
  private struct State {
    var expected: ExpectedStandings
    var ledger: ResultLedger
    /// Latencies of each tenth of the load.
    var tenths = Array(repeating: LatencyHistogram(), count: EventFlow.parts)
    var recovery: Recovery
    var published = 0
    var announcements: AnnouncementLedger
    var deadLetters = 0
    /// When the load began, in microseconds of the monotonic clock; nil while the engine is warmed up.
    var began: Int?
  }

  private static let parts = 10
  /// A result later than this is a sign that events wait, in microseconds.
  private static let prompt = 1_000_000

  let plan: EventPlan
  /// When the measured events are due; nil if there are none.
  let schedule: ArrivalSchedule?
  private let state: Mutex<State>

  init(_ plan: EventPlan, _ schedule: ArrivalSchedule?, outages: [Outage]) {
    (self.plan, self.schedule) = (plan, schedule)
    state = Mutex(
      State(
        expected: ExpectedStandings(plan), ledger: ResultLedger(plan), recovery: Recovery(outages),
        announcements: AnnouncementLedger(students: plan.students)))
  }

  /// Marks the beginning of the load.
  func begin(at began: Int) { state.withLock { $0.began = began } }

  /// Lets events wait for their results; done before the broker may have them.
  func due(_ events: Range<Int>) {
    state.withLock { state in
      for event in events { state.ledger.add(event) }
    }
  }

  /// Counts events that the broker has taken.
  func published(_ events: some Collection<Int>) {
    state.withLock { state in
      state.published += events.count
      for event in events { state.expected.take(event) }
    }
  }

  /// Takes in a result that the broker took at a time.
  func take(_ result: ResultLedger.Result, at time: Int) {
    state.withLock { state in
      let done = state.ledger.take(result)
      guard let began = state.began, let schedule else { return }
      for event in done where event >= plan.students {
        let index = event - plan.students
        let latency = time - began - schedule.evenTime(of: index)
        state.tenths[index * Self.parts / schedule.count].record(latency)
        if latency > Self.prompt { state.recovery.note(time - began) }
      }
    }
  }

  /// Takes in a message about a student's level or path.
  func announce(_ message: [UInt8]) { state.withLock { $0.announcements.take(message) } }

  /// Counts a dead letter.
  func deadLetter() { state.withLock { $0.deadLetters += 1 } }

  /// Number of events that the broker has taken, and of those that results say are done.
  var progress: (published: Int, done: Int) { state.withLock { ($0.published, $0.ledger.done) } }

  /// The times from when an event was due to when a result said that it is done, of each tenth of the load.
  var tenths: [LatencyHistogram] { state.withLock { $0.tenths } }

  /// These times, of the whole load.
  var latencies: LatencyHistogram {
    tenths.reduce(into: LatencyHistogram()) { $0.merge($1) }
  }

  /// How long after outages results were late.
  var recovery: Recovery { state.withLock { $0.recovery } }

  var deadLetters: Int { state.withLock { $0.deadLetters } }

  /// Number of events that were due and wait for a result.
  var left: Int { state.withLock { $0.ledger.left } }

  /// Number of results that said a revision again.
  var repeatedResults: Int { state.withLock { $0.ledger.repeated } }

  /// Number of announcements of levels and paths, and of those that were said again.
  var announcements: (count: Int, repeated: Int) { state.withLock { ($0.announcements.count, $0.announcements.repeated) } }

  /// How the students must stand.
  var expected: ExpectedStandings { state.withLock { $0.expected } }
}
