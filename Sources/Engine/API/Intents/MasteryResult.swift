internal import JSON
internal import MasteryCore

/// A mastery in the form of the Contract article, "Requests and answers", with each number traced to its evidence.
struct MasteryResult {
  let mastery: Mastery
  /// The current evidence; empty for a calculation on given values.
  var evidence = ComponentValues<Evidence>()
  let recommendations: [Recommendation]
  /// When it was computed.
  let timestamp: Timestamp
  /// The document's revision; nil for a calculation on given values.
  var revision: Int64?
  /// Whether components and breakdown are shown.
  var showsComponents = true

  /// Writes the members of the result into an open object.
  func write(to json: inout JSONWriter) {
    json.key("mastery_score")
    json.number(mastery.shown)
    json.key("level")
    json.string(mastery.level.rawValue)
    if showsComponents {
      json.key("components")
      json.allComponents(mastery.components)
      json.key("breakdown")
      writeBreakdown(to: &json)
    }
    json.missing(in: mastery.components)
    json.key("recommendations")
    json.recommendations(recommendations)
    json.key("timestamp")
    json.string(timestamp.iso8601)
    if let revision {
      json.key("version")
      json.integer(revision)
    }
  }

  private func writeBreakdown(to json: inout JSONWriter) {
    json.beginArray()
    for component in Component.allCases {
      json.beginObject()
      json.key("component")
      json.string(component.rawValue)
      json.key("score")
      json.shown(mastery.components[component]?.value ?? 0)
      json.key("weight")
      json.number(mastery.weights[component])
      json.key("contribution")
      json.shown(mastery.contribution(of: component))
      json.key("evidence")
      if let item = evidence[component] { Self.write(item, to: &json) } else { json.null() }
      json.endObject()
    }
    json.endArray()
  }

  private static func write(_ item: Evidence, to json: inout JSONWriter) {
    json.beginObject()
    json.key("event_id")
    json.string(item.event.text)
    json.key("timestamp")
    json.string(item.timestamp.iso8601)
    json.key("source")
    json.string(item.source?.text)
    json.endObject()
  }
}
