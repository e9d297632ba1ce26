import HTTPServer
import MasteryService

extension MasteryService {
  /// The answer to a request as the server asks for it: its head first, then the whole.
  func served(_ request: HTTPRequest) async -> HTTPResponse {
    switch admit(request.head) {
    case .refuse(let response): return response
    case .accept(let acceptance):
      var admitted = request
      admitted.context = acceptance.context
      return await answer(admitted)
    }
  }
}
