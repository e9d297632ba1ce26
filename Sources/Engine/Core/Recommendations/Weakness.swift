/// A component below 0.70, and the consequences of how far below it is.
///
/// Thresholds are compared in whole billionths, like levels, so that binary noise does not move them.
struct Weakness {
  /// A component counts as solid from this score on.
  static let solid = 0.70

  let component: Component
  let score: Double
  /// Weight × (1 − score), in billionths; it decides priority and order.
  let gain: Int64
  /// How much mastery would rise if the component reached 0.70.
  let expectedGain: Double

  /// The weakness of a component, nil if it is at least solid; a missing score counts as 0.
  init?(_ component: Component, score: Score?, weights: Weights) {
    let value = score?.value ?? 0
    guard Rounding.billionths(value) < Rounding.billionths(Self.solid) else { return nil }
    self.component = component
    self.score = value
    gain = Rounding.billionths(weights[component] * (1 - value))
    expectedGain = weights[component] * (Self.solid - value)
  }

  var priority: Priority { Priority.of(gain: gain) }

  var action: Action {
    switch component {
    case .completion: .practice
    case .quiz: .review
    case .quality: .refactor
    case .consistency: .schedule
    }
  }

  /// The areas to work on: one below 0.70, two below 0.55, three below 0.40.
  var areas: ArraySlice<Area> {
    switch Rounding.billionths(score) {
    case ..<400_000_000: allAreas[...]
    case ..<550_000_000: allAreas.prefix(2)
    default: allAreas.prefix(1)
    }
  }

  /// Minutes for one area, in steps of 5; the weaker the component, the more.
  var minutes: Int {
    Rounding.up(action.baseMinutes * (0.5 + (Self.solid - score) / Self.solid), toMultipleOf: 5)
  }

  /// Every area of the component, in order.
  var allAreas: [Area] { Self.areas(of: component) }

  /// Every area of a component, in order.
  static func areas(of component: Component) -> [Area] {
    switch component {
    case .completion: [.practiceBasic, .exerciseVariety, .timedChallenges]
    case .quiz: [.conceptReview, .practiceQuizzes, .mockTests]
    case .quality: [.codeReviews, .refactoringPractice, .bestPractices]
    case .consistency: [.dailyGoals, .streakReminders, .studySchedule]
    }
  }

  /// One sentence for a teacher: the component's standing and what helps, the area at that place among `allAreas`.
  func reason(area place: Int, isMissing: Bool) -> String {
    Reasons.all.sentence(for: component, area: place, score: isMissing ? nil : score)
  }
}

extension ComponentValues where Value == Score {
  /// The components below 0.70, missing ones included, in order.
  public var weak: [Component] { Component.allCases.filter { Weakness($0, score: self[$0], weights: .standard) != nil } }

  /// The weak components, the greatest gain first; equal gains stay in the components' order.
  func weaknesses(_ weights: Weights) -> [Weakness] {
    var found: [Weakness] = []
    found.reserveCapacity(Component.allCases.count)
    for component in Component.allCases {
      guard let weakness = Weakness(component, score: self[component], weights: weights) else { continue }
      found.insert(weakness, at: found.firstIndex { $0.gain < weakness.gain } ?? found.endIndex)
    }
    return found
  }
}
