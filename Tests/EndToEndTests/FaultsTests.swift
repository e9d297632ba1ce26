import DevSidecar
import Foundation
import MasteryCore
import Testing

@testable import MasteryService

extension EndToEnd {
  /// Runs beside the unchanged production files, with each broker, and with a component for each topic: `MASTERY_FAULTS` makes outages 15 s long and the killing a minute.
  @Suite("Two engines and their sidecar survive the faults of a fleet") struct FaultsTests {
    private static let isLong = ProcessInfo.processInfo.environment["MASTERY_FAULTS"] != nil
    private static let outage: Duration = isLong ? .seconds(15) : .seconds(2)
    private static let (kills, pause): (Int, Duration) = isLong ? (12, .seconds(5)) : (3, .seconds(1))
    private static let components: [Fleet.Components] = [.production(.kafka), .production(.redis), .perTopic]

    @Test(
      "Outages, restarts in any order and kills lose nothing, double nothing and leave no revision unannounced",
      arguments: components.indices)
    func faults(beside files: Int) async throws {
      let course = try Course.loadOfManyStudents().shiftedToNow
      let fleet = try Fleet(seed: 1, components: Self.components[files])
      defer { fleet.remove() }
      fleet.heal()
      var parts = Parts(lines: course.lines, count: 5 + Self.kills)

      for (what, signal) in [("the store", SIGUSR1), ("the broker", SIGUSR2)] {
        try await fleet.publish(parts.next())
        try await fleet.outage(signal, for: Self.outage)
        try await Self.recovers(fleet, from: "an outage of \(what)", beside: files)
      }
      for roles in [[Fleet.Role.sidecar, .engines], [.engines, .sidecar], [.engines]] {
        try await fleet.publish(parts.next())
        #expect(try await fleet.restart(roles).allSatisfy { $0 == 0 })
        try await Self.recovers(fleet, from: "a stop of \(roles)", beside: files)
      }
      for kill in 0..<Self.kills {
        try await fleet.publish(parts.next())
        try fleet.kill(Fleet.Role.allCases[kill % 2])
        try await Task.sleep(for: Self.pause)
      }
      try await Self.recovers(fleet, from: "kills", beside: files)

      let documents = try await fleet.documents(of: Array(Set(try course.lines.map(Comparison.key))))
      try Comparison.check(course, documents)
      #expect(await fleet.stop() == [0, 0, 0])
      let said = try Said(try fleet.published())
      said.check(documents)
      said.checkRevisions(documents)
      #expect(said.deadLetters == 0)
    }

    /// Waits until all events are acknowledged, and returns how long that took.
    private static func recovers(_ fleet: Fleet, from what: String, beside files: Int) async throws {
      let began = ContinuousClock.now
      #expect(try await fleet.undelivered() == 0, "after \(what)")
      print("\(components[files]): all is in \(began.duration(to: .now)) after \(what)")
    }

    /// Lines in that many parts, one after the other.
    private struct Parts {
      let lines: [Course.Line]
      let count: Int
      private var given = 0

      init(lines: [Course.Line], count: Int) { (self.lines, self.count) = (lines, count) }

      mutating func next() -> ArraySlice<Course.Line> {
        let (from, to) = (given * lines.count / count, (given + 1) * lines.count / count)
        given += 1
        return lines[from..<to]
      }
    }
  }
}
