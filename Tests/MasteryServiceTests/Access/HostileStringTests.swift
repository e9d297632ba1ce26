import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

/// Strings that try to be more than data: the text around them must stay what it was.
@Suite("A hostile string", .serialized)
struct HostileStringTests {
  static let strings: [(name: String, text: String)] = [
    ("a line break", "a\nb"), ("a carriage return and a header", "a\r\nX-Evil: 1"), ("a zero byte", "a\0b"), ("an escape", "a\u{1B}[2Jb"),
    ("a delete", "a\u{7F}b"), ("a C1 control", "a\u{85}b"), ("a line separator", "a\u{2028}b"), ("two bars", "a||b"),
    ("a key's own colons", "s-1:profile:current_mastery"), ("another school's key", "school:south:student:s-1"),
    ("a path", "../../etc/passwd"),
    ("a path by percent", "..%2f..%2fetc"), ("a backslash", #"a\b"#), ("double quotes", #"a"b"#), ("single quotes", "a'b"),
    ("a JSON member", #"a","role":"admin"#), ("ten thousand bytes", String(repeating: "a", count: 10_000)),
    ("a right-to-left mark", "a\u{200F}b"), ("a right-to-left override", "a\u{202E}txt.exe"), ("SQL", "a'; DROP TABLE state; --"),
    ("a script", "<script>alert(1)</script>"), ("a template", "${jndi:ldap://x}"), ("a format", "%s%n%x"), ("a shell", "$(reboot)`id`"),
    ("an emoji", "👩‍🎓"), ("the letter K in another writing", "s-\u{212A}"), ("a combining mark", "e\u{301}"), ("a space", "a b"),
    ("nothing", ""), ("a glob", "*"), ("a byte order mark", "\u{FEFF}s-1"), ("full-width letters", "ｓ－１"),
  ]

  /// Requests, each with `@` where the string goes.
  private static let bodies: [(path: String, body: String)] = [
    ("/mastery/query", #"{"student_id":@}"#), ("/mastery/query", #"{"student_id":"s-1","date":@}"#),
    ("/mastery/query", #"{"student_id":"s-1",@:1}"#), ("/recommendations/adaptive", #"{"student_id":"s-1","priority":@}"#),
    ("/recommendations/learning-path", #"{"student_id":"s-1","goal":@}"#),
    ("/mastery/calculate", #"{"student_id":@,"components":{"quiz":1}}"#), ("/mastery/calculate", #"{"components":{@:1}}"#),
    ("/mastery/calculate", #"{"components":{"quiz":@}}"#), ("/mastery/ingest", #"{"event_type":"quiz","student_id":@,\#(quiz)}"#),
    ("/mastery/ingest", #"{"event_type":@,"student_id":"s-1",\#(quiz)}"#),
    ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1","event_id":@,\#(quiz)}"#),
    ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1","timestamp":@,\#(quiz)}"#),
    ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1",\#(quiz),"metadata":{"source":@}}"#),
    ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1",\#(quiz),"metadata":{"school_id":@}}"#),
    ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1",\#(quiz),"metadata":{"cohort_id":@}}"#),
    ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1",\#(quiz),"metadata":{@:@}}"#),
    ("/process", #"{"intent":@,"payload":{"student_id":"s-1"}}"#), ("/process", #"{"intent":"mastery_query","payload":{"student_id":@}}"#),
    (
      "/process",
      #"{"intent":"mastery_query","payload":{"student_id":"s-1"},"security_context":{"correlation_id":@}}"#
    ), ("/process", #"{"intent":"mastery_query","payload":{"student_id":"s-1"},@:1}"#),
  ]
  private static let quiz = #""data":{"total_questions":2,"correct_answers":1}"#

  /// Events, each with `@` where the string goes.
  private static let events: [String] = [
    #"{"event_id":"e-1","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":@,\#(quiz)}"#,
    #"{"event_id":@,"event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s-1",\#(quiz)}"#,
    #"{"event_id":"e-1","event_type":@,"timestamp":"2026-03-10T08:00:00Z","student_id":"s-1",\#(quiz)}"#,
    #"{"event_id":"e-1","event_type":"quiz","timestamp":@,"student_id":"s-1",\#(quiz)}"#,
    #"{"event_id":"e-1","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s-1",\#(quiz),"metadata":{"source":@}}"#,
    #"{"event_id":"e-1","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s-1",\#(quiz),"metadata":{"school_id":@}}"#,
    #"{"event_id":"e-1","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s-1",\#(quiz),"metadata":{"cohort_id":@}}"#,
    #"{"event_id":"e-1","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s-1",\#(quiz),@:@}"#,
  ]

  private static let headers = [
    "X-Correlation-ID", "X-Request-ID", "X-School-ID", "Idempotency-Key", "traceparent", "Authorization", "Origin", "dapr-api-token",
    "Content-Type", "User-Agent", "X-Forwarded-For", "Host",
  ]

  private func text(of name: String) throws -> String { try #require(Self.strings.first { $0.name == name }).text }

  /// What holds after anything: keys have the forms of the Contract article, "State", log lines are one JSON object each, and answers are
  /// whole.
  private func check(_ stand: Stand, _ response: HTTPResponse?) throws {
    let id = "(?:[A-Za-z0-9_-]|%[0-9A-F]{2}){1,128}"
    let own = "profile:current_mastery|audit(:[0-9]+)?|batches"
    let kinds =
      "student:\(id):(\(own))|ingest:[0-9a-f]{64}|dlq:([0-9]+|none|schools)(:[0-9]+)?|cohort:\(id):standing:[0-9]+|batch:\(id):status"
      + "|forgotten:[0-9a-f]{32}"
    let form = try Regex("(school:\(id):)?(\(kinds))")
    for call in stand.sidecar.calls {
      switch call {
      case .load(let keys): for key in keys { #expect(key.wholeMatch(of: form) != nil, "\(key)") }
      case .save(let items): for item in items { #expect(item.key.wholeMatch(of: form) != nil, "\(item.key)") }
      case .publish(_, let events): for event in events { _ = try ReadJSON.object(event.body) }
      default: break
      }
    }
    let known: Set = [
      "timestamp", "level", "message", "correlation_id", "trace_id", "endpoint", "intent", "student_id", "duration_ms", "status_code",
      "events", "reason", "event", "event_id", "user_id", "user_role", "school_id", "action", "outcome", "status", "labels",
    ]
    for line in stand.lines.all {
      #expect(line.hasSuffix("}\n") && !line.dropLast().unicodeScalars.contains { $0.value < 0x20 })
      #expect(Set(try ReadJSON.object(line).keys).isSubset(of: known))
    }
    guard let response else { return }
    #expect(response.status < 500)
    if response.header("Content-Type")?.hasPrefix("application/json") == true { _ = try ReadJSON.object(response.body) }
    for field in response.fields {
      #expect(field.value.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }, "\(field.name): \(field.value)")
    }
    let names = response.fields.map { $0.name.lowercased() }
    #expect(Set(names).count == names.count && !names.contains("x-evil"))
  }

  @Test("A hostile string in any field of a request is refused or stored as data", arguments: strings.map(\.name), bodies.indices)
  func inBody(_ name: String, _ index: Int) async throws {
    let stand = Stand.production()
    let quoted = Wrapped.quoted(try text(of: name))
    let token = try Bearer.token("svc", "service", school: "north")
    let (path, body) = Self.bodies[index]
    let response = await stand.ask("POST", path, body.replacing("@", with: quoted), [Bearer.header(token)])
    #expect(!response.text.contains("<script>") || response.header("Content-Type")?.hasPrefix("application/json") == true)
    try check(stand, response)
    // What was accepted is in the caller's school and nowhere else.
    for event in stand.sidecar.published {
      let metadata = try ReadJSON.object(event.event.body)["metadata"] as? [String: Any]
      #expect(metadata?["school_id"] as? String == "north")
      _ = await stand.deliver([String(decoding: event.event.body, as: UTF8.self)])
    }
    #expect(stand.sidecar.keys.allSatisfy { $0.hasPrefix("school:north:") })
  }

  @Test("A hostile string in any header is refused or ignored", arguments: strings.map(\.name), headers)
  func inHeader(_ name: String, _ header: String) async throws {
    let stand = Stand.production { $0.allowedOrigins = ["https://app.example"] }
    let token = Bearer.header(try Bearer.token("svc", "service", school: "north"))
    let fields = [HTTPField(header, try text(of: name))] + (header == "Authorization" ? [] : [token])
    for (path, body) in [
      ("/mastery/query", #"{"student_id":"s-1"}"#), ("/mastery/ingest", #"{"event_type":"quiz","student_id":"s-1",\#(Self.quiz)}"#),
    ] {
      try check(stand, await stand.ask("POST", path, body, fields))
    }
    #expect(stand.sidecar.keys.allSatisfy { $0.hasPrefix("school:north:") })
  }

  /// Requests with a hostile string in the path or the query, `@` in its place.
  private static let escaped = [
    "GET /student/@/export", "GET /cohorts/@/summary", "GET /batch/mastery/@", "GET /student/s-1/audit?@=1",
    "GET /student/s-1/audit?limit=@", "GET /student/s-1/export?offset=@", "DELETE /student/@", "PUT /student/@/consent",
  ]

  @Test(
    "A hostile string in any field of a path or a query, percent-encoded, is refused or names a student of its own",
    arguments: strings.map(\.name), escaped)
  func inEscapedField(_ name: String, _ request: String) async throws {
    let stand = Stand.production()
    let words = request.split(separator: " ").map(String.init)
    let string = try #require(text(of: name).addingPercentEncoding(withAllowedCharacters: []))
    let token = Bearer.header(try Bearer.token("a-1", "admin"))
    let body = words[0] == "PUT" ? #"{"granted":true}"# : ""
    let response = await stand.ask(words[0], words[1].replacing("@", with: string), body, [token])
    try check(stand, response)
    let isID = try StudentID(text(of: name)) != nil
    guard words[1].contains("?") || !isID else {
      // It is the id of a student, who is nobody else.
      #expect([200, 404].contains(response.status), "\(response.text)")
      #expect(stand.sidecar.keys.allSatisfy { !$0.hasPrefix("school:") && !$0.hasPrefix("student:s-1:") })
      return
    }
    #expect([400, 404, 405].contains(response.status), "\(response.text)")
    #expect(stand.sidecar.keys.isEmpty)
  }

  @Test("A hostile string in a path is let in without a token by no route", arguments: strings.map(\.name))
  func inPath(_ name: String) async throws {
    let stand = Stand.production()
    for prefix in ["/", "/mastery/query", "/mastery/query?", "/events/", "/api/v1/", "/student/", "/student/s-1/audit"] {
      let response = await stand.ask("POST", prefix + (try text(of: name)), "{}", [])
      #expect([401, 404, 405].contains(response.status) && response.header("Access-Control-Allow-Origin") == nil)
      try check(stand, response)
    }
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("A hostile string in an event is refused or stored as data", arguments: strings.map(\.name), events.indices)
  func inEvent(_ name: String, _ index: Int) async throws {
    let stand = Stand.production()
    let event = Self.events[index].replacing("@", with: Wrapped.quoted(try text(of: name)))
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    try check(stand, nil)
  }

  @Test("A hostile string as a subject is a plain subject, or no token is made", arguments: strings.map(\.name))
  func asSubject(_ name: String) async throws {
    let subject = try text(of: name)
    let stand = Stand.production { $0.serviceRateFactor = 1 }
    var order = TokenMint.Order(subject: subject, role: "service")
    order.school = "north"
    guard let token = Bearer.mint?.token(order, now: Timestamp(milliseconds: Stand.noon)) else {
      let isUnfit = subject.isEmpty || subject.utf8.count > 255 || subject.unicodeScalars.contains { $0.value < 0x20 }
      #expect(isUnfit || ["a delete", "a C1 control", "a line separator"].contains(name))
      return
    }
    let fields = [Bearer.header(token), HTTPField("Idempotency-Key", "k")]
    let body = #"{"event_type":"quiz","student_id":"s-1",\#(Self.quiz)}"#
    let response = await stand.ask("POST", "/mastery/ingest", body, fields)
    #expect(response.status == 202 && response.header("X-RateLimit-Used") == "1")
    try check(stand, response)
  }

  @Test("A hostile string is never passed on to the sidecar as a trace parent", arguments: strings.map(\.name))
  func asTraceParent(_ name: String) throws {
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    let runtime = Runtime(now: { Timestamp(milliseconds: 0) }, sleep: { _ in }, random: { 1 })
    func parent(_ value: String) -> String? {
      RequestTrace(HTTPRequestHead(method: "GET", target: "/", fields: [HTTPField("traceparent", value)]), runtime: runtime).call
        .traceparent
    }
    #expect(parent(good) == good)
    let hostile = try text(of: name)
    for value in [hostile, good + hostile, String(good.dropLast(2)) + hostile] where value != good { #expect(parent(value) == nil) }
    let zeroSpan = "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"
    let shifted = "00-0af7651916cd43dd8448eb211c8031-9cb7ad6b71692033310-01"
    let undashed = good.replacingOccurrences(of: "-", with: "0")
    let (later, forbidden) = ("01" + good.dropFirst(2), "ff" + good.dropFirst(2))
    for value in [zeroSpan, shifted, undashed, later, forbidden, good + "0"] { #expect(parent(value) == nil, "\(value)") }
    for value in [good.uppercased(), "00-\(String(repeating: "0", count: 32))-b7ad6b7169203331-01", String(good.dropLast())] {
      #expect(parent(value) == nil)
    }
  }
}
