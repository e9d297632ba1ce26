public import JSON

/// The events of a load: which student each is about and what it says, all of it following from the event's number and a seed.
public struct EventPlan: Sendable, Hashable {
  /// The components of mastery, in the order of the engine's answers.
  public enum Component: Int, Sendable, CaseIterable {
    /// Exercises done.
    case completion
    /// Questions right.
    case quiz
    /// Judgements of the work.
    case quality
    /// Active days.
    case consistency

    /// Its name in events and answers.
    public var name: String { "\(self)" }

    /// The topic that its events go to.
    public var topic: String { "learning.\(self)" }

    /// The type of its events.
    public var eventType: StaticString {
      switch self {
      case .completion: "exercise.completed"
      case .quiz: "quiz.completed"
      case .quality: "quality.assessed"
      case .consistency: "consistency.recorded"
      }
    }
  }

  /// Students of a cohort.
  private static let cohort = 500
  private static let eventPrefix = "load-"
  private static let studentPrefix = "load-student-"

  /// Number of students.
  public let students: Int
  /// What everything is drawn from.
  public let seed: UInt64

  /// Creates a plan.
  ///
  /// - Parameters:
  ///   - students: Number of students, at least 1; the first events are about each of them in turn, the others about any of them.
  ///   - seed: What everything is drawn from.
  public init(students: Int, seed: UInt64) {
    (self.students, self.seed) = (max(1, students), seed)
  }

  /// The student of an event, from 0 on.
  public func student(of event: Int) -> Int {
    event < students ? event : Int(SplitMix.word(event, seed: seed) % UInt64(students))
  }

  /// The component of an event.
  public func component(of event: Int) -> Component {
    Component(rawValue: Int(SplitMix.word(event, seed: ~seed) & 3)) ?? .completion
  }

  /// What an event counts in twentieths, from 0 to 20, which is also its score.
  ///
  /// It is near what the student usually reaches, so that levels and weak components change about as often as in a real course.
  public func twentieths(of event: Int) -> Int {
    let usual = Int((SplitMix.word(student(of: event), seed: seed) >> 32) % 21)
    let difference = Int((SplitMix.word(event, seed: ~seed) >> 32) % 9) - 4
    return min(max(usual + difference, 0), 20)
  }

  /// The id of an event; ids are in the order of the events.
  public static func id(of event: Int) -> String { eventPrefix + padded(event, digits: 12) }

  /// The event of an id; nil if it is none of a load.
  public static func event(of id: some StringProtocol) -> Int? {
    guard id.hasPrefix(eventPrefix) else { return nil }
    return Int(id.dropFirst(eventPrefix.count))
  }

  /// The id of a student.
  public static func id(ofStudent student: Int) -> String { studentPrefix + padded(student, digits: 7) }

  /// The student of an id; nil if it is none of a load.
  public static func student(ofID id: some StringProtocol) -> Int? {
    guard id.hasPrefix(studentPrefix) else { return nil }
    return Int(id.dropFirst(studentPrefix.count))
  }

  private static func padded(_ number: Int, digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// Writes an event.
  ///
  /// - Parameters:
  ///   - event: Its number.
  ///   - milliseconds: When it happened, since 1970.
  ///   - json: Where to.
  public func write(_ event: Int, at milliseconds: Int64, to json: inout JSONWriter) {
    let (component, twentieths) = (component(of: event), Int64(twentieths(of: event)))
    let student = student(of: event)
    json.object { json in
      json.member("event_id", Self.id(of: event))
      json.member("event_type", component.eventType)
      json.member("timestamp", milliseconds)
      json.member("student_id", Self.id(ofStudent: student))
      json.object("data") { json in
        switch component {
        case .completion:
          json.member("total_exercises", Int64(20))
          json.member("completed_exercises", twentieths)
        case .quiz:
          json.member("total_questions", Int64(20))
          json.member("correct_answers", twentieths)
        case .quality: json.member("code_quality_score", Double(twentieths) / 20)
        case .consistency:
          json.member("current_streak", twentieths)
          json.member("max_streak", Int64(20))
          json.member("days_since_last_activity", Int64(0))
        }
      }
      json.object("metadata") { $0.member("cohort_id", "load-cohort-\(student / Self.cohort)") }
    }
  }
}
