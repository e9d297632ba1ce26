internal import MasteryCore
internal import Schemas

/// A mastery in the form of the Contract article, "Requests and answers", with each number traced to its evidence.
struct MasteryResult: Sendable {
  let mastery: Mastery
  /// Where the score of each component comes from.
  let explanations: ComponentValues<Explanation>
  let recommendations: [Recommendation]
  /// When it was computed.
  let timestamp: Timestamp
  /// The document's revision; nil for a calculation on given values.
  var revision: Int64?
  /// Whether components and breakdown are shown.
  var showsComponents = true

  /// The form of the result.
  static let shape = ObjectShape<Self>("MasteryResult", "a mastery, with each number traced to its evidence") {
    Member("mastery_score", .score, "the mastery: the sum of weight × score over the components") { $0.mastery.value }
    Member("level", .word, "the level of the mastery") { $0.mastery.level }
    Member.optional("components", ComponentShapes.all.shape, "the score of each component, 0 without evidence") {
      $0.showsComponents ? $0.mastery.components : nil
    }
    Member.optional("breakdown", contribution.shape.list(4...4), "what each component contributes, and what it is made of") {
      $0.showsComponents ? $0.contributions : nil
    }
    Member("missing", ComponentShapes.missing, "the components without evidence") { $0.mastery.components }
    Member("recommendations", Recommendation.shape.shape.list(0...10), "what to work on next, the greatest gain first") {
      $0.recommendations
    }
    Member("timestamp", .moment, "when this was worked out") { $0.timestamp }
    Member.optional("version", .count, "the revision of the student's document") { $0.revision }
  }

  /// A component's part in the result.
  private struct Contribution: Sendable {
    let component: Component
    let score: Double
    let weight: Double
    let value: Double
    let explanation: Explanation?
  }

  private var contributions: [Contribution] {
    Component.allCases.map { component in
      Contribution(
        component: component, score: mastery.components[component]?.value ?? 0, weight: mastery.weights[component],
        value: mastery.contribution(of: component), explanation: explanations[component])
    }
  }

  private static let contribution = ObjectShape<Contribution>("Contribution", "a component's part in a mastery") {
    Member("component", .word, "the component") { $0.component }
    Member("score", .score, "its score, 0 without evidence") { $0.score }
    Member("weight", .number(0...1), "its share of the mastery") { $0.weight }
    Member("contribution", .score, "weight × score") { $0.value }
    Member.nullable("explanation", .text(), "what the score is made of, in a sentence") { $0.explanation?.sentence }
    Member.nullable("evidence", origin.shape, "the latest evidence; null if there is none of its own") { $0.explanation?.origin }
  }

  private static let origin = ObjectShape<Explanation.Origin>("EvidenceOrigin", "the event that evidence came in with") {
    Member("event_id", .id, "the event's id") { $0.event }
    Member("timestamp", .moment, "when it happened") { $0.timestamp }
    Member.nullable("source", .name, "the system that sent it; null if it did not say") { $0.source }
  }
}
