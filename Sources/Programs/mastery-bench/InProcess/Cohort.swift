import HTTPServer
import MasteryService

/// A cohort of 50,000 students, built from its results.
enum Cohort {
  static let students = 50_000
  private static let size = 2_000

  /// Adds the results of all students to the standings, and the first student's evidence to the document.
  static func fill(_ service: MasteryService) async {
    for first in stride(from: 0, to: students, by: size) {
      _ = await service.answer(request("/events/mastery.results", results(from: first)))
    }
    let event =
      #"{"event_id":"e","event_type":"quiz","timestamp":"2026-11-17T00:00:00Z","student_id":"c-0","#
      + #""data":{"total_questions":10,"correct_answers":7},"metadata":{"cohort_id":"large"}}"#
    _ = await service.answer(request("/events/learning.quiz", event))
  }

  /// Asks how the first student compares with the cohort.
  static func compare(_ service: MasteryService) async {
    let answer = await service.answer(request("/analytics/compare", #"{"student_id":"c-0","metric":"by_component"}"#))
    precondition(answer.status == 200)
  }

  /// The floor: sorting as many scores.
  static func sort() {
    let sorted = (0..<students).map(score).sorted()
    precondition(sorted.first == 100)
  }

  /// A student's score in thousandths.
  private static func score(_ number: Int) -> Int { 100 + number * 7_919 % 900 }

  private static func request(_ path: String, _ body: String) -> HTTPRequest {
    HTTPRequest(
      head: HTTPRequestHead(method: "POST", target: path, fields: [HTTPField("Content-Type", "application/json")]), body: Array(body.utf8))
  }

  private static func results(from first: Int) -> String {
    let entries = (first..<first + size).map { number in
      let score = "0.\(score(number))"
      return #"{"entryId":"\#(number)","event":{"specversion":"1.0","data":{"student_id":"c-\#(number)","cohort_id":"large","epoch":1,"#
        + #""revision":1,"timestamp":"2026-11-17T00:00:00Z","mastery_score":\#(score),"level":"developing","#
        + #""components":{"completion":\#(score),"quiz":\#(score),"consistency":1}}}}"#
    }
    return #"{"entries":[\#(entries.joined(separator: ","))]}"#
  }
}
