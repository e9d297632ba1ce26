/// A setting as shown in help texts.
public struct SettingDescription: Sendable, Hashable {
  /// The environment variable.
  public let name: String
  /// The default value.
  public let standard: String
  /// The meaning.
  public let meaning: String
}

extension Configuration {
  /// The settings read from the environment, with their defaults and meanings.
  public static let settings: [SettingDescription] = [
    SettingDescription(name: "ENVIRONMENT", standard: "production", meaning: "production, staging or development"),
    SettingDescription(name: "JWT_SECRET", standard: "", meaning: "the secret of HS256 tokens, at least 32 bytes in production"),
    SettingDescription(
      name: "JWT_JWKS", standard: "",
      meaning: "the public keys of RS256, PS256 and ES256 tokens: a JWK set, the path of its file, or dapr:name/path of an HTTPEndpoint"),
    SettingDescription(name: "JWT_ISSUER", standard: "", meaning: "who must have made a token, its `iss`; anybody when empty"),
    SettingDescription(name: "JWT_AUDIENCE", standard: "", meaning: "whom a token must be for, in its `aud`; anybody when empty"),
    SettingDescription(
      name: "JWT_SUBJECT_CLAIM", standard: "sub", meaning: "the claim with who asks, for a student the student id; a path such as a.b"),
    SettingDescription(name: "JWT_ROLE_CLAIM", standard: "role", meaning: "the claim with the role, or a list of roles"),
    SettingDescription(name: "JWT_STUDENTS_CLAIM", standard: "students", meaning: "the claim with the students of a teacher"),
    SettingDescription(name: "JWT_SCHOOL_CLAIM", standard: "school_id", meaning: "the claim with the school"),
    SettingDescription(
      name: "JWT_ROLES", standard: "",
      meaning: "words for roles, Learner=student,Instructor=teacher; of several the most powerful counts; when empty the roles' own names"),
    SettingDescription(
      name: "APP_HOST", standard: "::",
      meaning: "the address to listen on: all of IPv6 and IPv4, 0.0.0.0 for all of IPv4, or one address; in development 127.0.0.1 unless "
        + "it is given, as requests without a token are let in"),
    SettingDescription(name: "APP_PORT", standard: "8005", meaning: "the port to serve on, 1 to 65535"),
    SettingDescription(name: "DAPR_HTTP_ENDPOINT", standard: "", meaning: "the sidecar's address, http://host:port"),
    SettingDescription(name: "DAPR_HTTP_PORT", standard: "3500", meaning: "the sidecar's port on this host, where no endpoint is given"),
    SettingDescription(name: "DAPR_API_TOKEN", standard: "", meaning: "the token that the sidecar asks for"),
    SettingDescription(name: "APP_API_TOKEN", standard: "", meaning: "the token that the sidecar brings along; required in production"),
    SettingDescription(name: "SECRET_STORE_NAME", standard: "", meaning: "the name of the secret store component; none when empty"),
    SettingDescription(name: "STATE_STORE_NAME", standard: "statestore", meaning: "the name of the state store component"),
    SettingDescription(
      name: "PUBSUB_NAME", standard: "pubsub", meaning: "the name of the pub/sub component of events, results and dead letters"),
    SettingDescription(
      name: "OWN_PUBSUB_NAME", standard: "",
      meaning: "the name of the pub/sub component of the engine's own topics, on the same brokers; PUBSUB_NAME when empty"),
    SettingDescription(
      name: "EVENT_TOPICS", standard: Configuration().eventTopics.joined(separator: ","), meaning: "the topics that events come in on"),
    SettingDescription(
      name: "EVENT_PUBSUB_NAMES", standard: "",
      meaning:
        "topics of EVENT_TOPICS with a pub/sub component of their own, on the same brokers, learning.quiz=pubsub-quiz; the others use "
        + "PUBSUB_NAME"),
    SettingDescription(
      name: "AVRO_TOPICS", standard: "",
      meaning:
        "topics whose messages are in Avro, commas between them: of EVENT_TOPICS, or \(Topic.ofOthers.joined(separator: ", "))"),
    SettingDescription(
      name: "AVRO_PUBSUB_NAME", standard: "",
      meaning:
        "the name of the pub/sub component of AVRO_TOPICS, of no other topics, on the same brokers; of type `pubsub.kafka`, and it knows the schema registry"
    ),
    SettingDescription(
      name: "EVENT_BATCH", standard: "\(Configuration().eventBatch)", meaning: "most events of one delivery, 1 to 10000"),
    SettingDescription(
      name: "EVENT_BATCH_WAIT", standard: "\(Configuration().eventBatchWait)",
      meaning: "milliseconds that the sidecar gathers events before it delivers what it has, 1 to 10000"),
    SettingDescription(name: "GDPR_RETENTION_DAYS", standard: "90", meaning: "days that data lives from its last write on, 1 to 1000"),
    SettingDescription(
      name: "TIME_ZONE", standard: "UTC", meaning: "the time zone whose midnight divides days, such as Europe/Berlin"),
    SettingDescription(
      name: "SCHOOL_TIME_ZONES", standard: "", meaning: "schools with a time zone of their own, a=Asia/Tokyo,b=America/Los_Angeles"),
    SettingDescription(
      name: "SCORING", standard: "latest",
      meaning: "what the days of a topic come to for quiz and quality: latest, decaying_average or highest"),
    SettingDescription(
      name: "MINIMUM_GROUP", standard: "10",
      meaning: "the smallest group whose average, median and ranking a student may see, 1 to 1000 students"),
    SettingDescription(name: "RATE_LIMIT_ENABLED", standard: "true", meaning: "whether callers are limited, true or false"),
    SettingDescription(
      name: "RATE_LIMIT_SERVICE", standard: "", meaning: "by what services' limits are multiplied, 1 to 1000; unlimited when empty"),
    SettingDescription(
      name: "MAX_CONCURRENT_REQUESTS", standard: "1024", meaning: "requests worked on at one time, 1 to 100000; more are answered 503"),
    SettingDescription(
      name: "CORS_ALLOWED_ORIGINS", standard: "", meaning: "origins whose web pages may ask, https://host:port, commas between them"),
    SettingDescription(
      name: "TLS_CERTIFICATE", standard: "", meaning: "the certificate chain, PEM text or the path of its file; without TLS when empty"),
    SettingDescription(name: "TLS_PRIVATE_KEY", standard: "", meaning: "the certificate's key, PEM text or the path of its file"),
    SettingDescription(name: "LOG_LEVEL", standard: "info", meaning: "debug, info, warning or error"),
    SettingDescription(name: "LOG_FORMAT", standard: "json", meaning: "json or text"),
    SettingDescription(
      name: "OTEL_EXPORTER_OTLP_ENDPOINT", standard: "",
      meaning: "the collector that spans are sent to, http://host:port, by OTLP over HTTP as JSON; none are sent when empty"),
    SettingDescription(
      name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", standard: "",
      meaning: "the same as a whole address, http://host:port/path, instead of the path v1/traces below the former"),
    SettingDescription(
      name: "OTEL_EXPORTER_OTLP_HEADERS", standard: "",
      meaning: "headers that the collector asks for, name=value, percent-encoded, commas between them; secret"),
    SettingDescription(
      name: "OTEL_RESOURCE_ATTRIBUTES", standard: "",
      meaning: "what spans say of the process beside name, version and id, name=value, percent-encoded, commas between them"),
    SettingDescription(name: "OTEL_SERVICE_NAME", standard: "mastery-engine", meaning: "the name of the service in its spans"),
  ]

