import MasteryCore

extension StudentDocument {
  /// The evidence that names neither course nor topic.
  var general: TopicRecord? { evidence.topics.first { $0.topic == .none } }
  /// Its days.
  var days: [EvidenceDay] { general?.days ?? [] }
  /// Its evidence in force.
  var latest: ComponentValues<Evidence> { general?.latest() ?? ComponentValues() }
}
