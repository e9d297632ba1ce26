import HTTPServer
import JSON
import Synchronization

/// A collector that takes all spans and counts them.
final class Collector: HTTPApplication {
  private let counted = Atomic(0)

  /// Number of spans that have come.
  var spans: Int { counted.load(ordering: .relaxed) }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 32 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse { HTTPResponse(status: 503) }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let found = try? JSONDocument.parse(request.body) { (root) throws(Never) -> Int in
      var count = 0
      guard let resources = root["resourceSpans"] else { return count }
      for resource in resources.elements {
        guard let scopes = resource["scopeSpans"] else { continue }
        for scope in scopes.elements {
          guard let spans = scope["spans"] else { continue }
          for _ in spans.elements { count += 1 }
        }
      }
      return count
    }
    counted.add(found ?? 0, ordering: .relaxed)
    return HTTPResponse(status: 200, body: Array("{}".utf8))
  }
}
