internal import JSON
internal import NaiveMastery

/// A stored document as plain values, read without the service's own reader.
struct StoredDocument: Sendable {
  /// The cohort within a course, and the event that named it.
  struct Membership: Sendable {
    /// Nil for a cohort joined outside any course.
    let course: String?
    let cohort: String
    let milliseconds: Int64
    let event: String
    let correction: Int
  }

  /// A statement on consent.
  struct Consent: Hashable, Sendable {
    let isGranted: Bool
    let recordedAt: Int64
  }

  let epoch: Int64
  let revision: Int64
  let cutoff: Int
  let items: [Item]
  /// At most one for each course, and one outside any course.
  let memberships: [Membership]
  /// The evidence's text.
  let evidence: [UInt8]

  /// The statement on consent; nil if there is none.
  let consent: Consent?
  /// Who made it; an erasure removes the author, but not the statement.
  let consentBy: String?
  /// The time up to which events belong to an erased life; nil if nothing was erased.
  let erasedAt: Int64?
  /// Whether an erasure still has data to clean.
  let isErasing: Bool

  /// The rule for what the days of a topic come to.
  private let scoring: String

  /// Whether it holds only an erasure, and perhaps a statement on consent.
  var isTombstone: Bool { erasedAt != nil && revision == 0 }

  /// Whether its life began with an erasure that could not read the document.
  ///
  /// Such an erasure allows for a life that began up to a day after the time up to which it forgets.
  var replacesDamaged: Bool {
    guard let erasedAt else { return false }
    return epoch == (erasedAt + 86_400_000) / 1_000 + 2
  }

  /// Whether an event with that time must be dropped.
  func forgets(_ milliseconds: Int64) -> Bool { consent?.isGranted == false || erasedAt.map { milliseconds <= $0 } ?? false }

  /// Reads a document; nil if it is not one.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - scoring: The rule for what the days of a topic come to.
  init?(_ bytes: [UInt8], scoring: String = "latest") {
    let read = try? JSONDocument.parse(bytes) { (root) throws(JSONInvalid) in
      guard let evidence = root["evidence"], let cutoff = evidence["cut"]?.integer, let epoch = root["ledger"]?["epoch"]?.integer,
        let revision = root["ledger"]?["revision"]?.integer
      else { throw JSONInvalid(field: "document", value: nil, constraint: "must be complete") }
      let ledger = root["ledger"]
      return (
        Int(cutoff), epoch, revision, Item.all(in: evidence), Membership.all(in: evidence), evidence.compactBytes,
        ledger?["consent"].map(Consent.init), ledger?["consent"]?["recorded_by"]?.string, ledger?["erased_at"]?.integer,
        ledger?["erasing"] != nil
      )
    }
    guard let read else { return nil }
    self.scoring = scoring
    (cutoff, epoch, revision, items, memberships, evidence, consent, consentBy, erasedAt, isErasing) = read
  }

  /// A naive student with only this evidence.
  var student: NaiveStudent { NaiveStudent(events: items.map(\.naive), cutoff: cutoff, scoring: scoring) }

  /// The courses of which not everything was taken back, sorted.
  var courses: [String] {
    let student = student
    return Set(items.compactMap(\.place.course)).sorted().filter { course in
      student.places.contains { place in
        place.course == course && NaiveScore.weights.contains { student.inForce($0.component, at: place) != nil }
      }
    }
  }

  // MARK: Cohorts

  /// The cohort where only one can be named: the one joined outside any course, or else the one joined last.
  var cohort: String? {
    let outside = memberships.first { $0.course == nil }
    return
      (outside
      ?? memberships.max {
        ($0.milliseconds, $0.correction, $0.event, $0.cohort) < ($1.milliseconds, $1.correction, $1.event, $1.cohort)
      })?.cohort
  }

  /// The cohort within a course.
  func cohort(in course: String?) -> String? { memberships.first { $0.course == course }?.cohort }

  /// The scores by which the student stands in a cohort: those of the courses within which it was joined, or of everything if it was joined
  /// outside any course; nil if the student is not in it.
  func components(in cohort: String) -> [String: Double]? {
    let courses = Set(memberships.filter { $0.cohort == cohort }.map(\.course))
    return courses.isEmpty ? nil : student.components(in: courses.contains(nil) ? nil : courses)
  }
}

extension StoredDocument.Consent {
  fileprivate init(_ value: JSONValue) {
    isGranted = value["granted"]?.boolean ?? true
    recordedAt = value["recorded_at"]?.integer ?? .min
  }
}

extension StoredDocument.Membership {
  fileprivate static func all(in evidence: JSONValue) -> [Self] {
    var memberships: [Self] = []
    if let outside = evidence["cohort"] {
      var parts = outside.elements
      memberships.append(Self(&parts, within: nil))
    }
    for element in evidence["cohorts"]?.elements ?? evidence.elements {
      var parts = element.elements
      let course = parts.next()?.string
      memberships.append(Self(&parts, within: course ?? ""))
    }
    return memberships
  }

  private init(_ parts: inout JSONElements, within course: String?) {
    self.course = course
    cohort = parts.next()?.string ?? ""
    milliseconds = parts.next()?.integer ?? .min
    event = parts.next()?.string ?? ""
    correction = parts.next()?.integer.map { Int($0) } ?? 0
  }
}
