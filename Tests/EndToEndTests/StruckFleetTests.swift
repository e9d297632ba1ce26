import Foundation
import MasteryCore
import Testing

@testable import MasteryService

extension EndToEnd {
  @Suite("Two engines and their sidecar are struck at random") struct StruckFleetTests {
    @Test("Two engines killed, held, cut off and delayed while a course flows lose, double and refuse nothing", arguments: [1 as UInt64])
    func struck(seed: UInt64) async throws {
      let course = try Course.loadOfManyStudents().shiftedToNow
      let fleet = try Fleet(seed: seed)
      defer { fleet.remove() }
      let size = 500
      async let strikes: Void = Self.strike(fleet, times: max(24, course.lines.count / 2_000))
      for start in stride(from: 0, to: course.lines.count, by: size) {
        try await fleet.publish(course.lines[start..<min(start + size, course.lines.count)])
        try await fleet.breathe()
      }
      try await strikes
      fleet.heal()
      #expect(try await fleet.undelivered() == 0)

      let documents = try await fleet.documents(of: Array(Set(try course.lines.map(Comparison.key))))
      try Comparison.check(course, documents)
      #expect(await fleet.stop() == [0, 0, 0])
      let said = try Said(try fleet.published())
      said.check(documents)
      #expect(said.deadLetters == 0)
    }

    private static func strike(_ fleet: Fleet, times: Int) async throws {
      for _ in 0..<times {
        try await fleet.breathe()
        try await fleet.strike()
      }
    }
  }
}
