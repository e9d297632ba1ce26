internal import Glibc

/// The formulas of the Contract article, "Scores", implemented literally.
public enum NaiveScore {
  /// The components in the order of the Contract article, "Components", with their weights.
  public static let weights: [(component: String, weight: Double)] = [
    ("completion", 0.40), ("quiz", 0.30), ("quality", 0.20), ("consistency", 0.10),
  ]

  /// The score of a component with the given raw fields.
  public static func score(of component: String, fields: [String: NaiveField]) -> Double {
    func number(_ names: String...) -> Double? {
      for name in names {
        if case .number(let value)? = fields[name] { return value }
      }
      return nil
    }
    func required(_ name: String) -> Double { number(name) ?? .nan }
    if let score = number("score") { return score }
    switch component {
    case "completion":
      let multiplier =
        if case .text(let difficulty)? = fields["difficulty"] { ["beginner": 0.8, "advanced": 1.2][difficulty] ?? 1.0 } else { 1.0 }
      return min(1, required("completed_exercises") / required("total_exercises") * multiplier)
    case "quiz":
      var score = required("correct_answers") / required("total_questions")
      if let seconds = number("time_spent") {
        let each = seconds / required("total_questions")
        if each < 5 { score *= 0.8 + (1 - 0.8) * each / 5 }
      }
      if let attempts = number("attempts") {
        var factor = 1.0
        for _ in 1..<max(2, Int(attempts)) where attempts > 1 { factor *= 0.95 }
        score *= factor < 0.7 ? 0.7 : factor
      }
      return score
    case "quality":
      let given = [
        number("code_quality_score", "avg_code_quality"), number("correctness_score", "correctness"),
        number("efficiency_score", "efficiency"), number("peer_review_score"),
      ].compactMap { $0 }
      return given.reduce(0, +) / Double(given.count)
    default:
      let longest = required("max_streak")
      return longest == 0 ? 0 : required("current_streak") / longest * exp(log(0.9) * required("days_since_last_activity"))
    }
  }

  /// The mastery: the weighted sum of the scores, in which a missing component counts as 0.
  public static func mastery(_ components: [String: Double]) -> Double {
    weights.reduce(0) { $0 + $1.weight * (components[$1.component] ?? 0) }
  }

  /// The value in whole billionths, rounded by printing it with 9 decimals.
  public static func nine(_ value: Double) -> Int {
    var text = [CChar](repeating: 0, count: 64)
    _ = withVaList([value]) { vsnprintf(&text, text.count, "%.9f", $0) }
    return Int(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).filter { $0 != "." }) ?? 0
  }

  /// The value rounded to 3 decimals, halves away from zero.
  public static func shown(_ value: Double) -> Double {
    Double(nine(value) / 1_000_000 + (nine(value) % 1_000_000 >= 500_000 ? 1 : 0)) / 1_000
  }

  /// The level of a mastery.
  public static func level(_ value: Double) -> String {
    let nine = nine(value)
    if nine < 400_000_000 { return "beginner" }
    if nine < 600_000_000 { return "developing" }
    if nine < 750_000_000 { return "competent" }
    if nine < 900_000_000 { return "proficient" }
    return "expert"
  }
}
