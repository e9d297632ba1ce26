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

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    switch service.admit(request.head) {
    case .refuse(let response): response
    case .accept(let acceptance) where request.body.count > acceptance.bodyLimit:
      service.refuse(.bodyTooLarge(limit: acceptance.bodyLimit), request.head)
    case .accept(let acceptance):
      await service.answer(
        HTTPRequest(head: request.head, body: request.body, reader: request.reader, context: acceptance.context))
    }
  }
}
