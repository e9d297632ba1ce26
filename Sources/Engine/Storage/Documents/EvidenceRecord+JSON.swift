internal import JSON
internal import MasteryCore

// The stored form of the evidence: `{"cut":day, "baseline":{…}, "days":[…], "cohort":[…], "topics":[…], "cohorts":[…]}`. What stands at the top has
// neither course nor topic; `topics` and `cohorts`, which name them, are left out where there are none.

extension JSONWriter {
  /// Writes evidence canonically: days, topics and components in order, times in milliseconds, numbers in shortest form.
  mutating func evidence(_ record: EvidenceRecord) {
    object { json in
      json.member("cut", record.cutoff.number)
      let first = record.topics.first
      let general = first?.topic == CourseTopic.none ? first : nil
      json.days(of: general)
      for membership in record.cohorts.prefix(1) where membership.course == nil {
        json.array("cohort") { $0.members(of: membership) }
      }
      let topics = general == nil ? record.topics[...] : record.topics.dropFirst()
      if !topics.isEmpty {
        json.objects("topics", of: topics) { json, topic in
          json.members(of: topic.topic)
          json.days(of: topic)
        }
      }
      let cohorts = record.cohorts.filter { $0.course != nil }
      if !cohorts.isEmpty {
        json.array("cohorts", of: cohorts) { json, membership in
          json.array { json in
            json.string(membership.course?.text)
            json.members(of: membership)
          }
        }
      }
    }
  }

  /// Writes the members of an object that names a course, a topic or both.
  mutating func members(of topic: CourseTopic) {
    if let course = topic.course { member("course", course.text) }
    if let path = topic.topic { member("topic", path.text) }
  }

  private mutating func days(of topic: TopicRecord?) {
    object("baseline") { json in
      topic?.baseline.visit { component, earlier in
        json.array(component.key) { json in
          json.evidence(earlier.latest)
          if let before = earlier.before { json.evidence(before) }
        }
      }
    }
    array("days") { json in
      guard let topic else { return }
      // Indices are used because iterating over the days would copy each of them with all its evidence.
      for index in topic.days.indices {
        json.array { json in
          json.integer(topic.days[index].day.number)
          json.object { json in
            topic.days[index].latest.visit { component, evidence in json.member(component.key) { $0.evidence(evidence) } }
          }
        }
      }
    }
  }

  private mutating func members(of membership: CohortMembership) {
    string(membership.cohort.text)
    integer(membership.timestamp.milliseconds)
    string(membership.event.text)
    if membership.correction != .none { integer(membership.correction.number) }
  }
}

extension EvidenceRecord {
  /// Reads stored evidence.
  ///
  /// - Throws: `DocumentFault` if it is damaged.
  init(_ value: JSONValue) throws(DocumentFault) {
    guard let cut = value["cut"]?.integer else { throw .unreadable("evidence") }
    let cutoff = Day(number: Int(cut))
    var topics: [TopicRecord] = []
    if let general = try Self.topic(value, .none, cutoff, "evidence") { topics.append(general) }
    if let list = value["topics"] {
      guard list.kind == .array else { throw .unreadable("evidence.topics") }
      for element in list.elements {
        guard let topic = try Self.topic(element, try CourseTopic(stored: element), cutoff, "evidence.topics") else {
          throw .unreadable("evidence.topics")
        }
        topics.append(topic)
      }
    }
    var cohorts: [CohortMembership] = []
    if let cohort = value["cohort"] {
      var parts = cohort.elements
      cohorts.append(try CohortMembership(&parts, course: nil))
    }
    if let list = value["cohorts"] {
      guard list.kind == .array else { throw .unreadable("evidence.cohorts") }
      for element in list.elements {
        var parts = element.elements
        guard let course = parts.next()?.string.flatMap(CourseID.init) else { throw .unreadable("evidence.cohorts") }
        cohorts.append(try CohortMembership(&parts, course: course))
      }
    }
    guard let record = EvidenceRecord(cutoff: cutoff, topics: topics, cohorts: cohorts) else { throw .unreadable("evidence") }
    self = record
  }

