/// All intents of the service.
enum IntentTable {
  /// The intents, in the order of the API description.
  static let intents: [any Intent.Type] = [
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
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: intents.map { ($0.declaration.name, $0) })

  /// The intent with that name.
  static func intent(named name: String) -> (any Intent.Type)? { byName[name] }

  /// The names of all intents.
  static let names = intents.map { $0.declaration.name }
}
