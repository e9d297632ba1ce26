internal import CSockets
internal import Glibc

/// Sends requests when a schedule says so, on the calling thread, whether or not earlier ones are answered: an open model.
///
/// A latency counts from when an arrival is due, so an arrival that had to wait for a connection, or for a generator that was behind, counts
/// with its wait. Nothing is omitted while the service stands still.
public struct OpenLoad {
  /// What it needs beside the schedule.
  public struct Plan: Sendable {
    /// When arrivals are due.
    public let schedule: ArrivalSchedule
    /// Most connections at one time; arrivals beyond wait for one.
    public var connections = 4_096
    /// Connections that are open before the first arrival, and used in turn.
    public var opened = 0
    /// Milliseconds from when an arrival is due within which it must be answered.
    public var deadline = 10_000
    /// How often an arrival is sent again that nobody has taken: refused, or hung up on a kept connection before a byte came.
    public var retries = 0

    /// A plan with the defaults.
    public init(_ schedule: ArrivalSchedule) { self.schedule = schedule }
  }

  private let plan: Plan
  private let port: (_ index: Int, _ attempt: Int) -> UInt16?
  private let request: (_ index: Int) -> [UInt8]

  /// Creates a load.
  ///
  /// - Parameters:
  ///   - plan: When, and over how many connections.
  ///   - port: Where an arrival goes at its first, second… attempt; nil where there is nobody at this time.
  ///   - request: The bytes of an arrival's request.
  public init(
    _ plan: Plan, port: @escaping (_ index: Int, _ attempt: Int) -> UInt16?, request: @escaping (_ index: Int) -> [UInt8]
  ) {
    (self.plan, self.port, self.request) = (plan, port, request)
  }

  /// Offers the whole load and waits for the last answer, or its deadline.
  ///
  /// - Parameters:
  ///   - start: The time of `Monotonic.microseconds` from which the schedule counts; nil begins when all connections are open.
  ///   - isOver: Asked before each arrival; true ends the load early.
  ///   - observe: Sees what became of each arrival, in the order of their ends.
  /// - Throws: `LoadFailure` if nothing can be offered.
  public func run(
    from start: Int? = nil, isOver: () -> Bool = { false }, _ observe: (CallOutcome) -> Void
  ) throws(LoadFailure) {
    let lines = try LoadLines(limit: plan.connections)
    if plan.opened > 0, let port = port(0, 0) { try lines.open(plan.opened, to: port) }
    let began = start ?? Monotonic.microseconds
    var times = plan.schedule.times
    var (index, due) = (0, times.next())
    var flights = Flights(deadline: plan.deadline * 1_000)
    while due != nil || !flights.isEmpty {
      var now = Monotonic.microseconds - began
      if due != nil, isOver() { due = nil }
      while let next = due, next <= now {
        flights.add(index, due: next)
        send(index, &flights, lines, began, observe)
        index += 1
        due = times.next()
      }
      now = Monotonic.microseconds - began
      for index in flights.overdue(now) {
        lines.abandon(index)
        end(index, .late, &flights, began, observe)
      }
      // Waiting ones get the connections that have become free.
      for _ in 0..<min(flights.waiters, lines.free) {
        if let index = flights.nextWaiting() { send(index, &flights, lines, began, observe) }
      }
      for happening in lines.wait(milliseconds: Self.pause(until: due, now)) { take(happening, &flights, lines, began, observe) }
    }
  }

  /// Rounded up, since epoll knows milliseconds only, and at most as long as deadlines may be looked at late.
  private static func pause(until due: Int?, _ now: Int) -> Int { min(due.map { max(0, $0 - now + 999) / 1_000 } ?? 20, 20) }

  private func send(_ index: Int, _ flights: inout Flights, _ lines: LoadLines, _ began: Int, _ observe: (CallOutcome) -> Void) {
    while let flight = flights[index] {
      guard let port = port(index, flight.attempts) else {
        flights.attempt(index, Monotonic.microseconds - began)
        if flight.attempts >= plan.retries { return end(index, .refused, &flights, began, observe) }
        continue
      }
      guard lines.hasRoom || lines.hasIdle(port) else { return flights.wait(index) }
      flights.attempt(index, Monotonic.microseconds - began)
      guard !lines.send(index, request(index), to: port) else { return }
      if flight.attempts >= plan.retries { return end(index, .refused, &flights, began, observe) }
    }
  }

  private func take(
    _ happening: LoadLines.Happening, _ flights: inout Flights, _ lines: LoadLines, _ began: Int, _ observe: (CallOutcome) -> Void
  ) {
    switch happening {
    case .answered(let index, let frame):
      end(index, .answered(status: frame.status, hasRetryAfter: frame.hasRetryAfter), &flights, began, observe)
    case .ended(let index, let wasTaken):
      guard let flight = flights[index] else { return }
      if !wasTaken, flight.attempts <= plan.retries { return send(index, &flights, lines, began, observe) }
      end(index, wasTaken ? .broken : .refused, &flights, began, observe)
    }
  }

  private func end(
    _ index: Int, _ ending: CallOutcome.Ending, _ flights: inout Flights, _ began: Int, _ observe: (CallOutcome) -> Void
  ) {
    guard let flight = flights.remove(index) else { return }
    let now = Monotonic.microseconds - began
    observe(
      CallOutcome(
        index: index, due: flight.due, sent: flight.sent ?? now, ended: now, ending: ending, repeats: max(0, flight.attempts - 1)))
  }
}
