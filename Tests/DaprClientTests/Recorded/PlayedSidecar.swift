import Foundation
import HTTPServer
import Synchronization

/// A server that plays recorded answers: a request under `/<line>` is answered as that line of the recording was.
final class PlayedSidecar: HTTPApplication {
  private let requests = Mutex<[Int: HTTPRequest]>([:])

  /// One for all tests; it lives as long as the process.
  static let shared = Result { () throws in
    let played = PlayedSidecar()
    let server = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: played)
    return (played, server)
  }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 16 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    HTTPResponse(status: 599, body: Array("\(refusal)".utf8))
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let parts = request.head.target.split(separator: "/", maxSplits: 1)
    guard let line = parts.first.flatMap({ Int($0) }), RecordedExchange.all.indices.contains(line) else {
      return HTTPResponse(status: 598)
    }
    requests.withLock {
      var seen = request
      seen.head.target = parts.count > 1 ? "/" + parts[1] : "/"
      $0[line] = seen
    }
    let exchange = RecordedExchange.all[line]
    let own: Set = ["date", "content-length", "transfer-encoding", "connection"]
    return HTTPResponse(
      status: exchange.status,
      fields: exchange.response.headers.filter { !own.contains($0[0].lowercased()) }.map { HTTPField($0[0], $0[1]) },
      body: exchange.answerBody)
  }

  /// What the client sent for that line.
  func request(for line: Int) -> HTTPRequest? { requests.withLock { $0[line] } }
}

extension RecordedExchange {
  /// The recorded body; the client numbers a bulk's entries from 0, so the ids in the answer are made to match.
  fileprivate var answerBody: [UInt8] {
    let text = response.body ?? ""
    guard target.contains("/publish/bulk/"), var root = jsonValue(text) as? [String: Any],
      let failed = root["failedEntries"] as? [[String: Any]], let sent = jsonValue(request.body) as? [[String: Any]]
    else { return Array(text.utf8) }
    root["failedEntries"] = failed.map { entry in
      var entry = entry
      entry["entryId"] = sent.firstIndex { $0["entryId"] as? String == entry["entryId"] as? String }.map(String.init)
      return entry
    }
    return jsonBytes(root)
  }
}
