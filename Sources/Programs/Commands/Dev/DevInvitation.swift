/// The next steps with a running service: calls to paste.
struct DevInvitation: Sendable {
  let port: UInt16
  /// Whether the sample's students are present.
  let hasSample: Bool

  var text: String {
    let school = hasSample ? "open_university" : "my-school"
    let student = hasSample ? CourseDemo.student : "ada"
    let call = "curl -s -H 'Content-Type: application/json' -H 'X-School-ID: \(school)' http://127.0.0.1:\(port)"
    return """

      The service listens on http://127.0.0.1:\(port). Ctrl-C stops it. Calls to paste:

      # tell what a student did
      \(call)/mastery/ingest -d '{"event_type":"quiz.completed","student_id":"\(student)",\
      "data":{"total_questions":10,"correct_answers":9}}'
      # how the student stands
      \(call)/mastery/query -d '{"student_id":"\(student)"}'
      # all of it in a picture
      mastery-engine student \(student) --school \(school) --engine http://127.0.0.1:\(port)
      # what to work on next
      \(call)/recommendations/adaptive -d '{"student_id":"\(student)"}'
      # what a set of scores comes to
      \(call)/mastery/calculate -d '{"components":{"completion":0.8,"quiz":0.6,"quality":0.7,"consistency":0.5}}'
      # how the service is
      curl -s http://127.0.0.1:\(port)/ready
      """
  }
}
