internal import DaprClient
internal import MasteryCore

/// Everything that an intent may use to answer.
struct IntentContext: Sendable {
  let caller: Caller
  let correlationID: String
  /// The `Idempotency-Key` header, used by ingest.
  let idempotencyKey: String?
  let now: Timestamp
  let call: CallContext
  let services: IntentServices

  var store: StudentStore { services.store }
  var standings: StandingStore { services.standings }
  var batches: Batches { services.batches }
  var forecasts: RecentForecasts { services.forecasts }
  var erasure: Erasure { services.erasure }
  var intake: EventIntake { services.intake }
  var runtime: Runtime { services.runtime }
  var minimumGroup: Int { services.minimumGroup }
  /// All stores of student data beside the documents.
  var dataStores: PersonalDataStores { erasure.dataStores }
  /// The day of the request in the caller's school.
  var today: Day { store.calendars.day(of: now, in: caller.school) }
  /// The first day visible under retention.
  var firstDay: Day { today.advanced(by: -store.retentionDays) }

  /// The key of a student of the caller's school.
  func key(of student: StudentID) -> StudentKey { StudentKey(school: caller.school, student: student) }

  /// Publishes an event of the caller.
  ///
  /// - Returns: The event's id.
  /// - Throws: `Problem` if it is not accepted.
  func take(_ draft: EventDraft) async throws(Problem) -> EventID {
    try await intake.take(draft, from: caller, under: idempotencyKey, now: now, call: call)
  }

  /// The document of a student of the caller's school with evidence.
  ///
  /// - Throws: `Problem` if there is none, or if it cannot be read now.
  func document(of student: StudentID) async throws(Problem) -> StudentDocument {
    // Unpublished announcements are never shown.
    let found = try await store.viewed(key(of: student), runtime: runtime, call)
    guard let document = try found.stored.document() else { throw .noStudent(student) }
    guard document.ledger.revision > 0 else { throw .noStudent(student) }
    return document
  }

  /// The document of a student with evidence, and the scope of what is asked for: a course, or all of the student's evidence.
  ///
  /// - Throws: `Problem` if there is no document, if it cannot be read now, or if nothing is known of the student in that course.
  func document(
    of student: StudentID, in course: CourseID?
  ) async throws(Problem) -> (document: StudentDocument, scope: EvidenceScope) {
    let document = try await document(of: student)
    return (document, try document.scope(of: course))
  }

  /// The document of a student of the caller's school, even if it holds only consent or an erasure.
  ///
  /// - Throws: `Problem` if there is none, or if it cannot be read now.
  func storedDocument(of student: StudentID) async throws(Problem) -> StudentDocument {
    let found = try await store.found(key(of: student), call)
    guard let document = try found.stored.document() else { throw .noStudent(student) }
    return document
  }

  /// The data about a student in the stores beside the document.
  ///
  /// - Parameters:
  ///   - student: The student's document, an empty one if there is none.
  ///   - page: The page of lists that may be long.
  /// - Returns: The content of each store, in the order of the stores.
  /// - Throws: `Problem` if the store gives no answer.
  func contents(of student: StudentDocument, _ page: PersonalDataPage) async throws(Problem) -> [PersonalDataContent] {
    var contents: [PersonalDataContent] = []
    for dataStore in dataStores.all {
      do throws(SidecarFailure) {
        contents.append(try await dataStore.export(student, page, now: now, context: call))
      } catch {
        throw .unavailable("the state store")
      }
    }
    return contents
  }

  /// The document of a student who may have data in other stores; an empty one if there is none.
  ///
  /// - Returns: The document, and whether there is one.
  /// - Throws: `Problem` if the student is erased, or if it cannot be read now.
  func documentOrNone(of student: StudentID) async throws(Problem) -> (document: StudentDocument, isStored: Bool) {
    switch try await store.found(key(of: student), call).stored {
    case .document(let document) where document.isTombstone: throw .noStudent(student)
    case .document(let document): return (document, true)
    case .absent: return (StudentDocument(student: student, school: caller.school, cutoff: firstDay, epoch: 0), false)
    case .faulty(let fault): throw Problem(fault)
    case .failed: throw .unavailable("the state store")
    }
  }
}
