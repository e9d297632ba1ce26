internal import Encodings

/// The settings of traces, as OpenTelemetry's specification has them ("OTLP Exporter Configuration", "Resource SDK").
extension SettingReader {
  /// The whole address for spans: the one for traces as it is, else the path `v1/traces` below the one for everything.
  func traceCollector() throws(BadSetting) -> String? {
    let common = try endpoint("OTEL_EXPORTER_OTLP_ENDPOINT").map { $0 + "/v1/traces" }
    let name = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    guard let text = variables[name] else { return common }
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix), text.utf8.allSatisfy(Self.isVisible),
      Self.isAuthority(text.dropFirst(scheme.count).prefix { !"/?".contains($0) }), !text.contains("#")
    else {
      // Not shown: a query may hold a key.
      throw BadSetting(name: name, value: nil, constraint: "must be an address, http://host:port/path")
    }
    return text
  }

  /// Headers, `name=value` with percent-encoded values; their values are never shown.
  func traceHeaders(_ name: String) throws(BadSetting) -> [Configuration.NamedText]? {
    guard let text = variables[name] else { return nil }
    let list = Self.list(text)
    let names = list?.map { $0.name.lowercased() } ?? []
    guard let list, Set(names).count == names.count, names.allSatisfy({ Self.isHeaderName($0) && !Self.ownHeaders.contains($0) }),
      list.allSatisfy({ $0.text.utf8.allSatisfy { $0 == 0x20 || Self.isVisible($0) } })
    else {
      throw BadSetting(
        name: name, value: nil,
        constraint: "must be different headers, name=value with percent-encoded values of ASCII characters, commas between them, "
          + "and none of \(Self.ownHeaders.sorted().joined(separator: ", "))")
    }
    return list
  }

  /// Attributes of the process, `name=value` with percent-encoded values.
  func resourceAttributes(_ name: String) throws(BadSetting) -> [Configuration.NamedText]? {
    guard let text = variables[name] else { return nil }
    guard let list = Self.list(text), Set(list.map(\.name)).count == list.count,
      list.allSatisfy({ $0.name.utf8.allSatisfy(Self.isVisible) })
    else {
      throw BadSetting(
        name: name, value: text, constraint: "must be different attributes, name=value with percent-encoded values, commas between them")
    }
    return list
  }

  /// Headers that belong to the connection or the body.
  private static let ownHeaders: Set = ["connection", "content-encoding", "content-length", "content-type", "host", "transfer-encoding"]

  /// A list in the form of W3C's `baggage` without properties; nil if it is none.
  private static func list(_ text: String) -> [Configuration.NamedText]? {
    var list: [Configuration.NamedText] = []
    for member in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, case let name = trimmed(parts[0]), !name.isEmpty, let text = decoded(trimmed(parts[1])) else { return nil }
      list.append(Configuration.NamedText(name: name, text: text))
    }
    return list
  }

  /// The text with its escapes resolved; nil if one of them is broken, or they are not UTF-8.
  private static func decoded(_ text: String) -> String? {
    let escapes = text.split(separator: "%", omittingEmptySubsequences: false).dropFirst()
    guard escapes.allSatisfy({ $0.utf8.count >= 2 && $0.utf8.prefix(2).allSatisfy { Hexadecimal.value($0) != nil } }) else { return nil }
    let decoded = PercentCoding.decode(text[...])
    // What is not UTF-8 comes back as it was.
    return escapes.isEmpty || decoded != text ? decoded : nil
  }

  /// Whether a text is a token, RFC 9110, 5.6.2.
  private static func isHeaderName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }
}
