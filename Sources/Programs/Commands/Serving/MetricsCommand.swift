internal import MasteryService
internal import Metrics

/// `metrics`: says what `/metrics` hands out.
struct MetricsCommand: Command {
  static let usage = Usage(
    command: "metrics", purpose: "Shows the metrics that /metrics hands out, one a line: name, kind and labels.",
    options: [])

  init(_ arguments: CallArguments) {}

  func run() async throws(CommandFailure) {
    for declaration in MasteryService.metricDeclarations {
      let words = [declaration.name, declaration.kind.rawValue, declaration.labels.joined(separator: ",")]
      Terminal.say(words.filter { !$0.isEmpty }.joined(separator: " "))
    }
  }
}
