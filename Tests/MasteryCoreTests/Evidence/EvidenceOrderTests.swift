import MasteryCore
import Testing

@Suite("The order of evidence")
struct EvidenceOrderTests {
  private func evidence(_ at: String, _ event: String, _ value: Double, _ source: String?) throws -> Evidence {
    Evidence(timestamp: try time(at), event: try id(event), source: source.flatMap(SourceName.init), content: .given(try score(value)))
  }

  @Test("Evidence is ordered by time, then event id, then score, then source, and a missing one comes before any")
  func totalOrder() throws {
    let ascending = [
      try evidence("2026-01-01T00:00:00Z", "z", 1, "z"), try evidence("2026-01-02T00:00:00Z", "a", 1, "z"),
      try evidence("2026-01-02T00:00:00Z", "b", 0.1, "z"), try evidence("2026-01-02T00:00:00Z", "b", 0.2, nil),
      try evidence("2026-01-02T00:00:00Z", "b", 0.2, ""), try evidence("2026-01-02T00:00:00Z", "b", 0.2, "a"),
      try evidence("2026-01-02T00:00:00Z", "b", 0.2, "b"),
    ]
    for (i, left) in ascending.enumerated() {
      for (j, right) in ascending.enumerated() {
        #expect((left < right) == (i < j))
        #expect((left == right) == (i == j))
      }
    }
  }

  @Test("Cohorts are ordered by time, then correction, then event id, then name")
  func cohortOrder() throws {
    func membership(_ at: String, _ event: String, _ cohort: String, correction: Int = 0) throws -> CohortMembership {
      CohortMembership(
        cohort: try #require(CohortID(cohort)), timestamp: try time(at), event: try id(event),
        correction: try #require(Correction(correction)))
    }
    let ascending = [
      try membership("2026-01-01T00:00:00Z", "z", "z"), try membership("2026-01-02T00:00:00Z", "a", "z"),
      try membership("2026-01-02T00:00:00Z", "b", "a"), try membership("2026-01-02T00:00:00Z", "b", "b"),
      try membership("2026-01-02T00:00:00Z", "a", "a", correction: 1),
    ]
    for (i, left) in ascending.enumerated() {
      for (j, right) in ascending.enumerated() { #expect((left < right) == (i < j)) }
    }
  }
}
