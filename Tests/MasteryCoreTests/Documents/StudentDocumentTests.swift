import MasteryCore
import Testing

@Suite("The student document")
struct StudentDocumentTests {
  private func applying(_ observations: [Observation], to document: StudentDocument, now: String = "2026-01-20T12:00:00Z") throws -> Change
  {
    document.applying(observations, now: try time(now), cutoff: try day("2026-01-05"))
  }

  @Test("A new document has no evidence and is at revision 0")
  func newDocument() throws {
    let document = try document(cutoff: "2026-01-01", epoch: 77)
    #expect(document.evidence == EvidenceRecord(cutoff: try day("2026-01-01")))
    #expect(document.ledger == Ledger(epoch: 77))
    #expect(document.ledger.revision == 0 && document.ledger.lastRevision == nil && document.schema == StudentDocument.currentSchema)
  }

  @Test("Evidence makes a revision that holds the score before it and the events that caused it")
  func revisions() throws {
    let first = try applying([observation("a", "2026-01-10T08:00:00Z", cohort: "north", quiz: 0.5)], to: document(cutoff: "2026-01-01"))
    #expect(first.isChanged)
    #expect(first.document.evidence.cutoff.iso8601 == "2026-01-05")
    #expect(first.document.ledger.revision == 1)
    #expect(
      first.document.ledger.lastRevision
        == LastRevision(
          savedAt: try time("2026-01-20T12:00:00Z"), previousScore: nil, causedBy: [try id("a")], causedByCount: 1, revisionsSince: 0))
    // 0.3 × 0.5 + 0.1 × 1
    let second = try applying([observation("b", "2026-01-11T08:00:00Z", cohort: "south", quiz: 1)], to: first.document)
    #expect(second.document.ledger.revision == 2)
    #expect(second.document.ledger.lastRevision?.previousScore == 0.25)
    #expect(second.document.ledger.cohorts.map(\.text) == ["north", "south"])
  }

  @Test("A document that nothing changes stays as it is, and so does its cutoff")
  func unchanged() throws {
    var document = try document(cutoff: "2026-01-01")
    let evidence = try observation("b", "2026-01-03T08:00:00Z", quiz: 0.5)
    document.evidence.merge(evidence)
    let change = try applying(
      [evidence, observation("a", "2026-01-03T08:00:00Z", quiz: 1), observation("c", "2026-01-09T08:00:00Z", cohort: "north")], to: document
    )
    #expect(!change.isChanged && change.document == document && change.announcements.isEmpty && change.forgotten.isEmpty)
    #expect(try !applying([], to: document).isChanged)
  }

  @Test("Evidence before the new cutoff makes a revision if it changes the record at the current cut")
  func judgedAtThePresentCut() throws {
    let change = try applying([observation("a", "2026-01-03T08:00:00Z", quiz: 0.5)], to: document(cutoff: "2026-01-01"))
    #expect(try change.isChanged && change.document.evidence.general.days.isEmpty && change.document.evidence.general.baseline.quiz != nil)
    #expect(change.document.ledger.lastRevision?.causedBy.map(\.text) == ["a"])
  }

  @Test("Observations up to the erasure are left out, and later ones are not")
  func erased() throws {
    var document = try document(cutoff: "2026-01-01")
    document.ledger.erasedAt = try time("2026-01-10T08:00:00Z")
    let change = try applying(
      [
        observation("a", "2026-01-09T08:00:00Z", quiz: 1), observation("b", "2026-01-10T08:00:00Z", quiz: 1),
        observation("c", "2026-01-10T08:00:00.001Z", quiz: 0.2),
      ], to: document)
    #expect(change.forgotten.map(\.text) == ["a", "b"])
    #expect(try change.document.evidence.general.latest().quiz?.event.text == "c")
    #expect(change.document.ledger.lastRevision?.causedByCount == 1)
    #expect(change.document.ledger.erasedAt == document.ledger.erasedAt)
  }

  @Test("Withdrawn consent lets nothing in, and granted consent does", arguments: [true, false])
  func consent(granted: Bool) throws {
    var document = try document(cutoff: "2026-01-01")
    document.ledger.consent = Consent(granted: granted, recordedAt: try time("2026-01-10T08:00:00Z"), recordedBy: "anna")
    let change = try applying([observation("a", "2026-01-15T08:00:00Z", quiz: 1)], to: document)
    #expect(change.isChanged == granted && change.document.evidence.isEmpty != granted)
    #expect(change.forgotten.map(\.text) == (granted ? [] : ["a"]))
    #expect(document.ledger.isConsentWithdrawn != granted)
  }

  @Test("The causes of a revision are the events that count after it and not before, in order, each once")
  func causes() throws {
    let before = try applying([observation("0", "2026-01-09T08:00:00Z", quiz: 0.1)], to: document(cutoff: "2026-01-01")).document
    let batch = [
      try observation("c", "2026-01-10T09:00:00Z", quiz: 0.3), try observation("c", "2026-01-10T09:00:00Z", quiz: 0.3),
      try observation("b", "2026-01-10T08:00:00Z", quiz: 0.2), try observation("a", "2026-01-11T08:00:00Z", quality: 0.4),
      try observation("0", "2026-01-09T08:00:00Z", quiz: 0.1), try observation("d", "2026-01-10T07:00:00Z", cohort: "north", quiz: 0.2),
    ]
    for start in batch.indices {
      let change = try applying(Array(batch[start...] + batch[..<start]), to: before)
      #expect(change.document.ledger.lastRevision?.causedBy.map(\.text) == ["d", "c", "a"])
      #expect(change.document.ledger.lastRevision?.causedByCount == 3)
      let reversed = try applying((batch[start...] + batch[..<start]).reversed(), to: before)
      #expect(reversed == change)
    }
  }

  @Test("An event whose only new part is superseded in the same call is no cause, though another part of it counts")
  func supersededParts() throws {
    let known = try observation("a", "2026-01-10T08:00:00Z", quality: 0.4)
    let before = try applying([known], to: document(cutoff: "2026-01-01")).document
    let again = try observation("a", "2026-01-10T08:00:00Z", quiz: 0.1, quality: 0.4)
    let later = try observation("b", "2026-01-10T09:00:00Z", quiz: 0.2)
    for batch in [[again, later], [later, again]] {
      #expect(try applying(batch, to: before).document.ledger.lastRevision?.causedBy.map(\.text) == ["b"])
    }
  }

  @Test("Causes before the cutoff count too, and at most the last 50 are named")
  func manyCauses() throws {
    let old = try observation("old", "2025-12-01T08:00:00Z", completion: 0.2)
    let many = try (0..<60).map { index in
      try observation("e\(index)", time("2026-01-01T08:00:00Z").adding(milliseconds: Int64(index) * 86_400_000).iso8601, quiz: 0.5)
    }
    let said = try #require(try applying([old] + many.shuffled(), to: document(cutoff: "2026-01-01")).document.ledger.lastRevision)
    #expect(said.causedByCount == 61)
    #expect(said.causedBy.map(\.text) == (10..<60).map { "e\($0)" })
    #expect(try applying([old], to: document(cutoff: "2026-01-01")).document.ledger.lastRevision?.causedBy.map(\.text) == ["old"])
  }

  @Test("A revision leaves outbox and unknown fields alone")
  func untouchedFields() throws {
    var document = try document(cutoff: "2026-01-01")
    document.ledger.outbox = [OutboxEntry(id: "1", topic: "mastery.events", body: "{}")]
    document.ledger.unknownFields = [PreservedField(name: "later", json: "[1]")]
    document.unknownFields = [PreservedField(name: "more", json: "{}")]
    let change = try applying([observation("a", "2026-01-15T08:00:00Z", quiz: 1)], to: document)
    #expect(change.document.ledger.outbox == document.ledger.outbox)
    #expect(change.document.ledger.unknownFields == document.ledger.unknownFields)
    #expect(change.document.unknownFields == document.unknownFields && change.document.schema == document.schema)
  }

  @Test("A new document has an epoch of at least 0, even if a clock is before 1970")
  func earlyEpoch() throws {
    let cutoff = try day("2026-01-01")
    for (epoch, expected) in [(-62_135_596_800, 0), (-1, 0), (0, 0), (5, 5)] as [(Int64, Int64)] {
      #expect(StudentDocument(student: try #require(StudentID("s")), school: nil, cutoff: cutoff, epoch: epoch).ledger.epoch == expected)
    }
  }

  @Test("A document remembers its cohorts in order, each once")
  func cohorts() throws {
    let names = try ["b", "a", "c", "a", "b"].map { try #require(CohortID($0)) }
    #expect(Ledger(epoch: 1, cohorts: names).cohorts.map(\.text) == ["a", "b", "c"])
  }
}
