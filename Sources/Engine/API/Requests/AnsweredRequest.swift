internal import HTTPServer

/// A request with its answer, for log and metrics.
struct AnsweredRequest {
  var response: HTTPResponse
  var intent: String?
  var student: String?
  /// Why it failed although nothing is wrong with it; nil otherwise.
  var outage: String?
  /// The status for log and metrics where the response's own says less; nil where it says it all.
  var status: Int?
}
