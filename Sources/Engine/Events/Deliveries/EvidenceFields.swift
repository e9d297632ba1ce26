internal import JSON
internal import MasteryCore
internal import Schemas

/// The fields of an evidence object, either in `data` or at the top level, where Avro producers put them.
///
/// A null field counts as missing.
struct EvidenceFields {
  /// The object to look in first.
  let object: JSONValue?
  /// Where to look for a field that `object` lacks.
  let fallback: JSONValue?
  /// The prefix of a field's name in errors, such as `data.`.
  let path: String
  /// Whether a value may stand in the object of an Avro union, as in events.
  var mayBeUnions = false

  /// What the component's evidence is made of.
  ///
  /// - Throws: `JSONInvalid` naming the field that is missing, malformed or out of range.
  func content(of component: Component) throws(JSONInvalid) -> EvidenceContent {
    do {
      return try contentInRange(of: component)
    } catch let error as OutOfRange {
      throw JSONInvalid(
        field: path + error.field, value: error.value.isEmpty ? nil : error.value,
        constraint: error.value.isEmpty ? "is required: \(error.constraint)" : "must be \(error.constraint)")
    } catch let error as JSONInvalid {
      throw error
    } catch {
      throw JSONInvalid(field: path, value: nil, constraint: "cannot be read")
    }
  }

  /// Refuses fields that do not belong to the component's evidence.
  ///
  /// - Throws: `JSONInvalid` naming the first such field.
  func refuseUnknown(of component: Component) throws(JSONInvalid) {
    guard let object else { return }
    let known = Self.schema(of: component).properties
    for (name, value) in object.members where !known.contains(where: { name.matches($0.name) }) {
      throw JSONInvalid(
        field: path + name.string, found: value, constraint: "is unknown; known are \(known.map(\.name).joined(separator: ", "))")
    }
  }

  private func contentInRange(of component: Component) throws -> EvidenceContent {
    switch component {
    case .completion:
      .completion(
        try CompletionEvidence(
          totalExercises: required("total_exercises"), completedExercises: required("completed_exercises"), difficulty: difficulty()))
    case .quiz:
      .quiz(
        try QuizEvidence(
          totalQuestions: required("total_questions"), correctAnswers: required("correct_answers"), timeSpent: number("time_spent"),
          attempts: integer("attempts")))
    case .quality:
      .quality(
        try QualityEvidence(
          codeQualityScore: number("code_quality_score", or: "avg_code_quality"),
          correctnessScore: number("correctness_score", or: "correctness"),
          efficiencyScore: number("efficiency_score", or: "efficiency"), peerReviewScore: number("peer_review_score")))
    case .consistency:
      .consistency(
        try ConsistencyEvidence(
          currentStreak: required("current_streak"), maxStreak: required("max_streak"),
          daysSinceLastActivity: requiredNumber("days_since_last_activity")))
    }
  }

  private func value(_ name: StaticString) -> JSONValue? {
    guard let found = object?[name] ?? fallback?[name], !found.isNull else { return nil }
    return mayBeUnions ? found.single : found
  }

  private func difficulty() throws(JSONInvalid) -> Difficulty {
    guard let value = value("difficulty") else { return .intermediate }
    guard let difficulty = (mayBeUnions ? value.word : value).string.flatMap(Difficulty.init) else {
      throw JSONInvalid(field: path + "difficulty", found: value, constraint: "must be beginner, intermediate or advanced")
    }
    return difficulty
  }

  private func integer(_ name: StaticString) throws(JSONInvalid) -> Int? {
    guard let value = value(name) else { return nil }
    guard let integer = value.integer else {
      throw JSONInvalid(field: path + name.description, found: value, constraint: "must be a whole number")
    }
    return Int(integer)
  }

  private func required(_ name: StaticString) throws(JSONInvalid) -> Int {
    guard let integer = try integer(name) else { throw missing(name) }
    return integer
  }

  private func number(_ name: StaticString, or other: StaticString? = nil) throws(JSONInvalid) -> Double? {
    guard let value = value(name) else {
      guard let other else { return nil }
      return try number(other)
    }
    guard let number = value.number else {
      throw JSONInvalid(field: path + name.description, found: value, constraint: "must be a number")
    }
    return number
  }

  private func requiredNumber(_ name: StaticString) throws(JSONInvalid) -> Double {
    guard let number = try number(name) else { throw missing(name) }
    return number
  }

  private func missing(_ name: StaticString) -> JSONInvalid {
    JSONInvalid(field: path + name.description, value: nil, constraint: "is required")
  }
}
