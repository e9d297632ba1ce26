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

  @Test("The table names each student's weakest topic, marks one that too little is known of, and counts the weakest topics")
  func topics() {
    let weak = Samples.advice("quiz", "concept_review", gain: 0.21)
    let rows = [
      Samples.row(
        "ada", mastery: 0.25, level: "beginner", risk: 0.99, advice: weak,
        topics: [Samples.topic("BBB", "tma/2", 0.3125), Samples.topic("BBB", "cma/1", 0.5)]),
      Samples.row("bo", mastery: 0.25, level: "beginner", risk: 0.9, topics: [Samples.topic("BBB", "cma/1", 0.4, isAssessed: false)]),
      Samples.row("carla", mastery: 0.5, level: "developing", risk: 0.5, topics: [Samples.topic("BBB", "cma/1", 1)]),
      Samples.row("dan", mastery: 0.75, level: "proficient", risk: 0.1, advice: weak, topics: [Samples.topic("BBB", "cma/1", 0.9)]),
      Samples.row("eve", mastery: 0.9, level: "expert", risk: 0),
    ]
    // Of bo's topic too little is known to count it.
    #expect(
      StudentTable(rows: rows).text(limit: 25)
        == """
        student  mastery  in a week  risk  level       weakest topic  what would raise it most
        --------------------------------------------------------------------------------------
        ada      0.250    0.600      99 %  beginner    tma/2 0.313    quiz (+0.210)
        bo       0.250    0.600      90 %  beginner    cma/1 0.400 *  nothing is weak
        carla    0.500    0.600      50 %  developing  cma/1 1.000    nothing is weak
        dan      0.750    0.600      10 %  proficient  cma/1 0.900    quiz (+0.210)
        eve      0.900    0.600      0 %   expert      -              nothing is weak

        * of none of the student's topics is there enough data to be sure
        5 students: beginner 2, developing 1, competent 0, proficient 1, expert 1
        3 need help: they are more likely than not to be under 0.5 in a week, the first of the table most of all
        weakest most often: cma/1, for 2 of the 3 students with enough data
        """)
    #expect(!StudentTable(rows: rows).text(limit: 1).contains("*"))
  }

  @Test("The table says how many students it leaves out, and still counts them")
  func limited() {
    let text = StudentTable(rows: rows).text(limit: 1)
    #expect(text.contains("… and 3 more (--all shows all)"))
    #expect(!text.contains("carla") && text.contains("4 students: beginner 3"))
  }
}
