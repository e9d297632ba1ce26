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

  /// Writes a member with a score rounded for display; null if there is none.
  mutating func member(_ name: StaticString, shown value: Double?) {
    member(name) { $0.shown(value) }
  }

  /// Writes a member with a score rounded for display; null if there is none.
  mutating func member(named name: String, shown value: Double?) {
    member(named: name) { $0.shown(value) }
  }

  /// Writes the given scores, without missing ones.
  mutating func given(_ components: ComponentValues<Score>) {
    object { json in
      for (component, score) in components { json.member(component.key, shown: score.value) }
    }
  }

  /// Writes the members `components`, all four of them with a missing one as 0, and `missing`, the names of those without evidence.
  mutating func components(_ components: ComponentValues<Score>) {
    member("components") { $0.allComponents(components) }
    missing(in: components)
  }

  /// Writes the scores of all four components, a missing one as 0.
  mutating func allComponents(_ components: ComponentValues<Score>) {
    object { json in
      for component in Component.allCases { json.member(component.key, shown: components[component]?.value ?? 0) }
    }
  }

  /// Writes the member `missing`: the names of the components without evidence.
  mutating func missing<Value>(in components: ComponentValues<Value>) {
    array("missing") { json in
      for component in Component.allCases where components[component] == nil { json.string(component.rawValue) }
    }
  }

  /// Writes the members of an object that names a course and a topic, as far as there are any.
  mutating func names(of topic: CourseTopic) {
    if let course = topic.course { member("course_id", course.text) }
    if let path = topic.topic { member("topic", path.text) }
  }

  /// Writes the figures that evidence was made of, under the names of their fields in events.
  mutating func figures(of content: EvidenceContent) {
    switch content {
    case .given, .retracted: break
    case .completion(let evidence):
      member("total_exercises", evidence.totalExercises)
      member("completed_exercises", evidence.completedExercises)
      member("difficulty", evidence.difficulty.rawValue)
    case .quiz(let evidence):
      member("total_questions", evidence.totalQuestions)
      member("correct_answers", evidence.correctAnswers)
      if let time = evidence.timeSpent { member("time_spent", time) }
      if let attempts = evidence.attempts { member("attempts", attempts) }
    case .quality(let evidence):
      for judgement in evidence.judgements { member(named: judgement.name, judgement.value) }
    case .consistency(let evidence):
      member("current_streak", evidence.currentStreak)
      member("max_streak", evidence.maxStreak)
      member("days_since_last_activity", evidence.daysSinceLastActivity)
    }
  }

  /// Writes days, or longer periods, as one object each.
  mutating func history(_ periods: [HistoryPeriod]) {
    objects(of: periods) { json, period in
      json.member("date", period.first.iso8601)
      json.member("score", shown: period.score)
      json.member("level", period.level.rawValue)
      json.components(period.components)
      json.member("evidence", period.hasEvidence)
    }
  }

  mutating func recommendations(_ recommendations: [Recommendation]) {
    objects(of: recommendations) { json, recommendation in
      json.member("component", recommendation.component.rawValue)
      json.names(of: recommendation.target)
      json.member("action", recommendation.action.rawValue)
      json.member("area", recommendation.area.rawValue)
      json.member("priority", recommendation.priority.rawValue)
      json.member("score", shown: recommendation.score)
      json.member("expected_gain", shown: recommendation.expectedGain)
      json.member("estimated_time", recommendation.estimatedMinutes)
      json.member("reason", recommendation.reason)
    }
  }

  /// Writes recommendations by name only: their reasons are available through the API, and would make up most of an event.
  mutating func namedRecommendations(_ recommendations: [Recommendation]) {
    objects(of: recommendations.prefix(3)) { json, recommendation in
      json.member("component", recommendation.component.rawValue)
      json.member("area", recommendation.area.rawValue)
      json.member("priority", recommendation.priority.rawValue)
    }
  }

  mutating func areas(_ areas: [Area]) {
    array(of: areas) { $0.string($1.rawValue) }
  }

  /// Writes `caused_by`, the listed events that caused a revision, and `caused_by_count`, their total number.
  mutating func causes(_ events: [EventID], of count: Int) {
    array("caused_by", of: events) { $0.string($1.text) }
    member("caused_by_count", count)
  }

  /// Writes `student_id`, and school and cohort if present.
  mutating func identity(_ student: StudentID, _ school: SchoolID?, _ cohort: CohortID?) {
    member("student_id", student.text)
    if let school { member("school_id", school.text) }
    if let cohort { member("cohort_id", cohort.text) }
  }
}
