import Foundation
import MasteryCore
import Testing

@Suite("The distribution of scores")
struct ScoreDistributionTests {
  /// The statistics of a sort by their definitions: the quantile is NumPy's default, between the neighbours of (n − 1) × share.
  private struct Sorted {
    let scores: [Int]

    func quantile(_ share: Double) -> Double {
      let rank = share * Double(scores.count - 1)
      let low = scores[Int(rank.rounded(.down))]
      let high = scores[Int(rank.rounded(.up))]
      return (Double(low) + (rank - rank.rounded(.down)) * Double(high - low)) / 1_000
    }

    func percentile(_ score: Int) -> Double {
      (Double(scores.filter { $0 < score }.count) + Double(scores.filter { $0 == score }.count) / 2) / Double(scores.count) * 100
    }
  }

  @Test("A distribution of scores gives the same statistics as a full sort", arguments: UInt64(9_000)..<9_100)
  func againstSort(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    // Few different scores yield many equal ones.
    let width = [3, 40, 1_000][Int(seed % 3)]
    let scores = (0..<Int.random(in: 1...400, using: &random)).map { _ in Int.random(in: 0...width, using: &random) }
    var whole = ScoreDistribution()
    var (left, right) = (ScoreDistribution(), ScoreDistribution())
    for score in scores {
      whole.add(score)
      if Bool.random(using: &random) { left.add(score) } else { right.add(score) }
    }
    left.add(right)
    #expect(left == whole && whole.total == scores.count)
    let sorted = Sorted(scores: scores.sorted())
    for share in [0, 0.25, 0.5, 0.75, 1, 0.123] { #expect(abs((whole.quantile(share) ?? -1) - sorted.quantile(share)) < 1e-9) }
    #expect(abs((whole.average ?? -1) - Double(scores.reduce(0, +)) / Double(scores.count) / 1_000) < 1e-12)
    let own = scores[0]
    var others = ScoreDistribution()
    for score in scores.dropFirst() { others.add(score) }
    let comparison = Comparison(of: own, among: others)
    #expect(abs(comparison.percentile - sorted.percentile(own)) < 1e-9)
    #expect(comparison.ranking == 1 + scores.filter { $0 > own }.count && comparison.total == scores.count)
    #expect(comparison.median == whole.quantile(0.5) && comparison.average == whole.average)
  }

  @Test("An empty distribution of scores has no statistics, and a student alone stands at percentile 50")
  func nobody() {
    #expect(ScoreDistribution().average == nil && ScoreDistribution().quantile(0.5) == nil)
    let alone = Comparison(of: 700, among: ScoreDistribution())
    #expect(alone.percentile == 50 && alone.ranking == 1 && alone.total == 1 && alone.average == 0.7 && alone.median == 0.7)
  }

  @Test(
    "A cohort names at most a hundred students at risk, the lowest first, in whatever order they are added",
    arguments: UInt64(9_200)..<9_230)
  func atRisk(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var students: [(id: StudentID, mastery: Int)] = []
    for number in 0..<Int.random(in: 1...500, using: &random) {
      students.append((try #require(StudentID("s\(number)")), Int.random(in: 0...999, using: &random)))
    }
    var (whole, left, right) = (CohortStandings(), CohortStandings(), CohortStandings())
    for student in students.shuffled(using: &random) {
      let shown = ShownMastery(
        score: student.mastery, level: Level.of(Double(student.mastery) / 1_000), components: ComponentValues(quiz: student.mastery))
      whole.add(shown, student.id)
      if Bool.random(using: &random) { left.add(shown, student.id) } else { right.add(shown, student.id) }
    }
    left.add(right)
    let expected = students.filter { $0.mastery < 500 }.sorted { ($0.mastery, $0.id.text) < ($1.mastery, $1.id.text) }.prefix(100)
    #expect(whole.atRisk.map(\.student) == expected.map(\.id) && left.atRisk == whole.atRisk)
    #expect(whole.levels[.beginner] == students.filter { $0.mastery < 400 }.count || whole.levels[.beginner] == nil)
    #expect(left.levels == whole.levels && left.total == students.count)
    #expect(whole[.quiz] == whole.mastery && whole[.quality].average == 0)
  }
}
