internal import JSON
internal import MasteryCore

// The JSON form of the core's values: the Contract article, "Requests and answers" and "Events out".

extension JSONWriter {
  /// Writes a score rounded to 3 decimals for display.
  mutating func shown(_ value: Double) {
    number(Rounding.decimals(3, of: value))
  }

  /// Writes a score rounded for display; null if there is none.
  mutating func shown(_ value: Double?) {
    if let value { shown(value) } else { null() }
  }

  /// Writes the given scores, without missing ones.
  mutating func given(_ components: ComponentValues<Score>) {
    beginObject()
    for (component, score) in components {
      key(component.key)
      shown(score.value)
    }
    endObject()
  }

  /// Writes the members `components`, all four of them with a missing one as 0, and `missing`, the names of those without evidence.
  mutating func components(_ components: ComponentValues<Score>) {
    key("components")
    allComponents(components)
    missing(in: components)
  }

  /// Writes the scores of all four components, a missing one as 0.
  mutating func allComponents(_ components: ComponentValues<Score>) {
    beginObject()
    for component in Component.allCases {
      key(component.key)
      shown(components[component]?.value ?? 0)
    }
    endObject()
  }

  /// Writes the member `missing`: the names of the components without evidence.
  mutating func missing<Value>(in components: ComponentValues<Value>) {
    key("missing")
    beginArray()
    for component in Component.allCases where components[component] == nil { string(component.rawValue) }
    endArray()
  }

  /// Writes days, or longer periods, as one object each.
  mutating func history(_ periods: [HistoryPeriod]) {
    beginArray()
    for period in periods {
      beginObject()
      key("date")
      string(period.first.iso8601)
      key("score")
      shown(period.score)
      key("level")
      string(period.level.rawValue)
      components(period.components)
      key("evidence")
      boolean(period.hasEvidence)
      endObject()
    }
    endArray()
  }

  mutating func recommendations(_ recommendations: [Recommendation]) {
    beginArray()
    for recommendation in recommendations {
      beginObject()
      key("component")
      string(recommendation.component.rawValue)
      key("action")
      string(recommendation.action.rawValue)
      key("area")
      string(recommendation.area.rawValue)
      key("priority")
      string(recommendation.priority.rawValue)
      key("score")
      shown(recommendation.score)
      key("expected_gain")
      shown(recommendation.expectedGain)
      key("estimated_time")
      integer(recommendation.estimatedMinutes)
      key("reason")
      string(recommendation.reason)
      endObject()
    }
    endArray()
  }

  /// Writes recommendations by name only: their reasons are available through the API, and would make up most of an event.
  mutating func namedRecommendations(_ recommendations: [Recommendation]) {
    beginArray()
    for recommendation in recommendations.prefix(3) {
      beginObject()
      key("component")
      string(recommendation.component.rawValue)
      key("area")
      string(recommendation.area.rawValue)
      key("priority")
      string(recommendation.priority.rawValue)
      endObject()
    }
    endArray()
  }

  mutating func areas(_ areas: [Area]) {
    beginArray()
    for area in areas { string(area.rawValue) }
    endArray()
  }

  /// Writes `caused_by`, the listed events that caused a revision, and `caused_by_count`, their total number.
  mutating func causes(_ events: [EventID], of count: Int) {
    key("caused_by")
    beginArray()
    for event in events { string(event.text) }
    endArray()
    key("caused_by_count")
    integer(count)
  }

  /// Writes `student_id`, and school and cohort if present.
  mutating func identity(_ student: StudentID, _ school: SchoolID?, _ cohort: CohortID?) {
    key("student_id")
    string(student.text)
    if let school {
      key("school_id")
      string(school.text)
    }
    if let cohort {
      key("cohort_id")
      string(cohort.text)
    }
  }
}
