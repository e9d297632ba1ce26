import DevSidecar
import Foundation
import HTTPClient
import MasteryCore
import NaiveMastery
import Testing

@testable import MasteryService

extension EndToEnd {
  @Suite("Students are erased while their course flows") struct ErasedFleetTests {
    private static let profiles: [DevSidecarSettings.Profile] = [.memory, .redis, .postgres]

    @Test(
      "After two engines are struck while they erase students, no value in the store holds an erased student", arguments: profiles.indices)
    func erased(index: Int) async throws {
      var course = try Course.loadOfManyStudents().shiftedToNow
      let fleet = try Fleet(seed: 7, profile: Self.profiles[index])
      defer { fleet.remove() }
      // Each kind of store gets a part of the students, and at least 50,000 events of a large course.
      let parts = course.lines.count > 150_000 ? Self.profiles.count : 2 * Self.profiles.count
      let students = Array(Set(try course.lines.map(Comparison.key))).sorted { $0.student.text < $1.student.text }
        .enumerated().filter { $0.offset % parts == index }.map(\.element)
      let names = Set(students.map(\.student.text))
      course.lines = course.lines.filter { names.contains($0.naive.student) }
      let erased = students.enumerated().filter { $0.offset % 3 == 1 }.map(\.element).prefix(200)
      let size = max(200, course.lines.count / 24)
      let starts = Array(stride(from: 0, to: course.lines.count, by: size))
      for (number, start) in starts.enumerated() {
        try await fleet.publish(course.lines[start..<min(start + size, course.lines.count)])
        if number % 5 == 3 { try await fleet.strike() }
        let due = erased.enumerated().filter { $0.offset % starts.count == number }.map(\.element)
        try await withThrowingTaskGroup { group in
          for key in due { group.addTask { try await fleet.erase(key) } }
          try await group.waitForAll()
        }
      }
      // Late and again: every event of theirs.
      let erasedNames = Set(erased.map(\.student.text))
      try await fleet.publish(course.lines.filter { erasedNames.contains($0.naive.student) })
      fleet.heal()
      #expect(try await fleet.undelivered() == 0)
      let statuses = await fleet.stop()
      #expect(statuses == [0, 0, 0])

      let values = try fleet.stored()
      let held = erased.filter { key in values.contains { Self.holds($0.text, key.student) } }
      #expect(held.isEmpty, "\(held.count) of \(erased.count) are still there")
      print(
        "\(Self.profiles[index]): \(course.lines.count) events of \(students.count) students, \(erased.count) erased, "
          + "\(held.count) of them in \(values.count) values")
      let tombstones = erased.filter { key in values.contains { $0.key.hasSuffix(key.documentKey) && $0.text.contains("erased_at") } }
      #expect(tombstones.count == erased.count)
      let others = students.filter { !erased.contains($0) }
      #expect(
        others.allSatisfy { key in values.contains { $0.key.hasSuffix(key.documentKey) && $0.text.contains("\"\(key.student.text)\"") } })
      let told = try fleet.published().bodies(on: "mastery.erased").map { String(decoding: $0, as: UTF8.self) }
      #expect(erased.allSatisfy { key in told.contains { $0.contains("\"\(key.student.text)\"") } })
    }

    /// Whether a JSON text names a student, even inside a string that itself holds JSON, such as a dead letter's payload.
    private static func holds(_ text: String, _ student: StudentID) -> Bool {
      text.contains("\"\(student.text)\"") || text.contains("\"\(student.text)\\")
    }
  }
}
