internal import HTTPServer
internal import JSON

/// The headers of every answer.
enum ResponseHeaders {
  private static let always = [
    HTTPField("Content-Type", "application/json; charset=utf-8"),
    HTTPField("X-Content-Type-Options", "nosniff"),
    HTTPField("Cache-Control", "no-store"),
    HTTPField("Content-Security-Policy", "default-src 'none'"),
    HTTPField("Referrer-Policy", "no-referrer"),
  ]

  /// A JSON response with the common headers.
  static func json(status: Int, body: [UInt8], correlationID: String, _ headers: [Problem.Detail] = []) -> HTTPResponse {
    var fields = always
    fields.append(HTTPField("X-Correlation-ID", correlationID))
    for header in headers { fields.append(HTTPField(header.name, header.value ?? "")) }
    return HTTPResponse(status: status, fields: fields, body: body)
  }

  /// A text response with the common headers.
  static func text(_ text: String, contentType: String, correlationID: String) -> HTTPResponse {
    var response = json(status: 200, body: Array(text.utf8), correlationID: correlationID)
    response.fields[0].value = contentType
    return response
  }

  /// A page of HTML that loads nothing and runs nothing; the only style it may have is its own.
  static func page(_ html: [UInt8], style digest: String, correlationID: String) -> HTTPResponse {
    var response = json(status: 200, body: html, correlationID: correlationID)
    response.fields[0].value = "text/html; charset=utf-8"
    for index in response.fields.indices where response.fields[index].name == "Content-Security-Policy" {
      response.fields[index].value =
        "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }
    return response
  }
}
