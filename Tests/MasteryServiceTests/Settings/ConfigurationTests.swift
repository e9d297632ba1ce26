import Testing

@testable import MasteryService

@Suite("Settings from the environment")
struct ConfigurationTests {
  @Test("have the contract's defaults, also where a variable is empty")
  func defaults() throws {
    let empty = Dictionary(uniqueKeysWithValues: Configuration.settings.map { ($0.name, "") })
    for variables in [[:], empty] {
      let configuration = try Configuration(environment: variables)
      #expect(configuration == Configuration())
      #expect(configuration.environment == .production && configuration.port == 8005)
      #expect(configuration.sidecar == "http://127.0.0.1:3500")
      #expect(configuration.stateStore == "statestore" && configuration.pubsub == "pubsub")
      #expect(
        configuration.eventTopics == [
          "mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency",
        ])
      #expect(configuration.retentionDays == 90)
      #expect(configuration.logLevel == .info && configuration.logFormat == .json)
      #expect(configuration.sidecarToken == nil && configuration.appToken == nil)
    }
  }

  @Test("are read")
  func given() throws {
    let configuration = try Configuration(environment: [
      "ENVIRONMENT": "staging", "APP_PORT": "1", "DAPR_HTTP_PORT": "65535", "DAPR_API_TOKEN": "in", "APP_API_TOKEN": "out",
      "STATE_STORE_NAME": "my-store.1", "PUBSUB_NAME": "kafka_pubsub", "EVENT_TOPICS": "a,b.c", "GDPR_RETENTION_DAYS": "1000",
      "LOG_LEVEL": "warning", "LOG_FORMAT": "text", "PATH": "/bin", "UNRELATED": "\n",
    ])
    #expect(configuration.environment == .staging && configuration.port == 1)
    #expect(configuration.sidecar == "http://127.0.0.1:65535")
    #expect(configuration.sidecarToken == "in" && configuration.appToken == "out")
    #expect(configuration.stateStore == "my-store.1" && configuration.pubsub == "kafka_pubsub")
    #expect(configuration.eventTopics == ["a", "b.c"] && configuration.retentionDays == 1000)
    #expect(configuration.logLevel == .warning && configuration.logFormat == .text)
  }

  @Test(
    "take any address of a sidecar",
    arguments: [
      ("http://daprd:3500", "http://daprd:3500"), ("http://10.0.0.1:3500/", "http://10.0.0.1:3500"),
      ("https://dapr.example", "https://dapr.example"),
      ("http://[::1]:3500", "http://[::1]:3500"), ("http://dapr.example:65535/base", "http://dapr.example:65535/base"),
    ])
  func endpoint(_ given: String, _ expected: String) throws {
    #expect(try Configuration(environment: ["DAPR_HTTP_ENDPOINT": given, "DAPR_HTTP_PORT": "1"]).sidecar == expected)
  }

  private static let wrong: [(name: String, values: [String])] = [
    ("ENVIRONMENT", ["prod", "Production", " development", "prod\nuction"]),
    ("APP_PORT", ["0", "65536", "-1", "8005.0", "http", "8005 ", "1e3", "99999999999999999999"]),
    ("DAPR_HTTP_PORT", ["0", "65536", "x"]),
    (
      "DAPR_HTTP_ENDPOINT",
      [
        "daprd:3500", "http://", "ftp://daprd", "http:///", "http://dap rd", "http://:3500", "http://daprd:0", "http://daprd:65536",
        "http://daprd:http", "http://[::1", "http://daprd:3500:1", "http://d\u{e9}",
      ]
    ),
    ("DAPR_API_TOKEN", ["a b", "a\r\nX-Other: 1", "\u{e9}"]), ("APP_API_TOKEN", ["a\n"]),
    ("STATE_STORE_NAME", ["a b", "a/b", "\u{e9}"]), ("PUBSUB_NAME", ["a b", "a?b"]),
    ("EVENT_TOPICS", [",", "a,", "a,,b", "a,a", "a b", "mastery.results", "mastery.dlq,a", "mastery.retry", "mastery.events"]),
    ("GDPR_RETENTION_DAYS", ["0", "1001", "-90", "ninety", "90d"]), ("LOG_LEVEL", ["trace", "INFO"]), ("LOG_FORMAT", ["xml"]),
  ]

  @Test(
    "that are bad stop the start with one line that names them",
    arguments: wrong.flatMap { name, values in values.map { [name, $0] } })
  func refused(_ pair: [String]) throws {
    let (name, value) = (pair[0], pair[1])
    let failure = #expect(throws: BadSetting.self) { try Configuration(environment: [name: value]) }
    let line = try #require(failure).description
    #expect(line.hasPrefix(name) && !line.contains { $0.isNewline } && line.utf8.count < 500)
    let isSecret = name.hasSuffix("TOKEN")
    if isSecret { #expect(!line.contains(value)) }
  }

  @Test("are all described, each once")
  func described() {
    let names = Configuration.settings.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(Self.wrong.map(\.name)) == Set(names))
    #expect(Configuration.settings.allSatisfy { !$0.meaning.isEmpty })
  }
}