  /// The evidence of one topic; nil if there is none.
  private static func topic(
    _ value: JSONValue, _ topic: CourseTopic, _ cutoff: Day, _ what: String
  ) throws(DocumentFault) -> TopicRecord? {
    guard let baseline = value["baseline"], let list = value["days"], list.kind == .array else { throw .unreadable(what) }
    var days: [EvidenceDay] = []
    for element in list.elements {
      var parts = element.elements
      guard let number = parts.next()?.integer, let latest = parts.next() else { throw .unreadable("\(what).days") }
      guard let day = EvidenceDay(day: Day(number: Int(number)), latest: try latestEvidence(latest)) else {
        throw .unreadable("\(what).days")
      }
      days.append(day)
    }
    let earlier = try earlierEvidence(baseline)
    if days.isEmpty, earlier.isEmpty { return nil }
    guard let record = TopicRecord(topic: topic, cutoff: cutoff, days: days, baseline: earlier) else { throw .unreadable(what) }
    return record
  }

  private static func latestEvidence(_ value: JSONValue) throws(DocumentFault) -> ComponentValues<Evidence> {
    guard value.kind == .object else { throw .unreadable("evidence components") }
    var latest = ComponentValues<Evidence>()
    for (name, member) in value.members {
      let component = try component(name)
      latest[component] = try Evidence(member, of: component)
    }
    return latest
  }

  private static func earlierEvidence(_ value: JSONValue) throws(DocumentFault) -> ComponentValues<EarlierEvidence> {
    guard value.kind == .object else { throw .unreadable("evidence.baseline") }
    var earlier = ComponentValues<EarlierEvidence>()
    for (name, member) in value.members {
      let component = try component(name)
      var parts = member.elements
      guard let first = parts.next() else { throw .unreadable("evidence.baseline") }
      guard first.kind == .array else {
        // Documents of the first releases have one piece of evidence there.
        earlier[component] = EarlierEvidence(try Evidence(member, of: component))
        continue
      }
      let latest = try Evidence(first, of: component)
      guard let second = parts.next() else {
        earlier[component] = EarlierEvidence(latest)
        continue
      }
      guard let pair = EarlierEvidence(latest: latest, before: try Evidence(second, of: component)) else {
        throw .unreadable("evidence.baseline")
      }
      earlier[component] = pair
    }
    return earlier
  }

  private static func component(_ name: JSONText) throws(DocumentFault) -> Component {
    guard let component = Component.allCases.first(where: { name == $0.key }) else { throw .unreadable("evidence component") }
    return component
  }
}

extension CourseTopic {
  /// Reads the names of a course and a topic, at least one of them.
  ///
  /// - Throws: `DocumentFault` if they are damaged.
  init(stored value: JSONValue) throws(DocumentFault) {
    self.init(
      course: try Self.name(value["course"], "evidence course", CourseID.init),
      topic: try Self.name(value["topic"], "evidence topic", TopicPath.init))
    if self == .none { throw .unreadable("a topic") }
  }

  private static func name<Name>(
    _ value: JSONValue?, _ what: String, _ make: (String) -> Name?
  ) throws(DocumentFault) -> Name? {
    guard let value else { return nil }
    guard let name = value.string.flatMap(make) else { throw .unreadable(what) }
    return name
  }
}

extension CohortMembership {
  /// Reads a stored membership: cohort, time, event and correction.
  ///
  /// - Throws: `DocumentFault` if it is damaged.
  fileprivate init(_ parts: inout JSONElements, course: CourseID?) throws(DocumentFault) {
    guard let cohort = parts.next()?.string.flatMap(CohortID.init), let moment = parts.next()?.integer.flatMap({ Timestamp(exactly: $0) }),
      let event = parts.next()?.string.flatMap(EventID.init)
    else { throw .unreadable("evidence.cohort") }
    var correction = Correction.none
    if let given = parts.next() {
      guard let number = given.integer.flatMap({ Correction(Int($0)) }) else { throw .unreadable("evidence.cohort") }
      correction = number
    }
    self.init(course: course, cohort: cohort, timestamp: moment, event: event, correction: correction)
  }
}
