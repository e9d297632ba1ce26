internal import DaprClient
internal import HTTPServer
internal import MasteryCore

/// A request with its answer, for log and metrics.
struct AnsweredRequest {
  var response: HTTPResponse
  var intent: String?
  var student: String?
}
