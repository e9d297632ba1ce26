internal import HTTPServer
internal import JSON
internal import NaiveMastery

/// The laws about requests over HTTP.
struct RequestLaws {
  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  /// An answer about a student that does not match what was in the store.
  var untrue: String? {
    for query in aftermath.chronicle.queried {
      let record = aftermath.records.first { $0.documentKey == query.documentKey }
      let status = query.response.status
      let spans = record?.spans(from: query.began, to: query.ended) ?? []
      let documents = spans.compactMap(\.document)
      // Whether at some point during the query there may have been no document, or none with evidence.
      let mayBeMissing = spans.first.map { $0.from > query.began } ?? true || documents.contains { $0.revision == 0 }
      let isTrue =
        switch status {
        case 200: documents.contains { Self.says(query.response.body, $0) }
        case 404: mayBeMissing
        case 500: spans.contains { span in record?.afflictions.contains { $0.from <= span.until } ?? false }
        case 503: true
        default: status == 400 && query.documentKey.contains("%20")
        }
      if !isTrue {
        return "the query for \(query.documentKey) was answered with \(status) \(String(decoding: query.response.body, as: UTF8.self))"
      }
    }
    return nil
  }

  private static func says(_ body: [UInt8], _ document: StoredDocument) -> Bool {
    let said = try? JSONDocument.parse(body) { (root) throws(Never) -> Bool in
      guard let data = root["data"], let mastery = data["current_mastery"] else { return false }
      let student = document.student
      let components = student.components()
      return mastery["mastery_score"]?.number == NaiveScore.shown(NaiveScore.mastery(components))
        && mastery["version"]?.integer == document.revision && SaidResult.components(mastery) == ResultLaws.shown(components)
        && SaidResult.courses(data) == document.courses.map { course($0, student, document) }
    }
    return said ?? false
  }

  private static func course(_ course: String, _ student: NaiveStudent, _ document: StoredDocument) -> SaidResult.Course {
    let mastery = student.mastery(in: [course])
    return SaidResult.Course(
      course: course, cohort: document.cohort(in: course), score: NaiveScore.shown(mastery), level: NaiveScore.level(mastery),
      components: [:])
  }

  /// An event that was wrongly accepted or refused, or that was accepted but is not at the broker.
  var unpublished: String? {
    for ingested in aftermath.chronicle.ingested {
      let id = ingested.content.id ?? ""
      let isAhead = (ingested.content.milliseconds ?? 0) > ingested.answer.clock + 5 * 60_000
      switch ingested.answer.response.status {
      case 202:
        let isThere = aftermath.chronicle.messages.contains { $0.content.id == id && $0.publishedAt <= ingested.at }
        if !isThere || isAhead { return "event \(id) was accepted, but \(isAhead ? "is too far ahead" : "is not at the broker")" }
      case 400 where isAhead: break
      // The idempotency record that tells whether the event was accepted before is unreadable.
      case 500 where aftermath.chronicle.afflictedAside.contains(where: { $0.contains("ingest:") }): break
      default: return "event \(id) was answered with \(ingested.answer.response.status)"
      }
    }
    return nil
  }
}
