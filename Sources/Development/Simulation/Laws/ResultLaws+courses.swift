internal import NaiveMastery

// The laws about the courses, topics and cohorts in what is published about a document.

extension ResultLaws {
  /// A result whose components or courses are not the means over the topics of its document.
  var uneven: String? {
    if isRounded { return nil }
    for (said, document, before) in published {
      let student = document.student
      let components = student.components()
      guard said.components == Self.shown(components), said.missing == Self.missing(in: components) else {
        return "revision \(document.revision) was published with \(said.components), but has \(components)"
      }
      let courses = document.courses.map { course in Self.course(course, student.components(in: [course]), said) }
      guard said.courses == courses else {
        return "revision \(document.revision) was published with the courses \(said.courses), but has \(courses)"
      }
      // What the events of a revision were about: all that is new in it, and nothing else.
      let places = Set(document.items.map(\.place)).subtracting([NaivePlace()])
      let known = Set(before?.items.map(\.naive) ?? [])
      let changed = Set(document.items.filter { !known.contains($0.naive) }.map(\.place)).subtracting([NaivePlace()])
      guard said.topics.isSubset(of: places), said.topics.isSuperset(of: changed) else {
        return "revision \(document.revision) was published as about \(said.topics), but changed \(changed)"
      }
    }
    return nil
  }

  /// A result that names another cohort than the document does, or another one within a course.
  var misplaced: String? {
    if isRounded { return nil }
    for (said, document, _) in published {
      guard said.cohort == document.cohort else {
        return "revision \(document.revision) was published with cohort \(said.cohort ?? "none"), but has \(document.cohort ?? "none")"
      }
      for course in said.courses where course.cohort != document.cohort(in: course.course) {
        let cohort = document.cohort(in: course.course) ?? "none"
        return "revision \(document.revision) was published with cohort \(course.cohort ?? "none") in \(course.course), but has \(cohort)"
      }
      if let cohort = document.memberships.first(where: { said.formerCohorts.contains($0.cohort) })?.cohort {
        return "revision \(document.revision) was published as one that has left \(cohort)"
      }
    }
    return nil
  }

  /// The results of saved revisions, each with its document and the one before it in the same life.
  private var published: [(said: SaidResult, document: StoredDocument, before: StoredDocument?)] {
    results.compactMap { result in
      let index = saved.firstIndex { $0.document.epoch == result.epoch && $0.document.revision == result.revision }
      guard let index, let said = SaidResult(result.body) else { return nil }
      let document = saved[index].document
      let before = index > 0 ? saved[index - 1].document : nil
      return (said, document, before.flatMap { $0.epoch == document.epoch ? $0 : nil })
    }
  }

  /// The course as it must be published; its cohort is the matter of another law.
  private static func course(_ course: String, _ components: [String: Double], _ said: SaidResult) -> SaidResult.Course {
    let mastery = NaiveScore.mastery(components)
    return SaidResult.Course(
      course: course, cohort: said.courses.first { $0.course == course }?.cohort, score: NaiveScore.shown(mastery),
      level: NaiveScore.level(mastery), components: shown(components))
  }

  /// All four components as they are shown, a missing one as 0.
  static func shown(_ components: [String: Double]) -> [String: Double] {
    NaiveScore.weights.reduce(into: [:]) { $0[$1.component] = NaiveScore.shown(components[$1.component] ?? 0) }
  }

  /// The components without evidence.
  static func missing(in components: [String: Double]) -> Set<String> {
    Set(NaiveScore.weights.map(\.component)).subtracting(components.keys)
  }
}
