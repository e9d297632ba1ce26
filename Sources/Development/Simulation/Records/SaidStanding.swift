internal import JSON

/// A student's part of a published update of standings, as plain values.
struct SaidStanding: Sendable {
  /// How a student stands in the school or in a cohort, in thousandths.
  struct Shown: Hashable, Sendable {
    let score: Int64?
    /// The number of the level, from 0 on.
    let level: Int64?
    /// The four components in their order; nil for one without evidence.
    let components: [Int64?]
  }

  let documentKey: String
  let epoch: Int64
  let revision: Int64
  let inSchool: Shown
  /// How the student stands in each cohort.
  let cohorts: [String: Shown]
  let formerCohorts: Set<String>

  /// The students of an update; none if it is not one.
  static func all(in body: [UInt8]) -> [Self] {
    let read = try? JSONDocument.parse(body) { (root) throws(Never) in
      root["data"]?["updates"]?.elements.map { Self(Array($0.elements)) } ?? []
    }
    return read ?? []
  }

  private init(_ parts: [JSONValue]) {
    func part(_ index: Int) -> JSONValue? { parts.indices.contains(index) ? parts[index] : nil }
    documentKey = EventContent(school: part(0)?.string, student: part(1)?.string ?? "").documentKey
    epoch = part(2)?.integer ?? 0
    revision = part(3)?.integer ?? 0
    let inSchool = Shown(parts.dropFirst(5))
    self.inSchool = inSchool
    let named = part(11).map { $0.kind == .array ? Array($0.elements) : $0.isNull ? [] : [$0] } ?? []
    cohorts = named.reduce(into: [:]) { cohorts, cohort in
      let parts = cohort.kind == .array ? Array(cohort.elements) : [cohort]
      // A cohort in which the student stands as in the school has no scores of its own.
      cohorts[parts.first?.string ?? ""] = parts.count > 1 ? Shown(parts.dropFirst()) : inSchool
    }
    formerCohorts = Set(parts.dropFirst(12).compactMap(\.string))
  }
}

extension SaidStanding.Shown {
  fileprivate init(_ parts: ArraySlice<JSONValue>) {
    let parts = Array(parts.prefix(6))
    score = parts.first?.integer
    level = parts.dropFirst().first?.integer
    components = parts.dropFirst(2).map(\.integer)
  }
}
