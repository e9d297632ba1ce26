extension EvidenceRecord {
  /// The current scores at the end of `day`, or now if no day is given.
  ///
  /// Each is the mean over the courses that have evidence of the component, and that of a course the mean over its topics. Without consistency
  /// evidence up to then, consistency is derived from the days with evidence since the cutoff; without such a day it is missing.
  public func components(of scope: EvidenceScope = .student, asOf day: Day? = nil) -> ComponentValues<Score> {
    var scores = given(of: scope, asOf: day)
    if scores.consistency == nil { scores.consistency = activeDays(of: scope, asOf: day).consistency }
    return scores
  }

  /// The same without derived consistency.
  private func given(of scope: EvidenceScope, asOf day: Day?) -> ComponentValues<Score> {
    // Most students have a single topic until their platforms name some.
    if topics.count == 1, scope == .student { return topics[0].scores(asOf: day, by: scoring) }
    var means = TopicMeans()
    // Indices are used, here and below, because iterating over the topics would copy each of them with all its evidence.
    for index in indices(of: scope) { means.add(topics[index].scores(asOf: day, by: scoring), of: topics[index].topic) }
    return means.scores
  }

  /// The mastery at the end of `day`, or now if no day is given.
  public func mastery(of scope: EvidenceScope = .student, asOf day: Day? = nil) -> Mastery {
    Mastery(components: components(of: scope, asOf: day))
  }

  /// Whether anything is known up to the end of `day`, or now if no day is given, that was not taken back.
  public func isKnown(_ scope: EvidenceScope = .student, asOf day: Day? = nil) -> Bool {
    indices(of: scope).contains { !topics[$0].latest(asOf: day).isEmpty }
  }

  /// The topics that count, in order.
  func indices(of scope: EvidenceScope) -> [Int] {
    switch scope {
    case .student: return Array(topics.indices)
    case .courses(let courses) where courses.count == 1:
      // The topics of a course stand together.
      let course = courses[0]
      let first = topics.firstIndex { !$0.topic.course.isBefore(course) } ?? topics.endIndex
      return (first..<topics.endIndex).prefix { topics[$0].topic.course == course }.map(\.self)
    case .courses: return topics.indices.filter { scope.contains(topics[$0].topic.course) }
    }
  }

  /// The courses of which something is known at the end of `day`, or now if no day is given, sorted.
  public func knownCourses(asOf day: Day? = nil) -> [CourseID] { courses.filter { isKnown(.course($0), asOf: day) } }

  /// The active days up to the end of `day`, or all of them if no day is given.
  func activeDays(of scope: EvidenceScope = .student, asOf day: Day? = nil) -> ActiveDays {
    var active = ActiveDays()
    forEachActiveDay(of: scope) { each, offset in
      if day.map({ each <= $0 }) ?? true { active.append(each, offset) }
    }
    return active
  }

  /// Visits the days with evidence since the cutoff, of whatever topic, in order; each with the offset of its clocks.
  func forEachActiveDay(of scope: EvidenceScope, _ visit: (Day, UTCOffset) -> Void) {
    let counted = topics.count == 1 && scope == .student ? [0] : indices(of: scope)
    guard counted.count > 1 else {
      guard let topic = counted.first else { return }
      for index in topics[topic].days.indices where topics[topic].days[index].isActive {
        visit(topics[topic].days[index].day, topics[topic].days[index].offset)
      }
      return
    }
    guard let first = counted.compactMap({ topics[$0].days.first?.day.number }).min(),
      let last = counted.compactMap({ topics[$0].days.last?.day.number }).max()
    else { return }
    var offsets = [UTCOffset?](repeating: nil, count: last - first + 1)
    for topic in counted {
      for index in topics[topic].days.indices where topics[topic].days[index].isActive {
        let place = topics[topic].days[index].day.number - first
        let offset = topics[topic].days[index].offset
        offsets[place] = offsets[place].map { max($0, offset) } ?? offset
      }
    }
    for (place, offset) in offsets.enumerated() {
      if let offset { visit(Day(number: first + place), offset) }
    }
  }
}
