/// The head of an answer as it goes over the wire (RFC 9112, 4).
enum AnswerHead {
  /// What the Connection header says.
  enum Keeping {
    case unsaid
    case close
    case keepAlive
  }

  /// Writes the head of an answer, including the length of its body.
  static func write(_ response: HTTPResponse, _ keeping: Keeping, date: [UInt8], to output: inout [UInt8]) {
    // A stand-in for a broken answer breaks off behind a head that promises more.
    let status = response.status > 0 ? response.status : 502
    output.append(contentsOf: "HTTP/1.1 ".utf8)
    output.append(contentsOf: String(status).utf8)
    output.append(.space)
    output.append(contentsOf: reason(of: status).utf8)
    output.append(contentsOf: "\r\nDate: ".utf8)
    output.append(contentsOf: date)
    switch keeping {
    case .unsaid: break
    case .close: output.append(contentsOf: "\r\nConnection: close".utf8)
    case .keepAlive: output.append(contentsOf: "\r\nConnection: keep-alive".utf8)
    }
    for field in response.fields where isSent(field) {
      output.append(contentsOf: "\r\n".utf8)
      output.append(contentsOf: field.name.utf8)
      output.append(contentsOf: ": ".utf8)
      output.append(contentsOf: field.value.utf8)
    }
    if status != 204 {
      output.append(contentsOf: "\r\nContent-Length: ".utf8)
      output.append(contentsOf: String(response.status > 0 ? response.body.count : 1).utf8)
    }
    output.append(contentsOf: "\r\n\r\n".utf8)
  }

  /// Whether a header has a value, and nothing in it that would end its line.
  private static func isSent(_ field: HTTPField) -> Bool {
    !field.value.isEmpty && field.value.utf8.allSatisfy { $0 >= 0x20 || $0 == .tab } && field.name.utf8.allSatisfy(\.isTokenByte)
  }

  /// The reason phrase of a status (RFC 9110, 15).
  private static func reason(of status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 304: "Not Modified"
    case 307: "Temporary Redirect"
    case 308: "Permanent Redirect"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: "Unknown"
    }
  }
}
