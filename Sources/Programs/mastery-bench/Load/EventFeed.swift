import DevSidecar
import Glibc
import JSON
import LoadTesting

/// Publishes events when they are due, as producers beside sidecars of their own do; what the broker refuses is published again.
struct EventFeed: Sendable {
  /// Most events of one publish call.
  private static let size = 500
  /// Microseconds between two looks at what is due.
  private static let pause: UInt32 = 5_000
  /// Microseconds that a producer waits after the broker has refused.
  private static let refusedPause: UInt32 = 100_000
  /// Microseconds after the last event was due in which the broker must have taken all.
  private static let patience = 120_000_000

  let flow: EventFlow
  let sidecar: DevSidecar

  /// Publishes one event of each student.
  func warmUp() {
    var pending = Pending()
    flow.due(0..<flow.plan.students)
    for event in 0..<flow.plan.students { pending.add(event, flow.plan) }
    let now = Self.wallTime
    while !pending.isEmpty {
      if !publish(&pending, at: { _ in now }) { usleep(Self.refusedPause) }
    }
  }

  /// Publishes all measured events from the beginning of the load on; blocks its thread until the last is taken.
  func run(from began: Int) {
    guard let schedule = flow.schedule else { return }
    let wall = Self.wallTime - Int64((Monotonic.microseconds - began) / 1_000)
    let end = schedule.evenTime(of: schedule.count) + Self.patience
    var (pending, due) = (Pending(), 0)
    while due < schedule.count || !pending.isEmpty {
      let now = Monotonic.microseconds - began
      guard now < end else { return }
      let next = schedule.evenArrivals(until: now)
      let events = flow.plan.students + due..<flow.plan.students + next
      flow.due(events)
      for event in events { pending.add(event, flow.plan) }
      due = next
      let isTaken = publish(&pending) { wall + Int64(schedule.evenTime(of: $0 - flow.plan.students) / 1_000) }
      usleep(isTaken ? Self.pause : Self.refusedPause)
    }
  }

  /// Publishes what is pending, topic by topic.
  ///
  /// - Returns: Whether the broker has taken it.
  private func publish(_ pending: inout Pending, at time: (Int) -> Int64) -> Bool {
    for component in EventPlan.Component.allCases {
      while let events = pending.next(of: component, most: Self.size) {
        guard sidecar.publish(body(events, time), to: component.topic, of: "pubsub") else { return false }
        flow.published(events)
        pending.remove(events.count, of: component)
      }
    }
    return true
  }

  private func body(_ events: ArraySlice<Int>, _ time: (Int) -> Int64) -> [UInt8] {
    var json = JSONWriter(capacity: events.count * 512)
    json.objects(of: events) { json, event in
      json.member("entryId", "\(event)")
      json.member("event") { flow.plan.write(event, at: time(event), to: &$0) }
      json.member("contentType", "application/json" as StaticString)
      json.object("metadata") { $0.member("partitionKey", EventPlan.id(ofStudent: flow.plan.student(of: event))) }
    }
    return json.bytes
  }

  /// Milliseconds since 1970.
  private static var wallTime: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Events that are due and that the broker has not taken, by component and in their order.
  private struct Pending {
    private var events: [[Int]] = Array(repeating: [], count: EventPlan.Component.allCases.count)

    var isEmpty: Bool { events.allSatisfy(\.isEmpty) }

    mutating func add(_ event: Int, _ plan: EventPlan) { events[plan.component(of: event).rawValue].append(event) }

    func next(of component: EventPlan.Component, most: Int) -> ArraySlice<Int>? {
      events[component.rawValue].isEmpty ? nil : events[component.rawValue].prefix(most)
    }

    mutating func remove(_ count: Int, of component: EventPlan.Component) { events[component.rawValue].removeFirst(count) }
  }
}
