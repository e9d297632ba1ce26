/// All that is stored of one student: the evidence, and the ledger of what was made of it.
public struct StudentDocument: Hashable, Sendable {
  /// The layout that this release writes.
  public static let currentSchema = 1

  /// The student.
  public let student: StudentID
  /// The school that the data belongs to, nil for data that has none.
  public let school: SchoolID?
  /// What is known of the student.
  public var evidence: EvidenceRecord
  /// What was made of it.
  public var ledger: Ledger
  /// The layout that the document was read in.
  public var schema: Int
  /// Fields of a newer release.
  public var unknownFields: [PreservedField]

  /// Holds a stored document.
  public init(
    student: StudentID, school: SchoolID?, evidence: EvidenceRecord, ledger: Ledger, schema: Int = Self.currentSchema,
    unknownFields: [PreservedField] = []
  ) {
    self.student = student
    self.school = school
    self.evidence = evidence
    self.ledger = ledger
    self.schema = schema
    self.unknownFields = unknownFields
  }

  /// Whether nothing is left of the student but that there was an erasure, and what was said of consent.
  public var isTombstone: Bool { ledger.erasedAt != nil && ledger.revision == 0 }

  /// A new document, at revision 0.
  public init(student: StudentID, school: SchoolID?, cut: Day, epoch: Int64) {
    self.init(student: student, school: school, evidence: EvidenceRecord(cut: cut), ledger: Ledger(epoch: epoch))
  }
}
