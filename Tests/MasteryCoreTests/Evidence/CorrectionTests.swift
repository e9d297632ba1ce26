import MasteryCore
import Testing

@Suite("Corrections and retractions")
struct CorrectionTests {
  private static let at = "2026-01-05T08:00:00Z"

  private func quiz(_ correct: Int, correction: Int) throws -> Observation {
    try observation(
      "q", Self.at, in: topic("c/x"), correction: correction,
      contents: ComponentValues(quiz: .quiz(QuizEvidence(totalQuestions: 10, correctAnswers: correct))))
  }

  private func retraction(_ correction: Int, of component: Component = .quiz) throws -> Observation {
    var contents = ComponentValues<EvidenceContent>()
    contents[component] = .retracted
    return try observation("q", Self.at, in: topic("c/x"), correction: correction, contents: contents)
  }

  private func orders<Element>(of elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  @Test("A regrade from 9 to 5, one from 5 to 9 and a retraction give one document in all 24 orders, with duplicates too")
  func orders() throws {
    let before = try observation("p", "2026-01-04T08:00:00Z", in: topic("c/x"), quiz: 0.3)
    let life = [try quiz(9, correction: 0), try quiz(5, correction: 1), try quiz(9, correction: 2), try retraction(3)]
    var documents: Set<StudentDocument> = []
    for order in orders(of: life) {
      for events in [order, order + order, order.flatMap { [$0, $0] }] {
        var document = try MasteryCoreTests.document(cutoff: "2026-01-01")
        document.evidence.merge(before)
        for event in events { document.evidence.merge(event) }
        documents.insert(document)
        let change = try MasteryCoreTests.document(cutoff: "2026-01-01").applying(
          [before] + events, now: try time("2026-01-20T12:00:00Z"), cutoff: try day("2026-01-01"))
        #expect(change.document.evidence == document.evidence)
      }
    }
    #expect(documents.count == 1)
    // What was taken back says nothing, and the day before counts.
    #expect(documents.first?.evidence.components().quiz?.value == 0.3)
  }

  @Test("The greatest correction counts: a regrade may lower a score, and an older account changes nothing")
  func regrades() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    let changed = try [quiz(9, correction: 1), quiz(5, correction: 2), quiz(7, correction: 0), quiz(5, correction: 2)].map {
      record.merge($0)
    }
    #expect(changed == [true, true, false, false] && record.components().quiz?.value == 0.5)
    #expect(record.topics.first?.latest().quiz?.correction.number == 2)
  }

  @Test("A day on which everything was taken back is no active day, and a later event of the day counts in spite of it")
  func activity() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try quiz(9, correction: 0))
    record.merge(try retraction(1))
    #expect(record.components().isEmpty && !record.isKnown() && !record.isEmpty)
    #expect(DailyHistory(of: record, from: try day("2026-01-01"), through: try day("2026-01-09")).days.isEmpty)
    record.merge(try observation("r", "2026-01-05T09:00:00Z", in: topic("c/x"), quiz: 0.4))
    #expect(record.components().quiz?.value == 0.4 && record.components().consistency == .one)
  }

  @Test("The latest evidence before the cutoff can be taken back, and the day before it counts again")
  func beforeTheCutoff() throws {
    for raisesFirst in [true, false] {
      var record = EvidenceRecord(cutoff: try day("2026-01-01"))
      for (number, score) in [(3, 0.1), (4, 0.2), (5, 0.3)] {
        record.merge(try observation("q", "2026-01-0\(number)T08:00:00Z", in: topic("c/x"), quiz: score))
      }
      if raisesFirst { record.raise(cutoff: try day("2026-02-01")) }
      record.merge(try retraction(1))
      record.raise(cutoff: try day("2026-02-01"))
      #expect(record.components().quiz?.value == 0.2)
      // The third day is no longer known.
      record.merge(
        try observation(
          "q", "2026-01-04T08:00:00Z", in: topic("c/x"), correction: 1, contents: ComponentValues<EvidenceContent>(quiz: .retracted)))
      #expect(record.components().quiz == nil)
    }
  }

  @Test("A retraction of one component leaves the others of the event")
  func oneComponent() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("q", Self.at, in: topic("c/x"), completion: 0.6, quiz: 0.7))
    record.merge(try retraction(1))
    #expect(record.components().completion?.value == 0.6 && record.components().quiz == nil)
  }

  @Test("Corrections are whole numbers from 0 to 2^31 − 1")
  func numbers() {
    #expect([-1, 0, 1, 2_147_483_647, 2_147_483_648].map { Correction($0)?.number } == [nil, 0, 1, 2_147_483_647, nil])
  }

  @Test("A correction moves the student to the cohort that it names, and a retraction moves nobody")
  func cohorts() throws {
    let first = try observation("q", Self.at, in: topic("c/x"), cohort: "z-1", quiz: 0.9)
    let corrected = try observation("q", Self.at, in: topic("c/x"), cohort: "a-1", correction: 1, quiz: 0.9)
    let back = try observation(
      "q", Self.at, in: topic("c/x"), cohort: "b-1", correction: 2, contents: ComponentValues<EvidenceContent>(quiz: .retracted))
    for order in orders(of: [first, corrected, back]) {
      var record = EvidenceRecord(cutoff: try day("2026-01-01"))
      for event in order { record.merge(event) }
      #expect(record.currentCohorts.map(\.text) == ["a-1"])
    }
  }
}
