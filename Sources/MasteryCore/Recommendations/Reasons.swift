/// Every reason that a recommendation can have, worded once: there are few, and each event would word five of them anew.
struct Reasons: Sendable {
  static let all = Reasons()

  /// Below 70 % there are the percents 0 to 69; behind them stands the sentence for a component without evidence.
  private static let percents = 70

  private let sentences: [Area: [String]]

  private init() {
    var sentences: [Area: [String]] = [:]
    for component in Component.allCases {
      for area in Weakness.areas(of: component) {
        sentences[area] = (0...Self.percents).map { Self.word(component, area, percent: $0 == Self.percents ? nil : $0) }
      }
    }
    self.sentences = sentences
  }

  /// The sentence for an area of a component that stands at so many percent, or has no evidence.
  func sentence(for area: Area, percent: Int?) -> String {
    sentences[area]?[min(percent ?? Self.percents, Self.percents)] ?? ""
  }

  private static func word(_ component: Component, _ area: Area, percent: Int?) -> String {
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
