/// Everything stored about one student: the evidence, and the ledger of what came of it.
public struct StudentDocument: Hashable, Sendable {
  /// The schema version that this release writes.
  public static let currentSchema = 1

  /// The student.
  public let student: StudentID
  /// The school that owns the data; nil if there is none.
  public let school: SchoolID?
  /// The evidence about the student.
  public var evidence: EvidenceRecord
  /// The ledger of what came of the evidence.
  public var ledger: Ledger
  /// The schema version that the document was read in.
  public var schema: Int
  /// Fields written by a newer release.
  public var unknownFields: [PreservedField]

  /// Creates a document from stored values.
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

  /// Whether the document holds only the fact of an erasure and the consent.
  public var isTombstone: Bool { ledger.erasedAt != nil && ledger.revision == 0 }

  /// Creates a new document at revision 0; the epoch is at least 0, as in every document that can be read again.
  public init(student: StudentID, school: SchoolID?, cutoff: Day, epoch: Int64) {
    self.init(student: student, school: school, evidence: EvidenceRecord(cutoff: cutoff), ledger: Ledger(epoch: max(0, epoch)))
  }
}
