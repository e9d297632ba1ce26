/// All intents of a service: how they are found by name and by path.
struct IntentTable: Sendable {
  /// The intents, in the order of the API description.
  let all: [any Intent.Type]
  private let byName: [String: any Intent.Type]
  private let byPath: [String: [any Intent.Type]]
  /// The path templates with a field, split into the part before it, its name and the part after it.
  private let templates: [(before: Substring, name: Substring, behind: Substring, path: String)]

  /// The intents of the service.
  static let standard = Self([
    MasteryQuery.self,
    MasteryCalculation.self,
    EventIngest.self,
    AdaptiveRecommendations.self,
    LearningPathRequest.self,
    PredictionRequest.self,
    TrajectoryRequest.self,
    HistoryRequest.self,
    ErasureRequest.self,
    ExportRequest.self,
    ConsentRequest.self,
    ConsentChange.self,
    CompareRequest.self,
    CohortSummaryRequest.self,
    BatchMastery.self,
    BatchStatus.self,
    AuditRequest.self,
    DeadLetterList.self,
    DeadLetterRequest.self,
    DeadLetterReplay.self,
  ])

  /// Creates a table; each name stands in it once.
  init(_ intents: [any Intent.Type]) {
    all = intents
    byName = Dictionary(intents.map { ($0.declaration.name, $0) }) { first, _ in first }
    byPath = Dictionary(grouping: intents) { $0.declaration.path }
    templates = byPath.keys.compactMap { path in
      guard let open = path.firstIndex(of: "{"), let close = path.firstIndex(of: "}") else { return nil }
      return (path[..<open], path[path.index(after: open)..<close], path[path.index(after: close)...], path)
    }
  }

  /// What is declared of each intent.
  var declarations: [IntentDeclaration] { all.map { $0.declaration } }

  /// The names of all intents.
  var names: [String] { all.map { $0.declaration.name } }

  /// The intent with that name.
  func intent(named name: String) -> (any Intent.Type)? { byName[name] }

  /// Aliases for path prefixes that this fleet's clients use, and the paths they stand for.
  private static let otherNames = [("/analytics/history", "/analytics/mastery-history"), ("/batch/status/", "/batch/mastery/")]

  /// The intents at a path; nil if there are none.
  func path(_ given: Substring) -> IntentPath? {
    let other = Self.otherNames.first { given == $0.0 || ($0.0.hasSuffix("/") && given.hasPrefix($0.0)) }
    let path = other.map { $0.1[...] + given.dropFirst($0.0.count) } ?? given
    if let intents = byPath[String(path)] { return IntentPath(intents: intents, given: nil) }
    for template in templates where path.hasPrefix(template.before) && path.hasSuffix(template.behind) {
      let value = path.dropFirst(template.before.count).dropLast(template.behind.count)
      guard !value.isEmpty, !value.utf8.contains(UInt8(ascii: "/")), let intents = byPath[template.path] else { continue }
      return IntentPath(intents: intents, given: (String(template.name), value))
    }
    return nil
  }
}
