import DaprClient
import MasteryCore
import Testing
import Tracing

@testable import MasteryService

@Suite("Settings from the environment")
struct ConfigurationTests {
  @Test("Settings have the contract's defaults, even if a variable is empty")
  func defaults() throws {
    let empty = Dictionary(uniqueKeysWithValues: Configuration.settings.map { ($0.name, "") })
    for variables in [[:], empty] {
      let configuration = try Configuration(environment: variables)
      #expect(configuration == Configuration())
      #expect(configuration.environment == .production && configuration.port == 8005)
      #expect(configuration.sidecar == "http://127.0.0.1:3500")
      #expect(configuration.stateStore == "statestore" && configuration.pubsub == "pubsub" && configuration.ownPubsub == nil)
      #expect(configuration.eventPubsubs.isEmpty && configuration.avroTopics.isEmpty && configuration.avroPubsub == nil)
      #expect(configuration.eventBatch == 2_000 && configuration.eventBatchWait == 250)
      #expect(
        configuration.eventTopics == [
          "mastery.requests", "learning.completion", "learning.quiz", "learning.quality", "learning.consistency",
        ])
      #expect(configuration.retentionDays == 90)
      #expect(configuration.logLevel == .info && configuration.logFormat == .json)
      #expect(configuration.sidecarToken == nil && configuration.appToken == nil)
    }
  }

  @Test("Settings are read from the environment")
  func given() throws {
    let configuration = try Configuration(environment: [
      "ENVIRONMENT": "staging", "APP_PORT": "1", "DAPR_HTTP_PORT": "65535", "DAPR_API_TOKEN": "in", "APP_API_TOKEN": "out",
      "STATE_STORE_NAME": "my-store.1", "PUBSUB_NAME": "kafka_pubsub", "EVENT_TOPICS": "a,b.c", "GDPR_RETENTION_DAYS": "1000",
      "LOG_LEVEL": "warning", "LOG_FORMAT": "text", "JWT_SECRET": "s e c r e t", "JWT_ISSUER": "https://issuer", "JWT_AUDIENCE": "us",
      "SECRET_STORE_NAME": "vault", "RATE_LIMIT_ENABLED": "false", "RATE_LIMIT_SERVICE": "20", "MAX_CONCURRENT_REQUESTS": "7",
      "JWT_SUBJECT_CLAIM": "email", "JWT_ROLE_CLAIM": "realm_access.roles", "JWT_STUDENTS_CLAIM": "https://school.example/students",
      "JWT_SCHOOL_CLAIM": "tenant", "JWT_ROLES": "Learner=student, urn:role?a=b=teacher",
      "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4318/", "OTEL_SERVICE_NAME": "school/mastery", "OWN_PUBSUB_NAME": "kafka_own",
      "EVENT_PUBSUB_NAMES": "b.c=kafka_b.c, a = kafka_pubsub", "MINIMUM_GROUP": "3", "EVENT_BATCH": "10000", "EVENT_BATCH_WAIT": "1",
      "CORS_ALLOWED_ORIGINS": "https://a.example, http://localhost:3000", "PATH": "/bin", "UNRELATED": "\n",
    ])
    #expect(configuration.environment == .staging && configuration.port == 1)
    #expect(configuration.sidecar == "http://127.0.0.1:65535")
    #expect(configuration.sidecarToken == "in" && configuration.appToken == "out")
    #expect(configuration.stateStore == "my-store.1" && configuration.pubsub == "kafka_pubsub")
    #expect(configuration.ownPubsub == "kafka_own" && configuration.eventBatch == 10_000 && configuration.eventBatchWait == 1)
    #expect(configuration.eventPubsubs == ["a": "kafka_pubsub", "b.c": "kafka_b.c"])
    #expect(configuration.eventTopics == ["a", "b.c"] && configuration.retentionDays == 1000)
    #expect(configuration.logLevel == .warning && configuration.logFormat == .text)
    #expect(configuration.jwtSecret == "s e c r e t" && configuration.jwtIssuer == "https://issuer" && configuration.jwtAudience == "us")
    #expect(configuration.claimNames.subject == "email" && configuration.claimNames.role == "realm_access.roles")
    #expect(configuration.claimNames.students == "https://school.example/students" && configuration.claimNames.school == "tenant")
    #expect(configuration.claimNames.roleWords.map(\.word) == ["Learner", "urn:role?a=b"])
    #expect(configuration.claimNames.roleWords.map(\.role) == [.student, .teacher])
    #expect(configuration.secretStore == "vault" && !configuration.limitsRates && configuration.serviceRateFactor == 20)
    #expect(configuration.traceCollector == "https://collector:4318/v1/traces" && configuration.serviceName == "school/mastery")
    #expect(configuration.concurrentRequests == 7 && configuration.minimumGroup == 3)
    #expect(configuration.allowedOrigins == ["https://a.example", "http://localhost:3000"])
  }

  @Test("Settings accept words in upper and lower case", arguments: [("DEBUG", "True"), ("Debug", "TRUE"), ("debug", "tRuE")])
  func either(_ level: String, _ truth: String) throws {
    let given = ["LOG_LEVEL": level, "LOG_FORMAT": level == "DEBUG" ? "TEXT" : "Text", "ENVIRONMENT": "Staging"]
    let configuration = try Configuration(environment: given.merging(["RATE_LIMIT_ENABLED": truth]) { $1 })
    #expect(configuration.logLevel == .debug && configuration.logFormat == .text && configuration.environment == .staging)
    #expect(configuration.limitsRates)
    #expect(try !Configuration(environment: ["RATE_LIMIT_ENABLED": "False"]).limitsRates)
  }

  @Test(
    "Settings accept any address of a sidecar",
    arguments: [
      ("http://daprd:3500", "http://daprd:3500"), ("http://10.0.0.1:3500/", "http://10.0.0.1:3500"),
      ("https://dapr.example", "https://dapr.example"),
      ("http://[::1]:3500", "http://[::1]:3500"), ("http://dapr.example:65535/base", "http://dapr.example:65535/base"),
    ])
  func endpoint(_ given: String, _ expected: String) throws {
    #expect(try Configuration(environment: ["DAPR_HTTP_ENDPOINT": given, "DAPR_HTTP_PORT": "1"]).sidecar == expected)
  }

  private static let wrong: [(name: String, values: [String])] = [
    ("ENVIRONMENT", ["prod", " development", "prod\nuction"]),
    ("APP_HOST", ["localhost", "0.0.0.0:80", "1.2.3", "256.0.0.1", "[::1", "::g", " 127.0.0.1", "127.0.0.1,::1", "::%lo"]),
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
    ("OWN_PUBSUB_NAME", ["a b", "a/b"]), ("EVENT_BATCH", ["0", "10001", "many", "-1"]), ("EVENT_BATCH_WAIT", ["0", "10001", "1s", "0.5"]),
    ("EVENT_TOPICS", [",", "a,", "a,,b", "a,a", "a b", "mastery.dlq,a"] + Topic.reserved),
    (
      "EVENT_PUBSUB_NAMES",
      [
        "learning.quiz", "learning.quiz=", "=pubsub-quiz", "learning.quiz=a b", "learning.quiz=a/b", "learning.quiz=a,", ",", "other=a",
        "mastery.dlq=a", "learning.quiz=a,learning.quiz=b", "learning.quiz=a=b",
      ]
    ),
    (
      "AVRO_TOPICS",
      [",", "learning.quiz,", "learning.quiz,learning.quiz", "other"] + Topic.reserved.filter { !Topic.ofOthers.contains($0) }
    ),
    ("AVRO_PUBSUB_NAME", ["a b", "a/b"]),
    ("SCORING", ["mean", "latest "]), ("GDPR_RETENTION_DAYS", ["0", "1001", "-90", "ninety", "90d"]),
    ("LOG_LEVEL", ["trace", "WARN ING", "info "]), ("LOG_FORMAT", ["xml"]),
    (
      "JWT_JWKS",
      [
        "/nowhere/keys.json", "/", "{", "{}", #"{"keys":[]}"#, #"{"keys":{}}"#, #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#, "[]", "dapr:",
        "dapr:idp",
        "dapr:idp/", "dapr:/jwks", "dapr:idp//jwks", "dapr:i d/jwks", "dapr:https://idp.example/jwks", "https://idp.example/jwks",
        "http://idp/jwks",
      ]
    ),
    ("SECRET_STORE_NAME", ["a b", "a/b"]), ("RATE_LIMIT_ENABLED", ["yes", "1", "true "]),
    ("JWT_SUBJECT_CLAIM", ["a b", ".sub", "sub.", "a..b", "ü", String(repeating: "s", count: 256)]), ("JWT_ROLE_CLAIM", ["ro\nle"]),
    ("JWT_STUDENTS_CLAIM", [" "]), ("JWT_SCHOOL_CLAIM", ["."]),
    ("JWT_ROLES", ["Learner", "Learner=pupil", "=student", "Learner=student,", "Learner=student,Learner=teacher", "Learner=Student"]),
    ("TIME_ZONE", ["Europe", "Europe/Atlantis", "+02:00", "Europe/Berlin ", "../etc/passwd", "utc+1"]),
    ("SCHOOL_TIME_ZONES", ["a", "a=", "=Asia/Tokyo", "a=Nowhere", "a=Asia/Tokyo,", "a=Asia/Tokyo,a=Asia/Seoul", "a b=Asia/Tokyo"]),
    ("MINIMUM_GROUP", ["0", "1001", "ten"]), ("RATE_LIMIT_SERVICE", ["0", "1001", "2.5", "-1"]),
    ("MAX_CONCURRENT_REQUESTS", ["0", "100001", "many"]),
    (
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      ["collector:4318", "grpc://collector:4317", "http://", "http://col lector", "http://c:0", "http://c\r\n"]
    ),
    (
      "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
      ["collector:4318/v1/traces", "grpc://collector:4317", "http://?key=s3cr3t-key", "http://c:0/v1", "http://c/ v1", "http://c/#v1"]
    ),
    (
      "OTEL_EXPORTER_OTLP_HEADERS",
      [
        "s3cr3t-key", "=s3cr3t-key", "api-key=s3cr3t-key,", "api-key=s3cr3t-key,API-Key=s3cr3t-key2", "api key=s3cr3t-key",
        "api-key=s3cr3t-key%0D%0AX-Other:%201", "api-key=s3cr3t-key%", "api-key=s3cr3t-key%2", "api-key=s3cr3t-key%zz",
        "api-key=s3cr3t-key%C3", "api-key=s3cr3t-key%C3%A9", "content-type=s3cr3t-key", "Host=s3cr3t-key",
      ]
    ),
    ("OTEL_RESOURCE_ATTRIBUTES", ["a", "a=b,", "=b", "a=b,a=c", "a b=c", "a=%", "a=%FF", "a=b;c=d,e"]),
    ("OTEL_SERVICE_NAME", ["mastery engine", "a\n", "\u{e9}", String(repeating: "s", count: 256)]),
    (
      "CORS_ALLOWED_ORIGINS",
      ["*", "app.example", "https://", "https://app.example/", "https://a.example,,https://b.example", "https://a.example b", "null", ","]
    ),
  ]

  @Test(
    "A bad setting stops the start with one line that names it", arguments: wrong.flatMap { name, values in values.map { [name, $0] } })
  func refused(_ pair: [String]) throws {
    let (name, value) = (pair[0], pair[1])
    let failure = #expect(throws: BadSetting.self) { try Configuration(environment: [name: value]) }
    let line = try #require(failure).description
    #expect(line.hasPrefix(name) && !line.contains { $0.isNewline } && line.utf8.count < 500)
    let isSecret =
      name.hasSuffix("TOKEN") || ["JWT_SECRET", "JWT_JWKS"].contains(name) || name.hasSuffix("KEY") || name.hasSuffix("HEADERS")
    #expect(!line.contains("s3cr3t"))
    if isSecret { #expect(!line.contains(", got ") && (value.utf8.count < 8 || !line.contains(value))) }
  }

  @Test(
    "Spans go below the address for everything, or to the one for traces as it is",
    arguments: [
      (nil, nil, nil), ("http://c:4318", nil, "http://c:4318/v1/traces"), ("http://c:4318/otlp/", nil, "http://c:4318/otlp/v1/traces"),
      (nil, "https://c/v1/traces", "https://c/v1/traces"), ("http://c:4318", "http://d:1/mine/?key=a%20b", "http://d:1/mine/?key=a%20b"),
      (nil, "http://[::1]:4318", "http://[::1]:4318"), (nil, "http://c?key=1", "http://c?key=1"),
    ] as [(String?, String?, String?)])
  func traceCollector(common: String?, traces: String?, expected: String?) throws {
    var variables: [String: String] = [:]
    variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = common
    variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = traces
    #expect(try Configuration(environment: variables).traceCollector == expected)
  }

  @Test(
    "Headers of spans are a list with percent-encoded values",
    arguments: [
      ("api-key=abc", [["api-key", "abc"]]),
      (" api-key = a=b== , x-tenant=north%20west%2C%25 ", [["api-key", "a=b=="], ["x-tenant", "north west,%"]]),
      ("Authorization=Basic%20dXNlcjpwYXNz", [["Authorization", "Basic dXNlcjpwYXNz"]]), ("empty=", [["empty", ""]]),
      ("authorization=Bearer a+b", [["authorization", "Bearer a+b"]]),
    ])
  func traceHeaders(text: String, expected: [[String]]) throws {
    let headers = try Configuration(environment: ["OTEL_EXPORTER_OTLP_HEADERS": text]).traceHeaders
    #expect(headers.map { [$0.name, $0.text] } == expected)
  }

  @Test("Spans name the service, its version and an id of the process, and what the settings say beside")
  func resource() throws {
    let runtime = Runtime(now: { Timestamp(milliseconds: 0) }, sleep: { _ in }, random: { .max })
    func resource(_ variables: [String: String]) throws -> [String: Span.Value] {
      let attributes = try Configuration(environment: variables).resource(runtime)
      #expect(Set(attributes.map(\.name)).count == attributes.count)
      return Dictionary(attributes.map { ($0.name, $0.value) }) { first, _ in first }
    }
    let version = Span.Value.text(ServiceVersion.current)
    // A version 4 UUID has six fixed bits, RFC 9562, 5.4.
    let drawn = Span.Value.text("ffffffff-ffff-4fff-bfff-ffffffffffff")
    #expect(try resource([:]) == ["service.name": .text("mastery-engine"), "service.version": version, "service.instance.id": drawn])
    let given = "service.name=theirs,service.version=9, k8s.pod.name = a%2Cb ,service.namespace=sch%C3%B6n"
    var expected: [String: Span.Value] = [
      "service.name": .text("theirs"), "service.version": version, "service.instance.id": drawn, "k8s.pod.name": .text("a,b"),
      "service.namespace": .text("schön"),
    ]
    #expect(try resource(["OTEL_RESOURCE_ATTRIBUTES": given]) == expected)
    expected["service.name"] = .text("ours")
    expected["service.instance.id"] = .text("pod-1")
    let both = ["OTEL_RESOURCE_ATTRIBUTES": given + ",service.instance.id=pod-1", "OTEL_SERVICE_NAME": "ours"]
    #expect(try resource(both) == expected)
  }

  @Test("EVENT_TOPICS refuses each topic that the engine publishes to or consumes by itself")
  func ownTopics() {
    let own = [
      "mastery.results", "mastery.events", "learning.path.recommended", "mastery.dlq", "mastery.retry", "mastery.standings",
      "mastery.erasures", "mastery.erased", "mastery.batch.high", "mastery.batch.normal", "mastery.batch.low",
    ]
    #expect(Set(own).isSubset(of: Topic.reserved))
    for topic in own {
      #expect(throws: BadSetting.self, "\(topic)") { try Configuration(environment: ["EVENT_TOPICS": "learning.quiz,\(topic)"]) }
    }
  }

  @Test("An event topic may use the shared component or one of its own, and never that of the engine's own topics")
  func eventComponents() throws {
    func components(_ names: String, own: String) throws -> BrokerComponents {
      try Configuration(environment: ["EVENT_PUBSUB_NAMES": names, "OWN_PUBSUB_NAME": own]).broker
    }
    let failure = #expect(throws: BadSetting.self) { try components("learning.quiz=pubsub-own", own: "pubsub-own") }
    #expect(try #require(failure).description.contains("OWN_PUBSUB_NAME"))
    #expect(try components("learning.quiz=pubsub", own: "pubsub").component(of: "learning.quiz") == "pubsub")
    let spread = try components("learning.quiz=pubsub-quiz,mastery.requests=pubsub-quiz", own: "pubsub-own")
    #expect(["learning.quiz", "mastery.requests"].allSatisfy { spread.component(of: $0) == "pubsub-quiz" })
    for topic in ["learning.completion", "mastery.results", "mastery.dlq", "mastery.probe"] {
      #expect(spread.component(of: topic) == "pubsub", "\(topic)")
    }
    for topic in ["mastery.retry", "mastery.standings", "mastery.probe.own"] { #expect(spread.component(of: topic) == "pubsub-own") }
  }

  @Test("Topics in Avro have a component of their own, whether events come in over them or results go out")
  func avroTopics() throws {
    let configuration = try Configuration(
      environment: [
        "AVRO_TOPICS": "learning.quiz, mastery.results,mastery.erased", "AVRO_PUBSUB_NAME": "pubsub-avro", "OWN_PUBSUB_NAME": "pubsub-own",
        "EVENT_PUBSUB_NAMES": "learning.quality=pubsub-quality",
      ])
    #expect(
      configuration.avroTopics == ["learning.quiz", "mastery.results", "mastery.erased"] && configuration.avroPubsub == "pubsub-avro")
    let broker = configuration.broker
    for topic in configuration.avroTopics { #expect(broker.component(of: topic) == "pubsub-avro" && broker.isAvro(topic)) }
    for (topic, component) in [
      ("learning.quality", "pubsub-quality"), ("mastery.requests", "pubsub"), ("mastery.dlq", "pubsub"), ("mastery.retry", "pubsub-own"),
    ] {
      #expect(broker.component(of: topic) == component && !broker.isAvro(topic))
    }
    #expect(configuration.jsonEventTopics == ["mastery.requests", "learning.completion", "learning.quality", "learning.consistency"])
  }

  /// Settings of Avro that do not go together, and the one that is named.
  private static let avroConflicts: [(variables: [String: String], named: String)] = [
    (["AVRO_TOPICS": "learning.quiz"], "AVRO_PUBSUB_NAME"), (["AVRO_PUBSUB_NAME": "a"], "AVRO_TOPICS"),
    (["AVRO_TOPICS": "learning.quiz", "AVRO_PUBSUB_NAME": "pubsub"], "AVRO_PUBSUB_NAME"),
    (["AVRO_TOPICS": "learning.quiz", "AVRO_PUBSUB_NAME": "own", "OWN_PUBSUB_NAME": "own"], "AVRO_PUBSUB_NAME"),
    (
      ["AVRO_TOPICS": "learning.quiz", "AVRO_PUBSUB_NAME": "q", "EVENT_PUBSUB_NAMES": "learning.quality=q"], "AVRO_PUBSUB_NAME"
    ),
    (["AVRO_TOPICS": "learning.quiz", "AVRO_PUBSUB_NAME": "a", "EVENT_PUBSUB_NAMES": "learning.quiz=q"], "AVRO_TOPICS"),
    (["AVRO_TOPICS": "learning.quiz", "AVRO_PUBSUB_NAME": "a", "EVENT_TOPICS": "events"], "AVRO_TOPICS"),
  ]

  @Test("Settings of Avro that do not go together are refused by name", arguments: avroConflicts.indices)
  func avroConflict(_ index: Int) throws {
    let (variables, named) = Self.avroConflicts[index]
    let failure = try #require(throws: BadSetting.self) { try Configuration(environment: variables) }
    #expect(failure.name == named, "\(failure.description)")
  }

  @Test("The TLS settings go together, and are PEM texts or files with them")
  func tls() throws {
    let text = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
    let both = try Configuration(environment: ["TLS_CERTIFICATE": text, "TLS_PRIVATE_KEY": text]).tls
    #expect(both?.certificate == text && both?.privateKey == text)
    for (variables, named) in [
      (["TLS_CERTIFICATE": text], "TLS_PRIVATE_KEY"), (["TLS_PRIVATE_KEY": text], "TLS_CERTIFICATE"),
      (["TLS_CERTIFICATE": "/nowhere.pem", "TLS_PRIVATE_KEY": text], "TLS_CERTIFICATE"),
      (["TLS_CERTIFICATE": text, "TLS_PRIVATE_KEY": "s3cr3t"], "TLS_PRIVATE_KEY"),
    ] {
      let failure = try #require(throws: BadSetting.self) { try Configuration(environment: variables) }
      #expect(failure.description.hasPrefix(named) && !failure.description.contains("s3cr3t"))
    }
  }

  /// The missing secrets by environment; a secret of 32 bytes is long enough.
  private static let incomplete: [(variables: [String: String], missing: String?)] = [
    ([:], "JWT_SECRET"), (["ENVIRONMENT": "production"], "JWT_SECRET"), (["ENVIRONMENT": "staging"], "JWT_SECRET"),
    (["JWT_SECRET": secret], "APP_API_TOKEN"), (["APP_API_TOKEN": "t"], "JWT_SECRET"),
    (["JWT_SECRET": String(secret.dropLast()), "APP_API_TOKEN": "t"], "JWT_SECRET"), (["JWT_SECRET": secret, "APP_API_TOKEN": "t"], nil),
    (["JWT_JWKS": TokenSamples.all.keys, "APP_API_TOKEN": "t"], nil),
    (["JWT_JWKS": TokenSamples.all.keys, "JWT_SECRET": "short", "APP_API_TOKEN": "t"], "JWT_SECRET"),
    (["ENVIRONMENT": "staging", "JWT_SECRET": "short"], nil), (["ENVIRONMENT": "development"], nil),
    (["ENVIRONMENT": "development", "JWT_SECRET": "short"], nil),
  ]
  private static let secret = String(repeating: "x", count: 32)

  @Test("Secret settings may be missing in development only, and must be long in production", arguments: incomplete.indices)
  func secrets(_ index: Int) throws {
    let (variables, missing) = Self.incomplete[index]
    let configuration = try Configuration(environment: variables)
    guard let missing else { return try configuration.checkSecrets() }
    let failure = try #require(throws: BadSetting.self) { try configuration.checkSecrets() }
    #expect(failure.description.hasPrefix(missing) && !failure.description.contains("xxx"))
  }

  @Test("Development has a default secret that no other environment accepts")
  func developmentSecret() throws {
    #expect(try Configuration(environment: ["ENVIRONMENT": "development"]).tokenSecret == Configuration.developmentSecret)
    #expect(try Configuration(environment: ["ENVIRONMENT": "development", "JWT_SECRET": "own"]).tokenSecret == "own")
    #expect(try Configuration(environment: ["ENVIRONMENT": "development", "JWT_JWKS": TokenSamples.all.keys]).tokenSecret == nil)
    for name in ["staging", "production"] { #expect(try Configuration(environment: ["ENVIRONMENT": name]).tokenSecret == nil) }
  }

  @Test("All settings are described, each once")
  func described() {
    let names = Configuration.settings.map(\.name)
    #expect(Set(names).count == names.count)
    // Any text is valid for the first three; the last two go together and have a test of their own.
    let free: Set = ["JWT_SECRET", "JWT_ISSUER", "JWT_AUDIENCE", "TLS_CERTIFICATE", "TLS_PRIVATE_KEY"]
    #expect(Set(Self.wrong.map(\.name)).union(free) == Set(names))
    #expect(Configuration.settings.allSatisfy { !$0.meaning.isEmpty })
  }

  @Test("APP_HOST is used as given, and without it development listens only on this machine")
  func host() throws {
    for (environment, host, listening, isLocal) in [
      ("development", nil, "127.0.0.1", true), ("development", "0.0.0.0", "0.0.0.0", false),
      ("development", "127.0.0.2", "127.0.0.2", true),
      ("staging", nil, "::", false), ("production", nil, "::", false), ("production", "0.0.0.0", "0.0.0.0", false),
      ("production", "[::]", "::", false),
      ("production", "::1", "::1", true),
    ] as [(String, String?, String, Bool)] {
      var variables = ["ENVIRONMENT": environment]
      variables["APP_HOST"] = host
      let configuration = try Configuration(environment: variables)
      #expect(configuration.listeningHost == listening && configuration.isLocal == isLocal)
    }
  }
}
