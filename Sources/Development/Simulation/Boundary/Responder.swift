internal import HTTPServer
internal import MasteryService

/// How requests come to the service.
protocol Responder: Sendable {
  /// Answers a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse
}
