internal import DaprClient
internal import JSON

/// How planted mistakes about courses, topics and corrections change documents and messages.
enum MistakenCourses {
  // MARK: Corrections

  /// An item's part of the evidence, and its text.
  private struct Account: Hashable {
    let spot: EvidenceEdit.Spot
    let text: [UInt8]

    init(_ spot: EvidenceEdit.Spot, _ text: [UInt8]) {
      // It may have gone into the baseline meanwhile.
      self.spot = EvidenceEdit.Spot(place: spot.place, component: spot.component, day: nil)
      self.text = text
    }
  }

  /// A document in which every account of an event seems to be the first.
  static func withoutCorrections(_ bytes: [UInt8]) -> [UInt8] {
    EvidenceEdit.replacing(bytes) { _, item in firstAccount(item) }
  }

  /// A document with the corrections that were hidden when it was read.
  static func keepingCorrections(_ bytes: [UInt8], before: [UInt8]) -> [UInt8] {
    var hidden: [Account: [UInt8]] = [:]
    EvidenceEdit.forEach(in: before) { spot, item in hidden[Account(spot, firstAccount(item))] = item.compactBytes }
    return EvidenceEdit.replacing(bytes) { spot, item in
      let text = item.compactBytes
      return hidden[Account(spot, text)] ?? text
    }
  }

  /// An item without its correction, and without what is only written before one.
  private static func firstAccount(_ item: JSONValue) -> [UInt8] {
    var parts = Array(item.elements.prefix(5))
    if parts.count == 5, parts[4].integer == 0 { parts.removeLast() }
    if parts.count == 4, parts[3].isNull { parts.removeLast() }
    return array(parts.map { $0.compactBytes })
  }

  /// A document from which what was taken back is removed.
  static func withoutRetractions(_ bytes: [UInt8]) -> [UInt8] {
    EvidenceEdit.replacing(bytes) { _, item in
      EvidenceEdit.element(2, of: item).map(\.isNull) ?? false ? nil : item.compactBytes
    }
  }

  /// A document with only the latest of the days before the cutoff.
  static func withoutEarlierDays(_ bytes: [UInt8]) -> [UInt8] {
    var known: Set<EvidenceEdit.Spot> = []
    return EvidenceEdit.replacing(bytes) { spot, item in
      spot.day == nil && !known.insert(spot).inserted ? nil : item.compactBytes
    }
  }

  // MARK: Topics and cohorts

  /// A document that holds only one topic of each course, and not its name.
  static func withoutTopics(_ bytes: [UInt8]) -> [UInt8] {
    DocumentEdit.replacing(bytes, at: ["evidence", "topics"]) { topics in
      var courses: Set<String> = []
      return JSONWriter.array { json in
        for topic in topics.elements {
          guard let course = topic["course"]?.string else {
            json.copy(topic)
            continue
          }
          guard courses.insert(course).inserted else { continue }
          json.raw(DocumentEdit.replacing(topic.compactBytes, at: ["topic"]) { _ in nil })
        }
      }
    }
  }

  /// A document in which the cohort that was joined last overwrites those of other courses.
  static func withOneCohort(_ bytes: [UInt8]) -> [UInt8] {
    DocumentEdit.replacing(bytes, at: ["evidence", "cohorts"]) { cohorts in
      // Course, cohort, time, event and, unless it is 0, correction.
      let rows = cohorts.elements.map { Array($0.elements) }.filter { $0.count >= 4 }
      let last = rows.max { Self.order($0) < Self.order($1) }
      return array(
        rows.map { row in array(([row[0]] + (last ?? row).dropFirst()).map { $0.compactBytes }) })
    }
  }

  private static func order(_ row: [JSONValue]) -> (Int64, Int64, String) {
    (row[2].integer ?? 0, row.dropFirst(4).first?.integer ?? 0, row[3].string ?? "")
  }

  /// A standings message in which students stand in their cohorts as in the school.
  static func withoutCohortScores(_ event: OutgoingEvent) -> OutgoingEvent {
    var event = event
    event.body = DocumentEdit.replacing(event.body, at: ["data", "updates"]) { updates in
      array(updates.elements.map { array($0.elements.enumerated().map { $0 == 11 ? names($1) : $1.compactBytes }) })
    }
    return event
  }

  private static func names(_ cohorts: JSONValue) -> [UInt8] {
    guard cohorts.kind == .array else { return cohorts.compactBytes }
    return array(
      cohorts.elements.map { cohort in (cohort.kind == .array ? EvidenceEdit.element(0, of: cohort) ?? cohort : cohort).compactBytes
      })
  }

  /// A result whose courses have the score of everything together.
  static func withOneScore(_ event: OutgoingEvent) -> OutgoingEvent {
    let score = try? JSONDocument.parse(event.body) { (root) throws(Never) in
      root["data"]?["mastery_score"].map { $0.compactBytes }
    }
    guard let score = score ?? nil else { return event }
    var event = event
    event.body = DocumentEdit.replacing(event.body, at: ["data", "courses"]) { courses in
      array(courses.elements.map { DocumentEdit.replacing($0.compactBytes, at: ["mastery_score"]) { _ in score } })
    }
    return event
  }

  private static func array(_ elements: [[UInt8]]) -> [UInt8] {
    JSONWriter.array { json in for element in elements { json.raw(element) } }
  }
}
