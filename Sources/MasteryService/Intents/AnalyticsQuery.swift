internal import JSON

/// `analytics_query` of `/process`: one name for several intents, told apart by the payload's `type`.
enum AnalyticsQuery: String, CaseIterable {
  case history, compare, trajectory, cohort

  static let name = "analytics_query"
  /// The field that tells them apart.
  static let type = Field<Self>.choice("type", "what is asked for")

  /// What answers it.
  var intent: any Intent.Type {
    switch self {
    case .history: HistoryRequest.self
    case .compare: CompareRequest.self
    case .trajectory: TrajectoryRequest.self
    case .cohort: CohortSummaryRequest.self
    }
  }

  /// Reads what a payload asks for.
  ///
  /// - Throws: `JSONInvalid` when its type is missing or unknown.
  init(_ payload: JSONValue) throws(JSONInvalid) {
    let declared = Self.type.declaration
    guard let value = payload["type"], let kind = Self.type.read(value) else {
      throw JSONInvalid(field: declared.name, found: payload["type"], constraint: declared.type.constraint)
    }
    self = kind
  }
}
