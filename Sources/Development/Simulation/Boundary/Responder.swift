internal import HTTPServer
internal import MasteryService

/// How requests come to the service.
protocol Door: Sendable {
  /// Answers a request.
  func answer(_ request: HTTPRequest) async -> HTTPResponse
}

/// The service's own request handler: the head is judged, then the request is answered.
struct ServiceDoor: Door {
  let service: MasteryService

  func answer(_ request: HTTPRequest) async -> HTTPResponse { await service.respond(to: request) }
}
