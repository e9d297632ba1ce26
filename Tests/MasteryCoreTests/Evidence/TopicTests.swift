import MasteryCore
import Testing

@Suite("Courses and topics")
struct TopicTests {
  private func quiz(_ correct: Int, of total: Int) throws -> ComponentValues<EvidenceContent> {
    ComponentValues(quiz: .quiz(try QuizEvidence(totalQuestions: total, correctAnswers: correct)))
  }

  /// Three quizzes with ten right answers of ten, then a small one with a wrong answer.
  private func ada(in topics: [String], scoring: Scoring = .latest) throws -> EvidenceRecord {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.scoring = scoring
    for (index, name) in topics.enumerated() {
      record.merge(
        try observation(
          "q-\(index)", "2026-01-0\(index + 2)T08:00:00Z", in: topic(name), contents: index < 3 ? quiz(10, of: 10) : quiz(0, of: 1)))
    }
    return record
  }

  @Test("A component is the mean of its topics, so that one small quiz does not undo three good ones")
  func meanOfTopics() throws {
    #expect(try ada(in: ["/loops", "/lists", "/strings", "/files"]).components().quiz?.value == 0.75)
    #expect(try ada(in: ["", "", "", ""]).components().quiz?.value == 0)
    // 0.65 × 0 + 0.35 × 1, and the mean of 1, 1, 1 and 0.35 where the topics' days are one day each.
    #expect(try abs((ada(in: ["", "", "", ""], scoring: .decayingAverage).components().quiz?.value ?? 0) - 0.35) < 1e-12)
    #expect(try ada(in: ["", "", "", ""], scoring: .highest).components().quiz?.value == 1)
    #expect(try ada(in: ["/loops", "/lists", "/strings", "/files"], scoring: .highest).components().quiz?.value == 0.75)
  }

