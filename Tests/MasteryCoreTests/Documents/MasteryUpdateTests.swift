import MasteryCore
import Testing

@Suite("The update that a stored revision yields")
struct MasteryUpdateTests {
  @Test("An update holds what the document holds, and is the same each time")
  func content() throws {
    let school = try #require(SchoolID("open_university"))
    var document = StudentDocument(student: try #require(StudentID("anna")), school: school, cutoff: try day("2026-01-01"), epoch: 5)
    for (event, date, cohort) in [("a", "2026-01-10", "north"), ("b", "2026-01-11", "east"), ("c", "2026-01-12", "north")] {
      document =
        document.applying(
          [try observation(event, date + "T08:00:00Z", cohort: cohort, quiz: 0.5)], now: try time(date + "T09:00:00Z"),
          cutoff: try day("2026-01-01")
        ).document
    }
    let update = MasteryUpdate(of: document)
    #expect(update.student.text == "anna" && update.school == school)
    #expect(update.cohort?.text == "north" && update.formerCohorts.map(\.text) == ["east"])
    #expect(update.epoch == 5 && update.revision == 3)
    #expect(update.savedAt?.iso8601 == "2026-01-12T09:00:00Z")
    #expect(update.mastery.shown == 0.25 && update.previousScore == 0.25 && update.mastery.level == .beginner)
    #expect(update.mastery.components == (try scores(nil, 0.5, nil, 1)))
    #expect(update.recommendations.map(\.component) == [.completion, .completion, .completion, .quality, .quality])
    #expect(update.causedBy.map(\.text) == ["c"] && update.causedByCount == 1)
    #expect(MasteryUpdate(of: document) == update)
  }

  @Test("The update before the first revision has no evidence, no causes and all components missing")
  func beforeTheFirst() throws {
    let update = MasteryUpdate(of: try document(cutoff: "2026-01-01"))
    #expect(update.revision == 0 && update.savedAt == nil && update.previousScore == nil && update.cohort == nil)
    #expect(update.mastery.value == 0 && update.mastery.missing.count == 4)
    #expect(update.causedBy.isEmpty && update.causedByCount == 0 && update.formerCohorts.isEmpty && update.school == nil)
  }
}
