internal import JSON
internal import MasteryCore
internal import Schemas

/// The mastery that results from given components; on request they are also recorded as evidence.
struct MasteryCalculation: Intent {
  private static let student = Field.student("whom the components are of; required with persist")
  static let components = Field<Bool>(
    "components", .components, "completion, quiz, quality, consistency: each a number from 0 to 1 or an evidence object"
  ) { _ in true }
  private static let weights = Field<Weights>("weights", .weights, "other weights than the usual ones, 1 in sum") { value in
    guard value.kind == .object, value.members.allSatisfy({ name, _ in Component.allCases.contains { name == $0.key } }) else { return nil }
    let weight = { (component: Component) in value[component.key]?.number }
    guard let completion = weight(.completion), let quiz = weight(.quiz), let quality = weight(.quality),
      let consistency = weight(.consistency)
    else { return nil }
    return try? Weights(completion: completion, quiz: quiz, quality: quality, consistency: consistency)
  }
  private static let persist = Field.boolean("persist", "whether the components are taken in as evidence, as an event; false when missing")

  static let declaration = IntentDeclaration(
    name: "mastery_calculation", shortName: "calculate", path: "/mastery/calculate", summary: "What mastery given components come to.",
    audience: .concerned, storedData: .none, perMinute: 30,
    fields: [student.declaration, components.required, weights.declaration, persist.declaration],
    answers: [calculated.declaration],
    example: #"""
      {"components":{"completion":0.8,"quiz":{"total_questions":10,"correct_answers":7},"quality":0.6,"consistency":0.5}}
      """#)

  /// A mastery that was calculated.
  private struct Calculated {
    let student: StudentID?
    let result: MasteryResult
    let isPersisted: Bool
  }

  private static let calculated = AnswerShape(
    "the mastery that the components come to",
    ObjectShape<Calculated>("CalculatedMastery", "the mastery that given components come to") {
      Member.optional("student_id", .id, "the student, if one was named") { $0.student }
      Member.all(of: MasteryResult.shape) { $0.result }
      Member.optional("persisted", .word, "that the components wait to be taken in as evidence") {
        $0.isPersisted ? AcceptedWork.queued : nil
      }
    })

  private let student: StudentID?
  /// What the given components are made of.
  private let contents: ComponentValues<EvidenceContent>
  private let mastery: Mastery
  /// The event that records the components as evidence.
  private let event: EventDraft?

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.optional(Self.student)
    guard let given = fields.raw(Self.components) else {
      throw JSONInvalid(field: "components", value: nil, constraint: "is required; it \(FieldType.components.constraint)")
    }
    contents = try GivenComponents.read(given, path: "components.", refusesUnknown: true)
    mastery = Mastery(components: contents.map(\.score), weights: try fields.optional(Self.weights) ?? .standard)
    guard try fields.optional(Self.persist) ?? false else {
      event = nil
      return
    }
    guard let student else { throw JSONInvalid(field: "student_id", value: nil, constraint: "is required with persist") }
    var event = EventDraft(type: EventType.calculationRequested.rawValue, student: student)
    event.add("components", given)
    self.event = event
  }

  var subject: StudentID? { student }
  // A calculation on given values accesses no stored data.
  var accessed: [StudentID] { event.map { [$0.student] } ?? [] }
  var audience: AccessPolicy { event == nil ? Self.declaration.audience : .staff }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    if let event { _ = try await context.take(event) }
    let result = MasteryResult(
      mastery: mastery, explanations: ComponentValues { Explanation(of: contents[$0]) },
      recommendations: Recommendations.for(mastery.components, weights: mastery.weights), timestamp: context.now)
    return Answer(Self.calculated, Calculated(student: student, result: result, isPersisted: event != nil))
  }
}
