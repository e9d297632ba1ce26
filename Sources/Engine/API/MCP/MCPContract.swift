internal import JSON
internal import MasteryCore
internal import Schemas

/// What the service tells models about itself, made of the table of intents.
enum MCPContract {
  /// What a model must know to use the tools.
  static let instructions = """
    How students stand in their courses. Scores go from 0 to 1; levels: \(levels). A tool's `fields` chooses members of its answer \
    (`a.b` for a member of a member). Without it long lists are cut, and `left_out` says by how much. What is null is left out. \
    Read mastery://contract for what the numbers mean and mastery://contract/{tool} for a tool in full. Never guess ids of students.
    """

  /// Each level with the lowest score, in hundredths, that has it.
  private static let levels = Level.allCases.map { level in
    let lowest = (0...100).first { Level.of(Double($0) / 100) == level } ?? 0
    return lowest == 0 ? level.rawValue : "\(level.rawValue) from 0.\(lowest < 10 ? "0" : "")\(lowest)"
  }.joined(separator: ", ")

  /// A page about the numbers, the rules and the tools.
  static func page(of intents: IntentTable) -> String {
    let weights = Component.allCases.map { "\($0.rawValue) \(Int((Weights.standard[$0] * 100).rounded())) %" }.joined(separator: ", ")
    let list = intents.declarations.map { "- \($0.name): \($0.summary) \($0.audience.inWords)" }
    return """
      # Mastery Engine

      Mastery is the weighted mean of four components, each from 0 to 1: \(weights). A component without evidence counts as 0 and stands \
      in `missing`. Levels: \(levels). Every score is worked out of a student's events and can be traced to them (`breakdown`).

      A prediction is where the student is expected to be; the `interval` holds the true value in \
      \(Int(Forecast.intervalLevel * 10)) of 10 cases. `risk` is the probability of a mastery under 0.5; `intervention_needed` says that \
      somebody should step in. `reason` says why. Before 3 days with evidence nothing is predicted.

      Days are days of the school; times are UTC. Students ask about themselves, teachers about their students, admins and services about \
      everybody of their school. Errors: \(Problem.Code.allCases.map(\.rawValue).joined(separator: ", ")).

      ## Tools

      \(list.joined(separator: "\n"))

      """
  }

  /// An intent as it is declared in full.
  static func json(of declaration: IntentDeclaration) -> [UInt8] {
    JSONWriter.object(capacity: 8192) { json in
      json.member("name", declaration.name)
      json.member("summary", declaration.summary)
      json.member("audience", declaration.audience.inWords)
      json.member("per_minute", declaration.perMinute)
      json.member("request") { Schema.object(declaration.requestSchema).write(to: &$0) }
      json.objects("answers", of: declaration.answers) { json, answer in
        json.member("meaning", answer.meaning)
        json.member("data") { Schema.object(answer.data).write(to: &$0) }
      }
      json.member("example", raw: Array(declaration.example.description.utf8))
    }
  }
}
