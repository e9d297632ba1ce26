internal import Encodings
internal import JSON
internal import Schemas

/// The description of requests, answers and topics as a page for people: HTML that loads nothing and runs nothing.
struct ReferencePage {
  let api: OpenAPI
  let topics: AsyncAPI

  private static let style = """
    body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:1rem;color:#1b1f24;background:#fff}\
    h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de;font-size:1.3rem}h3{margin:2rem 0 .3rem;font-size:1.1rem}\
    code,pre{font:14px/1.45 ui-monospace,monospace;background:#f4f6f8;border-radius:4px}code{padding:.1em .3em}\
    pre{padding:.7rem;overflow:auto;max-height:24rem}table{border-collapse:collapse;width:100%;margin:.5rem 0}\
    th,td{text-align:left;vertical-align:top;border-bottom:1px solid #d0d7de;padding:.3rem .6rem .3rem 0}th{font-weight:600}\
    nav{columns:3 14rem}nav a{display:block}details{margin:.4rem 0}summary{cursor:pointer}.m{font-weight:700}\
    @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}code,pre{background:#161b22}a{color:#79c0ff}}
    """

  /// The digest of the page's style, by which its policy lets it in.
  static let styleDigest = String(decoding: Base64.encode(Digest.sha256Bytes(Array(style.utf8))), as: UTF8.self)

  /// The page.
  var html: [UInt8] {
    var page = HTMLText()
    page.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mastery Engine</title>")
    page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>\(Self.style)</style></head><body>")
    page.element("h1", "Mastery Engine \(Envelope.version)")
    page.element("p", OpenAPI.introduction)
    page.raw("<p>For programs: <a href=\"openapi.json\">OpenAPI</a>, <a href=\"asyncapi.json\">AsyncAPI</a>.</p><nav>")
    for declaration in declarations { page.link(to: declaration.name, declaration.name) }
    for channel in topics.channels { page.link(to: channel.name, channel.topic.name) }
    page.raw("</nav>")
    page.element("h2", "Requests")
    for declaration in declarations { write(declaration, to: &page) }
    page.element("h2", "Refusals")
    writeRefusals(to: &page)
    page.element("h2", "Other paths")
    page.table(
      ["path", "who", "what"],
      api.paths.map { ["\($0.method) \($0.path)", $0.audience.inWords, $0.summary] })
    page.element("h2", "Topics")
    for channel in topics.channels { write(channel, to: &page) }
    page.raw("</body></html>")
    return Array(page.html.utf8)
  }

  private var declarations: [IntentDeclaration] { api.intents.map { $0.declaration } }

  private func write(_ declaration: IntentDeclaration, to page: inout HTMLText) {
    page.heading(declaration.name, method: declaration.method, declaration.path)
    page.element("p", "\(declaration.summary) \(declaration.audience.inWords) Students: \(declaration.perMinute) a minute.")
    page.table(
      ["field", "value", "meaning"],
      declaration.fields.map { field in
        let names = ([field.name] + field.otherNames).joined(separator: " or ")
        return ["\(names)\(field.isRequired ? "" : "?")", Self.words(field.schema), field.meaning]
      })
    if let exchange = api.examples[declaration.name] {
      page.details("Request", Self.indented(exchange.request))
      page.details("Answer \(exchange.status)", Self.indented(exchange.answer))
    }
    for answer in declaration.answers {
      page.details("What \(answer.status) holds: \(answer.meaning)", rows: Self.rows(of: answer.data))
    }
  }

  private func writeRefusals(to page: inout HTMLText) {
    var answers: [(status: Int, meaning: String)] = []
    for answer in RefusalKind.allCases.flatMap(\.answers) where !answers.contains(where: { $0.status == answer.status }) {
      answers.append((answer.status, answer.meaning))
    }
    page.table(["status", "when"], answers.sorted { $0.status < $1.status }.map { ["\($0.status)", $0.meaning] })
  }

  private func write(_ channel: AsyncAPI.Channel, to page: inout HTMLText) {
    page.heading(channel.name, method: channel.isIncoming ? "in" : "out", channel.topic.name)
    page.element("p", channel.meaning)
    for message in channel.messages {
      guard
        let object = message.payload.namedObjects.first(where: { $0["data"] == nil || $0["event_type"] != nil })
          ?? message.payload.namedObjects.first
      else { continue }
      page.details("\(message.name): \(message.meaning)", rows: Self.rows(of: object))
      if let example = message.example { page.details("An example", Self.indented(example)) }
    }
  }

  // MARK: Words

  private static func rows(of object: ObjectSchema) -> [[String]] {
    object.properties.map { ["\($0.name)\($0.isRequired ? "" : "?")", words($0.schema), $0.meaning] }
  }

  /// What a value may be, in words.
  private static func words(_ schema: Schema) -> String {
    switch schema {
    case .boolean: "true or false"
    case .integer(nil): "a whole number"
    case .integer(let range?):
      range.upperBound == .max
        ? "a whole number from \(range.lowerBound) on" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(nil): "a number"
    case .number(let range?):
      range.upperBound.isFinite
        ? "a number from \(number(range.lowerBound)) to \(number(range.upperBound))" : "a number from \(number(range.lowerBound)) on"
    case .text(let form):
      switch form.format {
      case "date-time": "a time"
      case "date": "a date"
      default: form.length.map { "text of \($0.lowerBound) to \($0.upperBound) characters" } ?? "text"
      }
    case .word(let words): words.joined(separator: ", ")
    case .list(let element, _): "a list: \(words(element))"
    case .object(let object): object.name ?? "an object with \(object.properties.map(\.name).joined(separator: ", "))"
    case .map(let value): "an object, each member \(words(value))"
    case .either(let kinds): kinds.map(words).joined(separator: " or ")
    case .null: "null"
    case .anything: "any value"
    }
  }

  private static func number(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }

  /// A JSON text with a line for each member.
  private static func indented(_ json: [UInt8]) -> String {
    var (text, depth, isText, isEscaped): ([UInt8], Int, Bool, Bool) = ([], 0, false, false)
    func line() {
      text.append(UInt8(ascii: "\n"))
      text += [UInt8](repeating: UInt8(ascii: " "), count: 2 * depth)
    }
    for (place, byte) in json.enumerated() {
      if isText {
        text.append(byte)
        isText = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        text.append(byte)
        if place + 1 < json.count, json[place + 1] == byte + 2 { continue }
        depth += 1
        line()
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if place > 0, json[place - 1] == byte - 2 {
          text.append(byte)
        } else {
          depth -= 1
          line()
          text.append(byte)
        }
      case UInt8(ascii: ","):
        text.append(byte)
        line()
      case UInt8(ascii: ":"): text += Array(": ".utf8)
      default:
        isText = byte == UInt8(ascii: "\"")
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