  @Test("Completion and consistency are counts as of now, whatever the rule", arguments: Scoring.allCases)
  func counts(scoring: Scoring) throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.scoring = scoring
    record.merge(try observation("a", "2026-01-02T08:00:00Z", completion: 0.9, consistency: 0.9))
    record.merge(try observation("b", "2026-01-03T08:00:00Z", completion: 0.5, consistency: 0.4))
    #expect(record.components().completion?.value == 0.5 && record.components().consistency?.value == 0.4)
  }

  @Test("A student of two courses has the mean of both, and each course has its own")
  func twoCourses() throws {
    var bob = EvidenceRecord(cutoff: try day("2026-01-01"))
    bob.merge(try observation("m", "2026-01-02T08:00:00Z", in: topic("maths"), cohort: "m-1", contents: quiz(24, of: 25)))
    bob.merge(try observation("p", "2026-01-03T08:00:00Z", in: topic("physics"), cohort: "p-1", contents: quiz(1, of: 25)))
    #expect(bob.components().quiz?.value == 0.5)
    #expect(bob.courses.map(\.text) == ["maths", "physics"])
    let (maths, physics) = (try #require(CourseID("maths")), try #require(CourseID("physics")))
    #expect(bob.components(of: .course(maths)).quiz?.value == 0.96 && bob.components(of: .course(physics)).quiz?.value == 0.04)
    #expect(bob.currentCohorts.map(\.text) == ["m-1", "p-1"])
    #expect(bob.scope(of: try #require(CohortID("m-1"))) == .course(maths))
    #expect(bob.cohort?.cohort.text == "p-1" && bob.cohort(in: maths)?.text == "m-1")
    // The same cohort outside any course stands for everything.
    bob.merge(try observation("x", "2026-01-01T08:00:00Z", cohort: "m-1", contents: quiz(1, of: 2)))
    #expect(bob.scope(of: try #require(CohortID("m-1"))) == .student && bob.cohort?.cohort.text == "m-1")
    #expect(bob.components().quiz?.value == 0.5)
    let nobody = try #require(CohortID("nobody"))
    #expect(bob.scope(of: nobody) == nil)
  }

  @Test("Evidence outside any course counts as one course more, and evidence without a topic as one topic more")
  func outside() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-02T08:00:00Z", completion: 0.2))
    record.merge(try observation("b", "2026-01-02T08:00:00Z", in: topic("c"), completion: 0.4))
    record.merge(try observation("c", "2026-01-02T08:00:00Z", in: topic("c/x"), completion: 0.8))
    record.merge(try observation("d", "2026-01-02T08:00:00Z", in: topic("c/y"), quiz: 1))
    // (0.2 + (0.4 + 0.8) / 2) / 2
    #expect(abs((record.components().completion?.value ?? 0) - 0.4) < 1e-12)
    #expect(record.components().quiz?.value == 1)
  }

  @Test("Consistency is derived from the days of the student, or of the course that is asked for")
  func derivedConsistency() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    for number in 1...4 {
      record.merge(try observation("e-\(number)", "2026-01-0\(number)T08:00:00Z", in: topic(number % 2 == 0 ? "c/x" : "d/y"), quiz: 1))
    }
    #expect(record.components().consistency == .one)
    // The 2nd and the 4th: a streak of 1 of 1, after one day without.
    #expect(record.components(of: .course(CourseID("c"))).consistency?.value == 0.9)
  }

  @Test("A wider topic has the mean of the topics under it, and little evidence is said to be little")
  func topicScores() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-02T08:00:00Z", in: topic("c/loops/while"), contents: quiz(1, of: 2)))
    record.merge(try observation("b", "2026-01-02T09:00:00Z", in: topic("c/loops/for"), contents: quiz(10, of: 10)))
    record.merge(try observation("c", "2026-01-03T08:00:00Z", in: topic("c/loops/for"), completion: 0.5))
    record.merge(try observation("d", "2026-01-04T08:00:00Z", in: topic("c"), quiz: 0))
    record.merge(try observation("e", "2026-01-05T08:00:00Z", in: topic("/files"), consistency: 1))
    let scores = record.topicScores()
    #expect(
      scores.map { "\($0.course?.text ?? "-") \($0.topic.text) \($0.status.rawValue)" } == [
        "c loops assessed", "c loops/for assessed", "c loops/while not_enough_data",
      ])
    // (0.4 × 0.5 + 0.3 × 1) / 0.7, nothing missing counted 0.
    #expect(abs(scores[1].score - 0.5 / 0.7) < 1e-12 && scores[2].score == 0.5)
    #expect(abs(scores[0].score - (0.5 / 0.7 + 0.5) / 2) < 1e-12 && scores[0].level == .competent)
    #expect(scores[0].components.quiz?.value == 0.75 && scores[0].components.completion?.value == 0.5)
    #expect(try scores[0].lastUpdated == time("2026-01-03T08:00:00Z"))
    #expect(record.topicScores(within: TopicPath("loops/while")).map(\.topic.text) == ["loops/while"])
    #expect(record.topicScores(of: .course(CourseID("d"))).isEmpty)
    #expect(record.topicScores(asOf: try day("2026-01-02")).map { $0.score } == [0.75, 1, 0.5])
  }

  @Test("The topic that would gain most is that with most to gain by its share of the component")
  func targets() throws {
    var record = EvidenceRecord(cutoff: try day("2026-01-01"))
    record.merge(try observation("a", "2026-01-02T08:00:00Z", in: topic("c/x"), quiz: 0.2))
    record.merge(try observation("b", "2026-01-02T08:00:00Z", in: topic("c/y"), quiz: 0.4))
    record.merge(try observation("c", "2026-01-02T08:00:00Z", in: topic("d/z"), completion: 0.3, quiz: 0.5))
    // 0.8 / 2, 0.6 / 2 and 0.5 / 1.
    #expect(try record.targets().quiz == topic("d/z") && record.targets(of: .course(CourseID("c"))).quiz == topic("c/x"))
    #expect(try record.targets().completion == topic("d/z") && record.targets().quality == nil)
    let first = try #require(Recommendations.for(record.components(), limit: 10, targets: record.targets()).first { $0.component == .quiz })
    #expect(try first.target == topic("d/z") && first.reason.hasSuffix(", most of all in z of the course d."))
    var plain = EvidenceRecord(cutoff: try day("2026-01-01"))
    plain.merge(try observation("a", "2026-01-02T08:00:00Z", quiz: 0.2))
    #expect(plain.targets().isEmpty)
  }

  @Test("A student has at most 256 pairs of course and topic; an event of one more is refused, and those known go on")
  func tooManyTopics() throws {
    let observations = try (0..<257).map { try observation("e-\($0)", "2026-01-10T08:00:00Z", in: topic("c-\($0)/t"), quiz: 1) }
    let (now, cutoff) = (try time("2026-01-20T12:00:00Z"), try day("2026-01-05"))
    let change = try document(cutoff: "2026-01-01").applying(observations, now: now, cutoff: cutoff)
    let tooMany = try topic("c-256/t")
    #expect(change.document.evidence.topics.count == EvidenceRecord.mostTopics && change.refused == [tooMany])
    #expect(change.document.ledger.lastRevision?.causedByCount == 256)
    let again = change.document.applying(
      [try observation("f", "2026-01-11T08:00:00Z", in: topic("c-7/t"), quiz: 0), observations[256]], now: now, cutoff: cutoff)
    let known = try topic("c-7/t")
    #expect(again.isChanged && again.refused == [tooMany] && again.document.ledger.lastRevision?.topics == [known])
  }

  @Test("Topics are one to three names, ordered by their bytes; a topic is within itself and what it lies under")
  func paths() throws {
    let three = try #require(TopicPath("a/b/c"))
    #expect(three.parent?.text == "a/b" && three.parent?.parent?.parent == nil)
    let (wide, other) = (try #require(TopicPath("a")), try #require(TopicPath("ab/c")))
    #expect(three.isWithin(wide) && three.isWithin(three) && !wide.isWithin(three) && !other.isWithin(wide))
    for text in ["", "/", "a/", "/a", "a//b", "a/b/c/d", "a b", "..", "a/.", String(repeating: "x", count: 129)] {
      #expect(TopicPath(text) == nil, "\(text)")
    }
  }
}
