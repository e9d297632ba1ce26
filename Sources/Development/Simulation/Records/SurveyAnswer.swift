internal import HTTPServer

/// The answer to one of the survey's requests.
struct SurveyAnswer: Sendable {
  let question: SurveyQuestion
  let response: HTTPResponse
}
