import Foundation

/// An event about a course and a topic, as text.
struct CourseEvent {
  var id = "e-1"
  var type = "quiz.completed"
  var at = "2026-03-10T08:00:00Z"
  var student = "bob"
  var course: String?
  var topic: String?
  var cohort: String?
  var correction: Int?
  var isRetracted = false
  /// Right answers and questions; nil for no data.
  var right: (Int, Int)? = (24, 25)

  var text: String {
    var members = [
      #""event_id":"\#(id)""#, #""event_type":"\#(type)""#, #""timestamp":"\#(at)""#, #""student_id":"\#(student)""#,
    ]
    if let course { members.append(#""course_id":"\#(course)""#) }
    if let topic { members.append(#""topic":"\#(topic)""#) }
    if let correction { members.append(#""correction":\#(correction)"#) }
    if isRetracted { members.append(#""retracted":true"#) }
    if let right, !isRetracted { members.append(#""data":{"total_questions":\#(right.1),"correct_answers":\#(right.0)}"#) }
    if let cohort { members.append(#""metadata":{"cohort_id":"\#(cohort)"}"#) }
    return "{\(members.joined(separator: ","))}"
  }

  /// Bob: 24 of 25 in maths, in the cohort m-1, and 1 of 25 in physics, in the cohort p-1.
  static let bob = [
    Self(id: "m", course: "maths", topic: "algebra/groups", cohort: "m-1").text,
    Self(id: "p", at: "2026-03-11T08:00:00Z", course: "physics", topic: "optics", cohort: "p-1", right: (1, 25)).text,
  ]
}
