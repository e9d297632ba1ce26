/// An event as plain values, with the raw fields of each of its components.
public struct NaiveEvent: Hashable, Sendable {
  /// The event's id.
  public var id: String
  /// Milliseconds since 1970.
  public var milliseconds: Int64
  /// Minutes that the student's clocks are ahead of UTC at that time.
  public var minutesAhead: Int
  /// The student's id.
  public var student: String
  /// The raw fields by component; a field `score` is the score itself.
  public var parts: [String: [String: NaiveField]]
  /// The source system, if the event names it.
  public var source: String?
  /// The cohort, if the event names one.
  public var cohort: String?
  /// The course and the topic.
  public var place: NaivePlace
  /// How often the event was corrected.
  public var correction: Int
  /// Whether the event takes its parts back; their fields then say nothing.
  public var isRetracted: Bool

  /// Creates an event with evidence for the given components.
  public init(
    id: String, milliseconds: Int64, minutesAhead: Int = 0, student: String, parts: [String: [String: NaiveField]],
    source: String? = nil, cohort: String? = nil, place: NaivePlace = NaivePlace(), correction: Int = 0, isRetracted: Bool = false
  ) {
    self.id = id
    self.milliseconds = milliseconds
    self.minutesAhead = minutesAhead
    self.student = student
    self.parts = parts
    self.source = source
    self.cohort = cohort
    self.place = place
    self.correction = correction
    self.isRetracted = isRetracted
  }

  /// Creates an event of one of the four types with a single component; an event of any other type has no evidence.
  public init(
    id: String, milliseconds: Int64, student: String, type: String, fields: [String: NaiveField], source: String? = nil,
    cohort: String? = nil
  ) {
    let component = [
      "exercise.completed": "completion", "quiz.completed": "quiz", "quality.assessed": "quality", "consistency.recorded": "consistency",
    ][type]
    self.init(
      id: id, milliseconds: milliseconds, student: student, parts: component.map { [$0: fields] } ?? [:], source: source, cohort: cohort)
  }

  /// The day by the student's clocks, counted from 1 January 1970.
  public var day: Int { Int(((Double(milliseconds) / 60_000 + Double(minutesAhead)) / 1_440).rounded(.down)) }
}
