import MasteryCore
import Testing

@Suite("Mastery")
struct MasteryTests {
  @Test("Mastery is the weighted sum, and each component's contribution is traceable")
  func weightedSum() throws {
    // 0.4 × 0.5 + 0.3 × 0.8 + 0.2 × 0.9 + 0.1 × 1 = 0.72
    let mastery = Mastery(components: try scores(0.5, 0.8, 0.9, 1))
    #expect(abs(mastery.value - 0.72) < 1e-12)
    #expect(mastery.shown == 0.72)
    #expect(mastery.level == .competent)
    #expect(mastery.missing.isEmpty)
    #expect(Component.allCases.map { mastery.contribution(of: $0) } == [0.2, 0.24, 0.2 * 0.9, 0.1])
  }

  @Test("A missing component counts 0 and is named")
  func missing() throws {
    let mastery = Mastery(components: try scores(nil, 1, nil, 0))
    #expect(mastery.value == 0.3)
    #expect(mastery.missing == [.completion, .quality])
    #expect(mastery.contribution(of: .quality) == 0)
    #expect(Mastery(components: ComponentValues()).value == 0)
  }

  @Test(
    "Levels begin at 0.40, 0.60, 0.75 and 0.90, whatever the binary noise",
    arguments: [
      (0, Level.beginner), (0.399_999_999, .beginner), (0.399_999_999_4, .beginner), (0.4 - 1e-10, .developing), (0.40, .developing),
      (0.599_999_999, .developing), (0.6 - 1e-10, .competent), (0.75 - 1e-9, .competent), (0.75 - 1e-10, .proficient),
      (0.9 - 1e-9, .proficient), (0.9 - 1e-10, .expert), (1, .expert), (0.1 + 0.2 + 0.3, .competent),
    ] as [(Double, Level)])
  func levels(value: Double, expected: Level) { #expect(Level.of(value) == expected) }

  @Test("Levels are ordered from beginner to expert")
  func levelOrder() {
    #expect(Level.allCases.sorted(by: >) == [.expert, .proficient, .competent, .developing, .beginner])
    #expect(Level.allCases.map(\.rawValue) == ["beginner", "developing", "competent", "proficient", "expert"])
  }

  @Test(
    "Numbers are rounded half away from zero, even if a half has binary noise",
    arguments: [
      (0.0005, 3, 0.001), (0.6125, 3, 0.613), (0.612_499_999_999_999, 3, 0.613), (0.612_499, 3, 0.612), (-0.0005, 3, -0.001),
      (-0.6125, 3, -0.613), (1, 3, 1), (0.25, 1, 0.3), (0.5, 0, 1), (0.123_456_789_4, 9, 0.123_456_789), (.nan, 3, 0),
    ] as [(Double, Int, Double)])
  func rounding(value: Double, decimals: Int, expected: Double) { #expect(Rounding.decimals(decimals, of: value) == expected) }

  @Test("Weights must each be from 0 to 1 and add up to 1")
  func weights() throws {
    #expect(try Weights(completion: 0.4, quiz: 0.3, quality: 0.2, consistency: 0.1) == .standard)
    #expect(try Weights(completion: 1, quiz: 0, quality: 0, consistency: 0)[.completion] == 1)
    let nearly = try Weights(completion: 0.25 + 1e-7, quiz: 0.25, quality: 0.25, consistency: 0.25)
    #expect(abs(Component.allCases.reduce(0) { $0 + nearly[$1] } - 1) < 1e-15 && abs(nearly[.quiz] - 0.25) < 1e-7)
    #expect(try Weights(completion: 0.25 + 0.9e-9, quiz: 0.25, quality: 0.25, consistency: 0.25)[.quiz] == 0.25)
    #expect(throws: OutOfRange(field: "quiz", value: "1.5", constraint: "a number from 0 to 1")) {
      try Weights(completion: -0.5 + 0.5, quiz: 1.5, quality: 0, consistency: -0.5)
    }
    #expect(throws: OutOfRange(field: "consistency", value: "-0.5", constraint: "a number from 0 to 1")) {
      try Weights(completion: 0.5, quiz: 0.5, quality: 0.5, consistency: -0.5)
    }
    #expect(throws: OutOfRange(field: "weights", value: "0.5", constraint: "a sum of 1")) {
      try Weights(completion: 0.5, quiz: 0, quality: 0, consistency: 0)
    }
    #expect(throws: OutOfRange.self) { try Weights(completion: 0.25 + 2e-6, quiz: 0.25, quality: 0.25, consistency: 0.25) }
    #expect(throws: OutOfRange.self) { try Weights(completion: .nan, quiz: 0.25, quality: 0.25, consistency: 0.5) }
  }

  @Test("Custom weights change the mastery, which never exceeds 1")
  func ownWeights() throws {
    let even = try Weights(completion: 0.25, quiz: 0.25, quality: 0.25, consistency: 0.25)
    #expect(Mastery(components: try scores(1, 0, 1, 0), weights: even).value == 0.5)
    let heavy = try Weights(completion: 0.25 + 0.9e-9, quiz: 0.25, quality: 0.25, consistency: 0.25)
    #expect(Mastery(components: try scores(1, 1, 1, 1), weights: heavy).value == 1)
  }

  @Test("A score is from 0 to 1, and minus zero is zero")
  func scoreLimits() throws {
    #expect(Score(-1e-300) == nil && Score(1.000_000_1) == nil && Score(.nan) == nil && Score(.infinity) == nil)
    #expect(Score(1) == .one && Score(0) == .zero)
    #expect(try #require(Score(-0.0)).value.sign == .plus)
    #expect(Score.zero < .one)
  }

  @Test("Values are iterated in the components' order, without the missing ones")
  func componentValues() {
    var values = ComponentValues(quiz: 2, consistency: 4)
    #expect(values.map { "\($0.component.rawValue) \($0.value)" } == ["quiz 2", "consistency 4"])
    values[.completion] = 1
    values[.quality] = 3
    #expect(Array(values).map(\.value) == [1, 2, 3, 4])
    #expect(Component.allCases.map { values[$0] } == [1, 2, 3, 4])
    values[.quiz] = nil
    values[.consistency] = nil
    #expect(values == ComponentValues(completion: 1, quality: 3))
    #expect(values.missing == [.quiz, .consistency])
    #expect(!values.isEmpty && ComponentValues<Int>().isEmpty)
    #expect(Set([values, ComponentValues(completion: 1, quality: 3)]).count == 1)
  }
}
