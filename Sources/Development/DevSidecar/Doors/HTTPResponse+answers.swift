internal import HTTPServer
internal import JSON

extension HTTPResponse {
  /// Done, with nothing to say.
  static var noContent: HTTPResponse { HTTPResponse(status: 204) }

  /// JSON text.
  static func json(_ body: [UInt8], status: Int = 200, fields: [HTTPField] = []) -> HTTPResponse {
    HTTPResponse(status: status, fields: [HTTPField("Content-Type", "application/json")] + fields, body: body)
  }

  /// An error in the words of the sidecar's API.
  static func failure(_ status: Int, _ code: StaticString, _ message: String) -> HTTPResponse {
    failure(status, code: "\(code)", message)
  }

  /// An error whose code is known at run time only.
  static func failure(_ status: Int, code: String, _ message: String) -> HTTPResponse {
    let body = JSONWriter.object(capacity: 128 + message.utf8.count) { writer in
      writer.member("errorCode", code)
      writer.member("message", message)
    }
    return .json(body, status: status)
  }

  /// The answer for an unknown path: the sidecar takes it for an invocation without an app.
  static var unrouted: HTTPResponse {
    failure(404, "ERR_DIRECT_INVOKE", "failed getting app id either from the URL path or the header dapr-app-id")
  }
}
