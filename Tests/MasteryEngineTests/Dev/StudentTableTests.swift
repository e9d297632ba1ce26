import Testing

@testable import Commands

@Suite("The table of students")
struct StudentTableTests {
  private let rows = [
    Samples.row("carla", mastery: 0.8125, level: "proficient", risk: 0.01),
    Samples.row("bo", mastery: 0.0999, level: "beginner", risk: 0.99, advice: Samples.advice("quiz", "concept_review", gain: 0.21)),
    Samples.row("ada", mastery: 0.0999, level: "beginner", risk: 0.99, advice: Samples.advice("quality", "code_reviews", gain: 0.14)),
    Samples.row("new", mastery: 0.1, level: "beginner", risk: nil),
  ]

  @Test("The table of students is sorted by risk, then by mastery, then by name, and counts all levels")
  func whole() {
    #expect(
      StudentTable(rows: rows).text(limit: 25)
        == """
        student  mastery  in a week  risk  level       what would raise it most
        -----------------------------------------------------------------------------
        ada      0.100    0.600      99 %  beginner    quality: code_reviews (+0.140)
        bo       0.100    0.600      99 %  beginner    quiz: concept_review (+0.210)
        new      0.100    -          -     beginner    nothing is weak
        carla    0.813    0.600      1 %   proficient  nothing is weak

        4 students: beginner 3, developing 0, competent 0, proficient 1, expert 0
        2 need help: they are more likely than not to be under 0.5 in a week, the first of the table most of all
        """)
  }

  @Test("The table says how many students it leaves out, and still counts them")
  func limited() {
    let text = StudentTable(rows: rows).text(limit: 1)
    #expect(text.contains("… and 3 more (--all shows all)"))
    #expect(!text.contains("carla") && text.contains("4 students: beginner 3"))
  }
}
