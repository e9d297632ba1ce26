/// The settings of topics in Avro.
extension SettingReader {
  /// The topics in Avro, and their component.
  ///
  /// - Parameter configuration: The settings of the other topics.
  /// - Returns: The topics and their component; nil if there are none.
  /// - Throws: `BadSetting` if one of both settings is missing, or they are in conflict with others.
  func avro(beside configuration: Configuration) throws(BadSetting) -> (component: String, topics: [String])? {
    let (topicsName, componentName) = ("AVRO_TOPICS", "AVRO_PUBSUB_NAME")
    let component = try self.componentName(componentName)
    guard let text = variables[topicsName] else {
      if component == nil { return nil }
      throw BadSetting(name: topicsName, value: nil, constraint: "is required beside \(componentName)")
    }
    let topics = text.split(separator: ",", omittingEmptySubsequences: false).map { Self.trimmed($0) }
    let known = configuration.eventTopics + Topic.ofOthers
    guard topics.allSatisfy(known.contains), Set(topics).count == topics.count else {
      throw BadSetting(
        name: topicsName, value: text,
        constraint: "must be different topics of EVENT_TOPICS or of \(Topic.ofOthers.joined(separator: ", ")), commas between them")
    }
    guard topics.allSatisfy({ configuration.eventPubsubs[$0] == nil }) else {
      throw BadSetting(
        name: topicsName, value: text, constraint: "must not name a topic of EVENT_PUBSUB_NAMES, which has another component")
    }
    guard let component else { throw BadSetting(name: componentName, value: nil, constraint: "is required beside \(topicsName)") }
    let taken = [configuration.pubsub, configuration.ownPubsub].compactMap(\.self) + configuration.eventPubsubs.values
    guard !taken.contains(component) else {
      throw BadSetting(
        name: componentName, value: component,
        constraint: "must not be the component of other topics: what cannot be decoded holds up what else comes through it")
    }
    return (component, topics)
  }
}
