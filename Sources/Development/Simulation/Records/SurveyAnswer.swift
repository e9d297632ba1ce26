internal import HTTPServer

/// The answer to a final request.
struct SurveyAnswer: Sendable {
  let question: SurveyQuestion
  let response: HTTPResponse
}
