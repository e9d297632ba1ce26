internal import HTTPServer
internal import MasteryService

/// Answers the requests to a replica.
protocol Responder: Sendable {
  func answer(_ request: HTTPRequest) async -> HTTPResponse
}
