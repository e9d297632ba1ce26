internal import JSON

/// `analytics_query` of `/process`: one name for several intents, distinguished by the payload's `type`.
enum AnalyticsQuery: String, CaseIterable {
  case history, compare, trajectory, cohort

  static let name = "analytics_query"
  /// The field that distinguishes them.
  static let type = Field<Self>.choice("type", "what is asked for", also: ["query_type"])

  /// The intent that answers the query.
  var intent: any Intent.Type {
    switch self {
    case .history: HistoryRequest.self
    case .compare: CompareRequest.self
    case .trajectory: TrajectoryRequest.self
    case .cohort: CohortSummaryRequest.self
    }
  }

  /// Reads the type of a payload.
  ///
  /// - Throws: `JSONInvalid` if the type is missing or unknown.
  init(_ payload: JSONValue) throws(JSONInvalid) {
    let declared = Self.type.declaration
    var given: JSONValue?
    for (name, value) in payload.members where given == nil && declared.isCalled(name) { given = value }
    guard let given, let kind = Self.type.read(given) else {
      throw JSONInvalid(field: declared.name, found: given, constraint: declared.type.constraint)
    }
    self = kind
  }
}
