internal import HTTPServer
internal import MasteryService

/// The service's own request handler: the head is judged, then the request is answered.
struct ServiceResponder: Responder {
  let service: MasteryService

  func answer(_ request: HTTPRequest) async -> HTTPResponse { await service.respond(to: request) }
}
