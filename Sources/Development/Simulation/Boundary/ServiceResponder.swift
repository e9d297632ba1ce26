internal import HTTPServer
internal import MasteryService

/// The service's own request handler: checks the head, then answers the request.
struct ServiceResponder: Responder {
  let service: MasteryService

  func answer(_ request: HTTPRequest) async -> HTTPResponse { await service.respond(to: request) }
}
