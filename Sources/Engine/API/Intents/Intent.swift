internal import DaprClient
internal import JSON
internal import MasteryCore

/// An operation of the service; a value of the type is one valid request.
///
/// Routes, `/process`, and the API description are all derived from the declarations, so adding an intent takes one file and one row in
/// `IntentTable`.
protocol Intent: Sendable {
  /// The name, path, audience, rate and fields of the intent.
  static var declaration: IntentDeclaration { get }

  /// Reads the request.
  ///
  /// - Throws: `JSONInvalid` naming the field, its value and its constraint.
  init(_ fields: RequestFields) throws(JSONInvalid)

  /// The student that the request is about; nil if there is none.
  var subject: StudentID? { get }

  /// Who may make this particular request; the declaration's audience, unless the request asks for more than usual.
  var audience: AccessPolicy { get }

  /// The students whose stored data it shows or changes: each access to them is recorded.
  var accessed: [StudentID] { get }

  /// The polled job: polls of the same job within a minute count as one access; nil if each request is its own access.
  var polled: String? { get }

  /// Computes the answer.
  ///
  /// - Throws: `Problem` if the resource does not exist, or cannot be read now.
  func answer(_ context: IntentContext) async throws(Problem) -> Answer
}

extension Intent {
  var audience: AccessPolicy { Self.declaration.audience }
  var accessed: [StudentID] { subject.map { [$0] } ?? [] }
  var polled: String? { nil }
}

/// The name, path, audience, rate and fields of an intent.
struct IntentDeclaration: Sendable {
  /// The name in `/process`, metrics and logs.
  let name: String
  /// The HTTP method.
  var method = "POST"
  /// The HTTP path, with path fields in braces.
  let path: String
  /// The purpose in one sentence.
  let summary: String
  /// Who may use it, and about whom.
  let audience: AccessPolicy
  /// How often a student may use it in a minute; other roles get a multiple of that.
  let perMinute: Int
  /// The fields of the request, in the order of the API description.
  let fields: [FieldDeclaration]
}

/// Everything that an intent may use to answer.
struct IntentContext: Sendable {
  let caller: Caller
  let correlationID: String
  /// The `Idempotency-Key` header, used by ingest.
  let idempotencyKey: String?
  let now: Timestamp
  let call: CallContext
  let store: StudentStore
  let standings: StandingStore
  let batches: Batches
  let forecasts: RecentForecasts
  let erasure: Erasure
  let intake: EventIntake
  let runtime: Runtime

  /// All places that hold student data beside the documents.
  var places: StudentPlaces { erasure.places }
  /// The day of the request.
  var today: Day { Day(now) }
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
    let document = try await storedDocument(of: student, announcements: .none)
    guard document.ledger.revision > 0 else { throw .noStudent(student) }
    return document
  }

  /// The document of a student of the caller's school, even if it holds only consent or an erasure.
  ///
  /// - Throws: `Problem` if there is none, or if it cannot be read now.
  func storedDocument(
    of student: StudentID, announcements: AnnouncementReading = .all
  ) async throws(Problem) -> StudentDocument {
    let found = try await store.found(key(of: student), announcements: announcements, call)
    guard let document = try found.stored.document() else { throw .noStudent(student) }
    return document
  }

  /// The data about a student in places beside the document.
  ///
  /// - Parameters:
  ///   - student: The student's document, an empty one if there is none.
  ///   - page: The page of lists that may be long.
  /// - Returns: The content of each place, in the order of the places.
  /// - Throws: `Problem` if the store gives no answer.
  func contents(of student: StudentDocument, _ page: PlacePage) async throws(Problem) -> [PlaceContent] {
    var contents: [PlaceContent] = []
    for place in places.all {
      do throws(SidecarFailure) {
        contents.append(try await place.export(student, page, now: now, context: call))
      } catch {
        throw .unavailable("the state store")
      }
    }
    return contents
  }

  /// The document of a student who may have data in other places; an empty one if there is none.
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
