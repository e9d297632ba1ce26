internal import JSON

/// Reads the bodies of state calls.
enum StateReader {
  /// Why a body is refused: always status 400.
  struct Refused: Error {
    var code = "ERR_MALFORMED_REQUEST"
    var message: String
  }

  /// The changes that a save asks for.
  static func saves(_ body: [UInt8], _ printer: ValuePrinter) throws(Refused) -> [StateRequest] {
    try read(body) { (root) throws(Refused) in
      guard root.kind == .array else { throw Refused(message: "json: cannot unmarshal into Go value of type []state.SetRequest") }
      var requests: [StateRequest] = []
      for element in root.elements { requests.append(try request(element, printer)) }
      return requests
    }
  }

  /// The changes that a transaction asks for.
  static func transaction(_ body: [UInt8], _ printer: ValuePrinter) throws(Refused) -> [StateRequest] {
    try read(body) { (root) throws(Refused) in
      var requests: [StateRequest] = []
      for element in (root["operations"] ?? root).elements {
        guard let operation = element["operation"]?.text, let inner = element["request"] else {
          throw Refused(message: "an operation needs \"operation\" and \"request\"")
        }
        guard operation == "upsert" || operation == "delete" else {
          throw Refused(code: "ERR_NOT_SUPPORTED_STATE_OPERATION", message: "operation type \(operation.string) not supported")
        }
        var request = try request(inner, printer)
        if operation == "delete" { request.value = nil }
        requests.append(request)
      }
      return requests
    }
  }

  /// The keys that a bulk get asks for.
  static func keys(_ body: [UInt8]) throws(Refused) -> [String] {
    try read(body) { (root) throws(Refused) in
      guard root.kind == .object else { throw Refused(message: "json: cannot unmarshal into Go value of type http.BulkGetRequest") }
      var keys: [String] = []
      for element in (root["keys"] ?? root).elements {
        guard let key = element.string else { throw Refused(message: "a key must be a string") }
        keys.append(try checked(key))
      }
      return keys
    }
  }

  /// A key that may be used; the app's prefix ends with a separator that it must not contain.
  static func checked(_ key: String) throws(Refused) -> String {
    guard !key.isEmpty else { throw Refused(message: "\"key\" is a required field") }
    var before: UInt8 = 0
    for byte in key.utf8 {
      guard byte != UInt8(ascii: "|") || before != byte else {
        throw Refused(message: "api error: code = InvalidArgument desc = input key/keyPrefix '\(key)' can't contain '||'")
      }
      before = byte
    }
    return key
  }

  private static func read<Result>(
    _ body: [UInt8], _ work: (JSONValue) throws(Refused) -> Result
  ) throws(Refused) -> Result {
    do {
      return try JSONDocument.parse(body, work)
    } catch {
      switch error {
      case .malformed(let why): throw Refused(message: "failed deserializing HTTP body: \(why)")
      case .reading(let refused): throw refused
      }
    }
  }

  private static func request(_ element: JSONValue, _ printer: ValuePrinter) throws(Refused) -> StateRequest {
    var request = StateRequest(key: "")
    for (name, value) in element.members {
      switch name {
      case "key": request.key = value.string ?? ""
      case "value": request.value = printer.text(of: value)
      case "etag": request.etag = value.string
      case "options": request.isFirstWrite = value["concurrency"]?.text.map { $0 == "first-write" } ?? false
      case "metadata": request.lifetime = try lifetime(value)
      default: break
      }
    }
    request.key = try checked(request.key)
    if request.value == nil { request.value = printer.nothing }
    return request
  }

  private static func lifetime(_ metadata: JSONValue) throws(Refused) -> StateRequest.Lifetime {
    guard let value = metadata["ttlInSeconds"] else { return .unsaid }
    guard let text = value.string else { throw Refused(message: "json: cannot unmarshal metadata into Go value of type string") }
    guard let seconds = Int64(text), seconds >= -1, seconds <= 1 << 40 else { return .invalid(text) }
    return seconds > 0 ? .seconds(seconds) : .endless
  }
}
