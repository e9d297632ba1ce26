internal import HTTPServer

/// A request with its answer, for log and metrics.
struct AnsweredRequest {
  var response: HTTPResponse
  var intent: String?
  var student: String?
  /// Why it failed although nothing is wrong with it; nil otherwise.
  var outage: String?
}
