import HTTPClient
import HTTPServer

/// What stands between the one sidecar and several replicas: each call goes to one of those that are ready.
struct ReplicaDoor: HTTPApplication {
  /// Headers that belong to one connection.
  private static let own: Set<String> = ["host", "connection", "content-length", "transfer-encoding", "keep-alive", "expect", "date"]

  let replicas: ReplicaTable
  let client: HTTPClient

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 64 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse { HTTPResponse(status: 503) }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let headers = request.head.fields.filter { !Self.own.contains($0.name.lowercased()) }.map { (name: $0.name, value: $0.value) }
    let body = request.body.isEmpty && request.head.method == "GET" ? nil : request.body
    // One that has just gone is still called until its probe fails.
    for _ in 0..<4 {
      guard let port = replicas.next() else { break }
      let call = HTTPCall(
        request.head.method, "http://127.0.0.1:\(port)\(request.head.target)", headers: headers, body: body, deadline: 60_000)
      do {
        let answer = try await client.send(call)
        let fields = answer.headers.filter { !Self.own.contains($0.name) }.map { HTTPField($0.name, $0.value) }
        return HTTPResponse(status: answer.status, fields: fields, body: answer.body)
      } catch {
        guard case .unreachable = error else { break }
      }
    }
    return HTTPResponse(status: 503)
  }
}
