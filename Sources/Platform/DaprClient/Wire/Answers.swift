internal import HTTPClient
internal import JSON

extension HTTPAnswer {
  var isSuccess: Bool { (200..<300).contains(status) }

  /// Reads the body as JSON; the closure returns nil if it differs from the recorded format.
  func json<Value>(_ read: (JSONValue) -> Value?) throws(SidecarFailure) -> Value {
    let value: Value?
    do {
      value = try JSONDocument.parse(body, read)
    } catch {
      throw .unintelligible("status \(status) with a body that is not JSON")
    }
    guard let value else { throw .unintelligible("status \(status) with JSON that says something else") }
    return value
  }
}

extension SidecarFailure {
  /// Maps a libcurl failure without an answer.
  init(_ failure: HTTPClientFailure) {
    switch failure {
    case .unreachable(let why): self = .unreachable(why)
    case .timedOut: self = .timedOut
    case .broken(let why): self = .broken(why)
    case .stopped: self = .broken("the client was stopped")
    }
  }

  /// Maps an unsuccessful answer.
  init(_ answer: HTTPAnswer) {
    let status = answer.status
    let words = try? answer.json { root in
      root["message"]?.string.map { (code: root["errorCode"]?.string ?? "", message: $0) }
    }
    // A proxy or the token check answers in plain text; its beginning is enough for a log line.
    let (code, message) = words ?? ("", String(decoding: answer.body.prefix(300), as: UTF8.self).trimmed)
    switch status {
    case 401: self = .unauthorized(message)
    case 409: self = .conflict(code: code, message: message)
    case 400..<500: self = .refused(status: status, code: code, message: message)
    case 500..<600: self = .failed(status: status, code: code, message: message)
    default: self = .unintelligible("status \(status)")
    }
  }

  /// The worse of two failures: no answer is worse than a refusal, and a refusal is worse than a failure that another read can resolve.
  func orWorse(_ other: SidecarFailure?) -> SidecarFailure {
    guard let other, other.severity >= severity else { return self }
    return other
  }

  private var severity: Int {
    switch self {
    case .conflict: 0
    case .failed: 1
    case .refused: 2
    case .spoiled: 3
    case .unintelligible: 4
    case .unauthorized: 5
    case .broken: 6
    case .timedOut: 7
    case .unreachable: 8
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    guard let end = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...end].drop { $0.isWhitespace })
  }
}