  /// Reads the settings from environment variables; an empty one counts as missing.
  ///
  /// - Parameter variables: Names and values.
  /// - Throws: `BadSetting` naming the first invalid variable.
  public init(environment variables: [String: String]) throws(BadSetting) {
    self.init()
    let reader = SettingReader(variables: variables.filter { !$0.value.isEmpty })
    environment = try reader.choice("ENVIRONMENT") ?? environment
    host = try reader.host("APP_HOST")
    port = UInt16(try reader.integer("APP_PORT", 1...65_535) ?? Int(port))
    sidecarToken = try reader.token("DAPR_API_TOKEN")
    appToken = try reader.token("APP_API_TOKEN")
    jwtSecret = reader.variables["JWT_SECRET"]
    jwtKeys = try reader.keys("JWT_JWKS")
    jwtIssuer = reader.variables["JWT_ISSUER"]
    jwtAudience = reader.variables["JWT_AUDIENCE"]
    claimNames = try reader.claimNames()
    secretStore = try reader.componentName("SECRET_STORE_NAME")
    limitsRates = try reader.truth("RATE_LIMIT_ENABLED") ?? limitsRates
    serviceRateFactor = try reader.integer("RATE_LIMIT_SERVICE", 1...1000)
    concurrentRequests = try reader.integer("MAX_CONCURRENT_REQUESTS", 1...100_000) ?? concurrentRequests
    allowedOrigins = try reader.origins("CORS_ALLOWED_ORIGINS") ?? allowedOrigins
    tls = try reader.tls()
    stateStore = try reader.componentName("STATE_STORE_NAME") ?? stateStore
    pubsub = try reader.componentName("PUBSUB_NAME") ?? pubsub
    ownPubsub = try reader.componentName("OWN_PUBSUB_NAME")
    eventTopics = try reader.topics("EVENT_TOPICS") ?? eventTopics
    let ownPubsub = ownPubsub == pubsub ? nil : ownPubsub
    eventPubsubs = try reader.components("EVENT_PUBSUB_NAMES", of: eventTopics, own: ownPubsub) ?? eventPubsubs
    if let avro = try reader.avro(beside: self) { (avroPubsub, avroTopics) = avro }
    eventBatch = try reader.integer("EVENT_BATCH", 1...10_000) ?? eventBatch
    eventBatchWait = try reader.integer("EVENT_BATCH_WAIT", 1...10_000) ?? eventBatchWait
    retentionDays = try reader.integer("GDPR_RETENTION_DAYS", 1...1000) ?? retentionDays
    calendars = try reader.calendars()
    scoring = try reader.choice("SCORING") ?? scoring
    minimumGroup = try reader.integer("MINIMUM_GROUP", 1...1000) ?? minimumGroup
    logLevel = try reader.choice("LOG_LEVEL") ?? logLevel
    logFormat = try reader.choice("LOG_FORMAT") ?? logFormat
    traceCollector = try reader.traceCollector()
    traceHeaders = try reader.traceHeaders("OTEL_EXPORTER_OTLP_HEADERS") ?? []
    resourceAttributes = try reader.resourceAttributes("OTEL_RESOURCE_ATTRIBUTES") ?? []
    serviceName = try reader.serviceName("OTEL_SERVICE_NAME") ?? resourceAttributes.last { $0.name == "service.name" }?.text ?? serviceName
    let sidecarPort = try reader.integer("DAPR_HTTP_PORT", 1...65_535) ?? 3500
    sidecar = try reader.endpoint("DAPR_HTTP_ENDPOINT") ?? "http://127.0.0.1:\(sidecarPort)"
  }
}
