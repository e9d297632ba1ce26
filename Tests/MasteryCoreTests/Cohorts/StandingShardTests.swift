import MasteryCore
import Testing

@Suite("A shard of standings")
struct StandingShardTests {
  private typealias Result = (student: StudentID, entry: StandingShard.Entry)

  private func standing(_ epoch: Int64, _ revision: Int64) -> Standing {
    // A revision's content depends only on which one it is.
    Standing(
      version: DocumentVersion(epoch: epoch, revision: revision), at: Timestamp(milliseconds: epoch * 1_000 + revision),
      mastery: ShownMastery(
        score: Int((epoch * 31 + revision * 7) % 1_000), level: .beginner, components: ComponentValues(quiz: Int(revision % 1_000))))
  }

  private func results(_ random: inout SeededGenerator) throws -> [Result] {
    try (0..<40).map { _ in
      let student = try #require(StudentID("s\(Int.random(in: 0..<6, using: &random))"))
      let (epoch, revision) = (Int64.random(in: 1...3, using: &random), Int64.random(in: 1...6, using: &random))
      // Every third revision is in another cohort.
      let standing = standing(epoch, revision)
      return (student, revision % 3 == 0 ? .left(standing.version, at: standing.at) : .member(standing))
    }
  }

  private func shard(_ results: [Result]) -> StandingShard {
    var shard = StandingShard()
    for result in results { shard.merge(result.entry, of: result.student) { $0.text } }
    return shard
  }

  @Test("A shard is the same for any order and repetition of the same results, and holds each student's latest", arguments: UInt64(0)..<200)
  func join(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let results = try results(&random)
    let once = shard(results)
    #expect(shard((results + results.prefix(20)).shuffled(using: &random)) == once)
    for (student, entry) in once.entries {
      #expect(entry.version == results.filter { $0.student == student }.map(\.entry.version).max())
    }
    #expect(once.entries.count == Set(results.map(\.student)).count)
  }

  @Test("A shard accepts nothing of an erased life, whenever it arrives", arguments: UInt64(300)..<400)
  func erasure(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let results = try results(&random).shuffled(using: &random)
    let erased = try #require(StudentID("s1"))
    let erasure = StandingShard.Erasure(epoch: 3, at: Timestamp(milliseconds: 5_000))
    var late = shard(results)
    late.erase(erased, hash: "s1", erasure)
    var early = StandingShard()
    early.erase(erased, hash: "s1", erasure)
    early.erase(erased, hash: "s1", StandingShard.Erasure(epoch: 2, at: Timestamp(milliseconds: 4_000)))
    for result in results { early.merge(result.entry, of: result.student) { $0.text } }
    #expect(early == late && early.erasures == ["s1": erasure])
    #expect(early.entries[erased].map { $0.version.epoch >= 3 } ?? true)
    #expect(late.entries.filter { $0.key != erased } == shard(results).entries.filter { $0.key != erased })
  }

  @Test("A shard accepts nothing of an erased life numbered far above the next one, in any order, and accepts the next one")
  func stray() throws {
    let student = try #require(StudentID("s1"))
    let mark = StandingShard.Erasure(epoch: 3, at: Timestamp(milliseconds: 5_000))
    let stray = StandingShard.Erasure(epoch: 3, at: Timestamp(milliseconds: 5_000), stray: 9)
    for marks in [[stray], [mark, stray], [stray, mark]] {
      var shard = StandingShard()
      shard.merge(.member(standing(9, 1)), of: student) { $0.text }
      for mark in marks { shard.erase(student, hash: "s1", mark) }
      #expect(shard.entries.isEmpty && shard.erasures == ["s1": stray])
      shard.merge(.member(standing(9, 2)), of: student) { $0.text }
      #expect(shard.entries.isEmpty)
      shard.merge(.member(standing(3, 1)), of: student) { $0.text }
      #expect(shard.entries[student]?.version.epoch == 3)
    }
    // An erasure that begins above it does not need to mention it.
    var shard = StandingShard()
    for mark in [stray, StandingShard.Erasure(epoch: 10, at: Timestamp(milliseconds: 9_000))] { shard.erase(student, hash: "s1", mark) }
    #expect(shard.erasures == ["s1": StandingShard.Erasure(epoch: 10, at: Timestamp(milliseconds: 9_000))])
  }

  @Test("A shard drops entries older than the retention, and erasures a year later")
  func expiry() throws {
    let (old, young) = (try #require(StudentID("old")), try #require(StudentID("young")))
    var shard = StandingShard()
    shard.merge(.member(standing(1, 1)), of: old) { $0.text }
    shard.merge(.left(DocumentVersion(epoch: 2, revision: 1), at: Timestamp(milliseconds: 2_001)), of: young) { $0.text }
    shard.erase(old, hash: "gone", StandingShard.Erasure(epoch: 1, at: Timestamp(milliseconds: 10)))
    shard.expire(before: Timestamp(milliseconds: 2_001))
    #expect(shard.entries.keys.map(\.text) == ["young"] && shard.erasures.count == 1)
    shard.expire(before: Timestamp(milliseconds: 10 + 366 * 86_400_000))
    #expect(shard.entries.isEmpty && shard.erasures.count == 1)
    shard.expire(before: Timestamp(milliseconds: 11 + 366 * 86_400_000))
    #expect(shard.erasures.isEmpty)
  }

  @Test("A document stands in a shard with its version and its shown values")
  func document() throws {
    var document = try MasteryCoreTests.document(cutoff: "2026-01-01")
    document =
      document.applying(
        [try observation("a", "2026-01-10T08:00:00Z", cohort: "c", completion: 0.33333, quiz: 0.5)], now: try time("2026-01-10T09:00:00Z"),
        cutoff: try day("2026-01-01")
      ).document
    // 0.4 × 0.33333 + 0.3 × 0.5 + 0.1 × 1 = 0.383332.
    let standing = Standing(of: document)
    #expect(standing.version == DocumentVersion(epoch: 1, revision: 1))
    let components = ComponentValues(completion: 333, quiz: 500, consistency: 1_000)
    #expect(standing.mastery == ShownMastery(score: 383, level: .beginner, components: components))
  }
}
