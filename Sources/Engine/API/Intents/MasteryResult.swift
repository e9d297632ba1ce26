internal import JSON
internal import MasteryCore

/// A mastery in the form of the Contract article, "Requests and answers", with each number traced to its evidence.
struct MasteryResult {
  let mastery: Mastery
  /// Where the score of each component comes from.
  let explanations: ComponentValues<Explanation>
  let recommendations: [Recommendation]
  /// When it was computed.
  let timestamp: Timestamp
  /// The document's revision; nil for a calculation on given values.
  var revision: Int64?
  /// Whether components and breakdown are shown.
  var showsComponents = true

  /// Writes the members of the result into an open object.
  func write(to json: inout JSONWriter) {
    json.member("mastery_score", mastery.shown)
    json.member("level", mastery.level.rawValue)
    if showsComponents {
      json.member("components") { $0.allComponents(mastery.components) }
      json.member("breakdown") { writeBreakdown(to: &$0) }
    }
    json.missing(in: mastery.components)
    json.member("recommendations") { $0.recommendations(recommendations) }
    json.member("timestamp", timestamp.iso8601)
    if let revision { json.member("version", revision) }
  }

  private func writeBreakdown(to json: inout JSONWriter) {
    json.objects(of: Component.allCases) { json, component in
      json.member("component", component.rawValue)
      json.member("score", shown: mastery.components[component]?.value ?? 0)
      json.member("weight", mastery.weights[component])
      json.member("contribution", shown: mastery.contribution(of: component))
      json.member("explanation", explanations[component]?.sentence)
      json.object("evidence", of: explanations[component]?.origin) { json, origin in
        json.member("event_id", origin.event.text)
        json.member("timestamp", origin.timestamp.iso8601)
        json.member("source", origin.source?.text)
      }
    }
  }
}
