import Testing

@testable import Commands

@Suite("Random words")
struct RandomWordsTests {
  @Test("No word comes twice, even if several tasks draw words at the same time")
  func distinct() async {
    let words = RandomWords()
    let drawn = await withTaskGroup { group in
      for _ in 0..<4 { group.addTask { (0..<5_000).map { _ in words.next() } } }
      return await group.reduce(into: [UInt64]()) { $0 += $1 }
    }
    // Two of 20,000 words of 64 bits are alike once in 10^11 runs.
    #expect(Set(drawn).count == drawn.count)
    // Each bit is set in about half of them; 5 standard deviations are 354.
    for bit in 0..<64 { #expect(abs(drawn.count { $0 >> bit & 1 == 1 } - 10_000) < 500) }
  }
}
