/// All possible reasons of recommendations, built once, because there are few of them and each event would otherwise build five.
struct Reasons: Sendable {
  static let all = Reasons()

  /// Every standing below 70 %: 0 to 69 %, then tenths from 69.5 on, because rounding these to whole percents would show 70 %.
  private static let standings = (0...69).map { "\($0)" } + (5...9).map { "69.\($0)" }

  /// For each area of a component, in order, its sentences.
  private let sentences: ComponentValues<[[String]]>

  private init() {
    sentences = ComponentValues { component in
      Weakness.areas(of: component).map { area in (Self.standings + [nil]).map { Self.word(component, area, percent: $0) } }
    }
  }

  /// The sentence for the area at that place among a component's, with a score below 0.70 or without evidence.
  func sentence(for component: Component, area place: Int, score: Double?) -> String {
    let standing = score.map { Self.standing($0) } ?? Self.standings.count
    return sentences[component]?[place][standing] ?? ""
  }

  /// The index of a score among the standings: rounded to whole percents, or to tenths where it would otherwise read as 70 %.
  private static func standing(_ score: Double) -> Int {
    let percent = Int((Rounding.decimals(2, of: score) * 100).rounded())
    guard percent > 69 else { return max(percent, 0) }
    let tenths = Int((Rounding.decimals(3, of: score) * 1_000).rounded())
    return 70 + min(max(tenths - 695, 0), 4)
  }

  private static func word(_ component: Component, _ area: Area, percent: String?) -> String {
    let subject =
      switch component {
      case .completion: "Exercise completion"
      case .quiz: "Quiz performance"
      case .quality: "The quality of the work"
      case .consistency: "The regularity of the work"
      }
    let standing = percent.map { "stands at \($0) %, below the 70 % aimed at" } ?? "has no evidence yet and counts as 0 %"
    return "\(subject) \(standing); the next step is \(area.words)."
  }
}
