internal import MasteryCore
internal import Schemas

extension FieldType {
  /// What a value of this type may be, as far as a schema can say it.
  var schema: Schema {
    switch self {
    case .identifier: Self.orWholeNumber(.identifier)
    case .topic: Self.orWholeNumber(.topic)
    case .eventID: Self.orWholeNumber(.eventID)
    case .integer(let range): .integer(Int64(range.lowerBound)...Int64(range.upperBound))
    case .boolean: .boolean
    case .choice(let words): .word(words)
    case .list(let range): .list(.anything, count: range)
    case .date: .day
    // Seconds from 1990 on; milliseconds and microseconds are larger.
    case .timestamp: .either([.moment, .number(631_152_000...Double.infinity)])
    case .text(let limit): .text(TextForm(length: 0...limit))
    case .components: GivenComponents.schema
    case .weights: Self.weightsSchema
    case .object: .object(ObjectSchema(isOpen: true, []))
    }
  }

  /// A whole number is read as its digits.
  private static func orWholeNumber(_ text: Schema) -> Schema { .either([text, .integer(0...(Int64(1) << 53) - 1)]) }

  private static let weightsSchema = Schema.object(
    ObjectSchema(
      "Weights", "a weight for each component; their sum is 1",
      Component.allCases.map { ObjectSchema.Property($0.rawValue, .unit, "the weight of \($0.rawValue)") }))
}

extension GivenComponents {
  /// An object of components, as requests and events give them.
  static let schema = Schema.object(
    ObjectSchema(
      "ComponentEvidence", "what is known of each component: a score, or what it is worked out of",
      Component.allCases.map { component in
        ObjectSchema.Property(
          component.rawValue, .either([.unit, .object(EvidenceFields.schema(of: component)), .null]),
          "a score, or the evidence that it is worked out of", isRequired: false)
      }))
}

extension EvidenceFields {
  /// An evidence object of a component.
  static func schema(of component: Component) -> ObjectSchema {
    switch component {
    case .completion: completionSchema
    case .quiz: quizSchema
    case .quality: qualitySchema
    case .consistency: consistencySchema
    }
  }

  private static let count = Schema.integer(0...Int64.max)
  private static let atLeastOne = Schema.integer(1...Int64.max)

  private static let completionSchema = ObjectSchema(
    "CompletionEvidence", "exercises that were done",
    [
      .init("total_exercises", atLeastOne, "how many exercises there are"),
      .init("completed_exercises", count, "how many of them are completed, at most all"),
      .init(
        "difficulty", Schema.word(Difficulty.allCases.map(\.rawValue)).orNull, "how hard they are; intermediate when missing",
        isRequired: false),
    ])

  private static let quizSchema = ObjectSchema(
    "QuizEvidence", "a quiz that was taken",
    [
      .init("total_questions", atLeastOne, "how many questions there are"),
      .init("correct_answers", count, "how many were answered right, at most all"),
      .init("time_spent", Schema.number(0...Double.infinity).orNull, "the time that it took, in seconds", isRequired: false),
      .init("attempts", atLeastOne.orNull, "which attempt it was", isRequired: false),
    ])

  private static let qualitySchema: ObjectSchema = {
    let judgements = [
      ("code_quality_score", "the quality of the code"), ("avg_code_quality", "another name of code_quality_score"),
      ("correctness_score", "how correct the work is"), ("correctness", "another name of correctness_score"),
      ("efficiency_score", "how efficient the work is"), ("efficiency", "another name of efficiency_score"),
      ("peer_review_score", "what others say of the work"),
    ]
    var schema = ObjectSchema(
      "QualityEvidence", "work that was judged; at least one judgement is required",
      judgements.map { .init($0.0, Schema.unit.orNull, $0.1, isRequired: false) })
    schema.oneOf = judgements.map(\.0)
    return schema
  }()

  private static let consistencySchema = ObjectSchema(
    "ConsistencyEvidence", "how steadily the student works",
    [
      .init("current_streak", count, "the days in a row up to the last activity"),
      .init("max_streak", count, "the longest streak, at least the current one"),
      .init("days_since_last_activity", .number(0...Double.infinity), "the days since the last activity"),
    ])
}
