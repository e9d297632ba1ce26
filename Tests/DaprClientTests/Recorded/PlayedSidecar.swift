import Foundation
import HTTPServer
import Synchronization
import WireTesting

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
    guard let (exchange, target) = RecordedExchange.played(request.head.target) else { return HTTPResponse(status: 598) }
    let answer = exchange.answer(to: request.head.method, target)
    if answer.isOwn {
      requests.withLock {
        var seen = request
        seen.head.target = target
        $0[exchange.line] = seen
      }
    }
    let own: Set = ["date", "content-length", "transfer-encoding", "connection"]
    return HTTPResponse(
      status: answer.message.status ?? 597,
      fields: answer.message.headers.filter { !own.contains($0[0].lowercased()) }.map { HTTPField($0[0], $0[1]) },
      body: answer.isOwn ? exchange.answerBody : Array((answer.message.body ?? "").utf8))
  }

  /// What the client sent for that line.
  func request(for line: Int) -> HTTPRequest? { requests.withLock { $0[line] } }
}

/// A server that plays those recorded exchanges in which the connection was closed without an answer.
enum ClosingSidecar {
  /// One for all tests; it lives as long as the process.
  static let shared = RawListener { _, connection in
    let head = connection.receive(until: "\r\n\r\n")
    let words = head.split(separator: " ", maxSplits: 2)
    guard words.count == 3, let (exchange, target) = RecordedExchange.played(String(words[1])) else { return }
    let message = exchange.answer(to: String(words[0]), target).message
    guard let status = message.status, status != 0 else { return }
    let body = message.body ?? ""
    let fields = message.headers.filter { $0[0].lowercased() == "etag" }.map { "\($0[0]): \($0[1])\r\n" }.joined()
    let length = status == 204 ? "" : "Content-Length: \(body.utf8.count)\r\n"
    connection.send("HTTP/1.1 \(status) Played\r\n\(fields)\(length)Connection: close\r\n\r\n\(body)")
    // A connection may close only after both sides have read everything, or the answer is lost with it.
    _ = connection.isEnded(within: 5_000)
  }
}

extension RecordedExchange {
  /// The exchange that a target under `/<line>` plays, and the target without that.
  fileprivate static func played(_ target: String) -> (exchange: RecordedExchange, target: String)? {
    let parts = target.split(separator: "/", maxSplits: 1)
    guard let line = parts.first.flatMap({ Int($0) }), all.indices.contains(line) else { return nil }
    return (all[line], parts.count > 1 ? "/" + parts[1] : "/")
  }

  /// The recorded answer to the client's requests for this exchange: after a bulk get also for single keys and for the health.
  fileprivate func answer(to method: String, _ target: String) -> (message: Message, isOwn: Bool) {
    guard self.target.hasPrefix("/v1.0/state/"), self.target.hasSuffix("/bulk"), method == "GET" else { return (response, true) }
    if target == "/v1.0/healthz/outbound" { return (Message(status: 204), false) }
    let key = target.split(separator: "/").last.map { String($0) } ?? ""
    return (singleAnswer(for: key) ?? Message(status: 596), false)
  }

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
