/// A setting as help texts show it.
public struct SettingDescription: Sendable, Hashable {
  /// The environment variable.
  public let name: String
  /// What it is when it is not given.
  public let standard: String
  /// What it means.
  public let meaning: String
}

extension Configuration {
  /// The settings that are read from the environment, with their defaults and meanings.
  public static let settings: [SettingDescription] = [
    SettingDescription(name: "ENVIRONMENT", standard: "production", meaning: "production, staging or development"),
    SettingDescription(name: "APP_PORT", standard: "8005", meaning: "the port to serve on, 1 to 65535"),
    SettingDescription(name: "DAPR_HTTP_ENDPOINT", standard: "", meaning: "the sidecar's address, http://host:port"),
    SettingDescription(name: "DAPR_HTTP_PORT", standard: "3500", meaning: "the sidecar's port on this host, where no endpoint is given"),
    SettingDescription(name: "DAPR_API_TOKEN", standard: "", meaning: "the token that the sidecar asks for"),
    SettingDescription(name: "APP_API_TOKEN", standard: "", meaning: "the token that the sidecar brings along"),
    SettingDescription(name: "STATE_STORE_NAME", standard: "statestore", meaning: "the name of the state store component"),
    SettingDescription(name: "PUBSUB_NAME", standard: "pubsub", meaning: "the name of the pub/sub component"),
    SettingDescription(
      name: "EVENT_TOPICS", standard: Configuration().eventTopics.joined(separator: ","), meaning: "the topics that events come in on"),
    SettingDescription(name: "GDPR_RETENTION_DAYS", standard: "90", meaning: "days that data lives from its last write on, 1 to 1000"),
    SettingDescription(name: "LOG_LEVEL", standard: "info", meaning: "debug, info, warning or error"),
    SettingDescription(name: "LOG_FORMAT", standard: "json", meaning: "json or text"),
  ]

  /// Reads the settings from environment variables; one that is empty counts as missing.
  ///
  /// - Parameter variables: Names and values.
  /// - Throws: `BadSetting` naming the first variable that is wrong.
  public init(environment variables: [String: String]) throws(BadSetting) {
    self.init()
    let reader = SettingReader(variables: variables.filter { !$0.value.isEmpty })
    environment = try reader.choice("ENVIRONMENT") ?? environment
    port = UInt16(try reader.integer("APP_PORT", 1...65_535) ?? Int(port))
    sidecarToken = try reader.token("DAPR_API_TOKEN")
    appToken = try reader.token("APP_API_TOKEN")
    stateStore = try reader.componentName("STATE_STORE_NAME") ?? stateStore
    pubsub = try reader.componentName("PUBSUB_NAME") ?? pubsub
    eventTopics = try reader.topics("EVENT_TOPICS") ?? eventTopics
    retentionDays = try reader.integer("GDPR_RETENTION_DAYS", 1...1000) ?? retentionDays
    logLevel = try reader.choice("LOG_LEVEL") ?? logLevel
    logFormat = try reader.choice("LOG_FORMAT") ?? logFormat
    let sidecarPort = try reader.integer("DAPR_HTTP_PORT", 1...65_535) ?? 3500
    sidecar = try reader.endpoint("DAPR_HTTP_ENDPOINT") ?? "http://127.0.0.1:\(sidecarPort)"
  }
}

/// Reads single settings.
private struct SettingReader {
  let variables: [String: String]

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(BadSetting) -> Int? {
    guard let text = variables[name] else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw BadSetting(name: name, value: text, constraint: "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func choice<Choice: CaseIterable & RawRepresentable>(_ name: String) throws(BadSetting) -> Choice? where Choice.RawValue == String {
    guard let text = variables[name] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw BadSetting(name: name, value: text, constraint: "must be one of \(words)")
    }
    return choice
  }

  func componentName(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    guard text.utf8.allSatisfy(Self.isPlain) else {
      throw BadSetting(name: name, value: text, constraint: "must be a component's name: letters, digits, -, _ and .")
    }
    return text
  }

  func topics(_ name: String) throws(BadSetting) -> [String]? {
    guard let text = variables[name] else { return nil }
    let topics = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard topics.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isPlain) }), Set(topics).count == topics.count else {
      throw BadSetting(name: name, value: text, constraint: "must be different topic names, commas between them")
    }
    let own = [Topic.results, Topic.events, Topic.paths, Topic.deadLetters, Topic.retry]
    guard topics.allSatisfy({ !own.contains($0) }) else {
      throw BadSetting(name: name, value: text, constraint: "must not name a topic that the engine itself publishes to or subscribes")
    }
    return topics
  }

  func token(_ name: String) throws(BadSetting) -> String? {
    guard let text = variables[name] else { return nil }
    guard text.utf8.allSatisfy(Self.isVisible) else {
      throw BadSetting(name: name, value: nil, constraint: "must be visible ASCII characters, as it goes into a header")
    }
    return text
  }

  func endpoint(_ name: String) throws(BadSetting) -> String? {
    guard var text = variables[name] else { return nil }
    while text.hasSuffix("/") { text.removeLast() }
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix), text.utf8.allSatisfy(Self.isVisible),
      Self.isAuthority(text.dropFirst(scheme.count).prefix { $0 != "/" })
    else { throw BadSetting(name: name, value: variables[name], constraint: "must be an address, http://host:port") }
    return text
  }

  /// A host, perhaps an IPv6 address in brackets, and perhaps a port.
  private static func isAuthority(_ text: Substring) -> Bool {
    let host = text.hasPrefix("[") ? text.prefix { $0 != "]" } + "]" : text.prefix { $0 != ":" }
    guard text.hasPrefix(host), host.contains(where: { !"[]".contains($0) }) else { return false }
    let port = text.dropFirst(host.count)
    return port.isEmpty || (port.hasPrefix(":") && UInt16(port.dropFirst()).map { $0 > 0 } ?? false)
  }

  private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
  }
}
