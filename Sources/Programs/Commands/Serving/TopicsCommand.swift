internal import MasteryService

/// `topics`: says which topics the service needs, in a form that creates them.
struct TopicsCommand: Command {
  /// A form of the list.
  private enum Format: String, CaseIterable {
    case kafka, strimzi
  }

  static let usage = Usage(
    command: "topics",
    purpose: "Shows the topics that the service publishes and subscribes to, in a form that creates them; the settings come from the "
      + "environment.",
    options: [
      .init("format", "NAME", "kafka, calls of kafka-topics.sh, or strimzi, resources for kubectl (kafka)"),
      .init("server", "HOST:PORT", "with kafka: a broker (localhost:9092)"),
      .init("namespace", "NAME", "with strimzi: where the resources belong (learnflow)"),
      .init("cluster", "NAME", "with strimzi: the Kafka cluster (kafka)"),
    ])

  private let format: Format
  private let server: String
  private let namespace: String
  private let cluster: String

  init(_ arguments: CallArguments) throws(CommandFailure) {
    let name = arguments.options["format"] ?? Format.kafka.rawValue
    guard let format = Format(rawValue: name) else {
      throw .wrongCall("--format must be \(Format.allCases.map(\.rawValue).joined(separator: " or ")), got \"\(name)\"")
    }
    self.format = format
    server = try Self.word("server", arguments) ?? "localhost:9092"
    namespace = try Self.word("namespace", arguments) ?? "learnflow"
    cluster = try Self.word("cluster", arguments) ?? "kafka"
  }

  /// A value that needs no quotes in a shell or in YAML.
  private static func word(_ name: String, _ arguments: CallArguments) throws(CommandFailure) -> String? {
    guard let text = arguments.options[name] else { return nil }
    guard text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9.:,_-]*/) != nil else {
      throw .wrongCall("--\(name) must be letters, digits and any of .:,_-, got \"\(text)\"")
    }
    return text
  }

  func run() async throws(CommandFailure) {
    let topics = KafkaTopic.all(try ServeCommand.read(SystemEnvironment.settings))
    switch format {
    case .kafka: for topic in topics { Terminal.say(creation(of: topic)) }
    case .strimzi: Terminal.say(topics.map(resource).joined(separator: "\n---\n"))
    }
  }

  private func creation(of topic: KafkaTopic) -> String {
    "kafka-topics.sh --bootstrap-server \(server) --create --if-not-exists --topic \(topic.name) --partitions \(topic.partitions) "
      + "--replication-factor \(topic.replicas)" + topic.settings.map { " --config \($0.name)=\($0.value)" }.joined()
      + "  # key: \(topic.key.rawValue)"
  }

  private func resource(of topic: KafkaTopic) -> String {
    """
    # Key: \(topic.key.rawValue).
    apiVersion: kafka.strimzi.io/v1
    kind: KafkaTopic
    metadata:
      name: \(topic.name)
      namespace: \(namespace)
      labels:
        strimzi.io/cluster: \(cluster)
    spec:
      partitions: \(topic.partitions)
      replicas: \(topic.replicas)
      config:
    \(topic.settings.map { "    \($0.name): \($0.value)" }.joined(separator: "\n"))
    """
  }
}
