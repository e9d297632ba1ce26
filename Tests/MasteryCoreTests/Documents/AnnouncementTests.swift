import MasteryCore
import NaiveMastery
import Testing

@Suite("Announcements")
struct AnnouncementTests {
  private let now = Timestamp(milliseconds: 1_800_000_000_000)

  private func apply(_ observation: Observation, to document: StudentDocument) -> Change {
    document.applying([observation], now: now, cutoff: document.evidence.cutoff)
  }

  @Test("A jump over several levels is one announcement, up and down, and the first revision starts from beginner")
  func thresholds() throws {
    let first = apply(
      try observation("a", "2026-01-10T08:00:00Z", cohort: "north", completion: 1, quiz: 1, quality: 1, consistency: 0.5),
      to: try document(cutoff: "2026-01-01", epoch: 9))
    #expect(first.announcements.count == 2)
    let up = try #require(first.announcements.first)
    #expect(up.kind == .thresholdReached(previous: LevelScore(level: .beginner, score: 0), new: LevelScore(level: .expert, score: 0.95)))
    #expect(up.direction == .up && up.epoch == 9 && up.revision == 1 && up.at == now && up.cohort?.text == "north")
    let second = apply(try observation("b", "2026-01-11T08:00:00Z", completion: 0), to: first.document)
    #expect(
      second.announcements.first?.kind
        == .thresholdReached(previous: LevelScore(level: .expert, score: 0.95), new: LevelScore(level: .developing, score: 0.55)))
    #expect(second.announcements.first?.direction == .down && second.announcements.first?.revision == 2)
  }

  @Test("A path is announced when the set of weak components changes, not when they grow weaker")
  func paths() throws {
    // All four were weak before the first revision and are weak after it.
    let first = apply(try observation("a", "2026-01-10T08:00:00Z", quiz: 0.5, consistency: 0.5), to: try document(cutoff: "2026-01-01"))
    #expect(first.announcements.isEmpty)
    let second = apply(try observation("b", "2026-01-11T08:00:00Z", quiz: 0.7), to: first.document)
    let components = try scores(nil, 0.7, nil, 0.5)
    #expect(
      second.announcements.map(\.kind) == [
        .pathRecommended(
          path: [
            .practiceBasic, .exerciseVariety, .timedChallenges, .codeReviews, .refactoringPractice, .bestPractices, .dailyGoals,
            .streakReminders,
          ], recommendations: Recommendations.for(components))
      ])
    #expect(second.announcements.first?.direction == nil)
    #expect(apply(try observation("c", "2026-01-12T08:00:00Z", consistency: 0.1), to: second.document).announcements.isEmpty)
  }

  @Test("Derived consistency counts in announcements, each time at the document's own cutoff")
  func derivedConsistency() throws {
    var document = try document(cutoff: "2026-01-01")
    for (event, date) in [("a", "2026-01-01"), ("b", "2026-01-02"), ("c", "2026-01-03")] {
      document = apply(try observation(event, date + "T08:00:00Z", completion: 0.75), to: document).document
    }
    #expect(document.evidence.mastery().components.weak == [.quiz, .quality])
    // With the old cutoff the streak would be 1 of 3; the new cutoff forgets the three days.
    let change = document.applying(
      [try observation("d", "2026-01-05T08:00:00Z", completion: 0.75)], now: now, cutoff: try day("2026-01-05"))
    #expect(change.document.evidence.mastery().components.consistency == .one && change.announcements.isEmpty)
    let kept = apply(try observation("d", "2026-01-05T08:00:00Z", completion: 0.75), to: document)
    #expect(kept.announcements.map(\.direction) == [.down, nil])
  }

  @Test("Announcements of random batches match the naive calculation before and after", arguments: UInt64(2_000)..<2_250)
  func againstNaive(seed: UInt64) throws {
    var course = RandomCourse(seed: seed)
    var document = try document(cutoff: Day(number: course.cutoff).iso8601)
    var naive = NaiveStudent(events: [], cutoff: course.cutoff)
    for batch in course.batches() {
      let (level, weak) = (NaiveScore.level(naive.mastery()), naive.weak())
      let cutoff = course.number(course.cutoff...course.cutoff + 8)
      let change = try document.applying(batch.map { try Observation($0) }, now: now, cutoff: Day(number: cutoff))
      naive.events += batch
      if change.isChanged { naive.cutoff = max(naive.cutoff, cutoff) }
      #expect(change.document.evidence.cutoff.number == naive.cutoff)
      #expect(change.document.ledger.revision == document.ledger.revision + (change.isChanged ? 1 : 0))

      let reached = NaiveScore.level(naive.mastery())
      var expected: [String] = level == reached ? [] : ["\(level) \(reached) \(NaiveScore.shown(naive.mastery()))"]
      if naive.weak() != weak {
        expected.append(
          NaiveRecommendations.areas(for: naive.components(), limit: 5).joined(separator: " "))
      }
      #expect(change.announcements.map(text) == expected)
      document = change.document
    }
  }

  private func text(_ announcement: Announcement) -> String {
    switch announcement.kind {
    case .thresholdReached(let previous, let new): "\(previous.level.rawValue) \(new.level.rawValue) \(new.score)"
    case .pathRecommended(_, let recommendations): recommendations.map(\.area.rawValue).joined(separator: " ")
    }
  }
}
