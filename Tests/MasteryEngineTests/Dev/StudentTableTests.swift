import Testing

@testable import Commands

@Suite("The table of students shows the weakest first")
struct StudentTableTests {
  private let rows = [
    StudentTable.Row(student: "carla", mastery: 0.8125, level: "proficient", advice: "nothing is weak"),
    StudentTable.Row(student: "bo", mastery: 0.0999, level: "beginner", advice: "quiz: concept_review (+0.210)"),
    StudentTable.Row(student: "ada", mastery: 0.0999, level: "beginner", advice: "quality: code_reviews (+0.140)"),
  ]

  @Test("sorted by mastery, then by name, with all levels counted")
  func whole() {
    #expect(
      StudentTable(rows: rows).text(limit: 25)
        == """
        student  mastery  level       what would raise it most
        --------------------------------------------------------
        ada      0.100    beginner    quality: code_reviews (+0.140)
        bo       0.100    beginner    quiz: concept_review (+0.210)
        carla    0.813    proficient  nothing is weak

        3 students: beginner 2, developing 0, competent 0, proficient 1, expert 0
        """.replacing("--------------------------------------------------------", with: String(repeating: "-", count: 60)))
  }

  @Test("what is left out is said, and still counted")
  func limited() {
    let text = StudentTable(rows: rows).text(limit: 1)
    #expect(text.contains("… and 2 more (--all shows all)"))
    #expect(!text.contains("carla"))
    #expect(text.hasSuffix("3 students: beginner 2, developing 0, competent 0, proficient 1, expert 0"))
  }

  @Test("a row is read from what the service answers")
  func row() {
    let answer = """
      {"success":true,"data":{"current_mastery":{"mastery_score":0.534,"level":"developing","recommendations":[
      {"component":"quiz","area":"concept_review","expected_gain":0.0666},{"component":"x"}]}}}
      """
    let expected = StudentTable.Row(student: "ada", mastery: 0.534, level: "developing", advice: "quiz: concept_review (+0.067)")
    #expect(StudentTable.Row(student: "ada", answer: Array(answer.utf8)) == expected)
    #expect(StudentTable.Row(student: "ada", answer: Array(#"{"success":false,"error":{}}"#.utf8)) == nil)
    #expect(StudentTable.Row(student: "ada", answer: []) == nil)
  }
}
