internal import JSON
internal import MasteryCore

/// The reason why a request fails; it tells the caller what to do and never exposes internals.
struct Problem: Error, Hashable, Sendable {
  /// The codes of the Contract article, "Error codes".
  enum Code: String, CaseIterable, Sendable {
    case validation = "VALIDATION_ERROR"
    case authentication = "AUTH_ERROR"
    case forbidden = "FORBIDDEN"
    case notFound = "NOT_FOUND"
    case conflict = "CONFLICT"
    case rateLimited = "RATE_LIMITED"
    case internalError = "INTERNAL_ERROR"
    case unavailable = "SERVICE_UNAVAILABLE"
  }

  var code: Code
  var status: Int
  var message: String
  /// Members of `details`; nil is written as null.
  var details: [Detail] = []
  /// Additional headers such as `Allow`, `Retry-After`.
  var headers: [Detail] = []

  /// The message of a problem that is not the request's: the log has it, since no caller's words are in it.
  var outage: String? { code == .unavailable ? message : nil }

  /// A name and a value, which is a number if it was given as one.
  struct Detail: Hashable, Sendable {
    let name: String
    let value: String?
    let isNumber: Bool

    init(name: String, value: String?) {
      self.name = name
      self.value = value
      isNumber = false
    }

    init(name: String, number: Int64) {
      self.name = name
      value = String(number)
      isNumber = true
    }
  }

  /// A field breaks its declaration.
  static func invalid(_ invalid: JSONInvalid, status: Int = 400) -> Self {
    Self(
      code: .validation, status: status, message: invalid.description,
      details: [
        Detail(name: "field", value: invalid.field), Detail(name: "value", value: invalid.value),
        Detail(name: "constraint", value: invalid.constraint),
      ])
  }

  /// The request as a whole exceeds a limit.
  static func invalid(_ field: String, value: String?, _ constraint: String, status: Int = 400) -> Self {
    invalid(JSONInvalid(field: field, value: value, constraint: constraint), status: status)
  }

  /// There is no resource of that name.
  static func notFound(_ message: String) -> Self {
    Self(code: .notFound, status: 404, message: message)
  }

  /// There is no such student in the caller's school.
  static func noStudent(_ student: StudentID) -> Self { notFound("there is no student \(student.text)") }

  /// The path exists, but not with that method.
  static func methodNotAllowed(_ method: String, allowed: [String]) -> Self {
    let allowed = allowed.joined(separator: ", ")
    return Self(
      code: .notFound, status: 405, message: "\(method) is not allowed here, only \(allowed)",
      headers: [Detail(name: "Allow", value: allowed)])
  }

  /// The caller's role may not make this request, or not about this student.
  static let forbidden = Self(code: .forbidden, status: 403, message: "this is not for you: your role or your students do not allow it")

  /// A web page of another origin asks; it must not even be tried, or a page could ask through a name that leads here.
  static let foreignOrigin = Self(code: .forbidden, status: 403, message: "the header Origin must name an allowed origin")

  /// Too many accesses of the caller still wait to be recorded to start another one.
  static let tooManyAccesses = Self(
    code: .rateLimited, status: 429, message: "your accesses come faster than they can be put on record; try again in 2 seconds",
    details: [Detail(name: "retry_after", number: 2)], headers: [retrySoon])

  /// The sidecar, the store or the broker does not answer.
  static func unavailable(_ what: String) -> Self {
    Self(
      code: .unavailable, status: 503, message: "\(what) does not answer; try again", headers: [retrySoon])
  }

  /// The header that asks for another try in two seconds.
  static let retrySoon = Detail(name: "Retry-After", number: 2)

  /// The service is at its limit and starts no further work.
  static let overloaded = unavailable("the service is at its limit and")

  /// Accesses cannot be recorded, so none is answered.
  static let unrecorded = unavailable("the log, in which each access must stand,")

  /// The answer is there, and too deeply nested to be shortened.
  static let tooDeep = Self(
    code: .internalError, status: 500, message: "the answer is nested too deeply to be shown here; ask for it over its own path")

  /// An unexpected failure; the log line with the same correlation id explains it.
  static let internalError = Self(code: .internalError, status: 500, message: "the request could not be worked on")
}
