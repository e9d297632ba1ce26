internal import DaprClient
internal import JSON
internal import MasteryCore

/// Something that can be asked of the service; a value of the type is one request, read and found right.
///
/// Routes, `/process`, and what describes them are all read off the declarations, so adding an intent is one file and one row in
/// `IntentTable`.
protocol Intent: Sendable {
  /// What it is called, where it is found, who may ask it how often, what it takes.
  static var declaration: IntentDeclaration { get }

  /// Reads the request.
  ///
  /// - Throws: `JSONInvalid` naming the field, its value and what has to hold.
  init(_ fields: RequestFields) throws(JSONInvalid)

  /// Whose data is asked for; nil when nobody's.
  var subject: StudentID? { get }

  /// Who may ask this very request; the declaration's audience, unless the request asks for more than the others do.
  var audience: AccessPolicy { get }

  /// The students whose stored data it shows or changes: each access to them is put on record.
  var accessed: [StudentID] { get }

  /// The job whose result is looked at: looks at the same one within a minute are one access; nil where each request is an access of its
  /// own.
  var polled: String? { get }

  /// Works it out.
  ///
  /// - Throws: `Problem` when there is no such thing, or no way to know now.
  func answer(_ context: IntentContext) async throws(Problem) -> Answer
}

extension Intent {
  var audience: AccessPolicy { Self.declaration.audience }
  var accessed: [StudentID] { subject.map { [$0] } ?? [] }
  var polled: String? { nil }
}

/// What an intent is called, where it is found, who may ask it how often, what it takes.
struct IntentDeclaration: Sendable {
  /// The name in `/process`, in metrics and logs.
  let name: String
  /// How it is asked over HTTP.
  var method = "POST"
  /// The path over HTTP; a field that it gives stands in braces.
  let path: String
  /// What it does, in one sentence.
  let summary: String
  /// Who may ask it, and about whom.
  let audience: AccessPolicy
  /// How often a student may ask it in a minute; other roles may a multiple of that.
  let perMinute: Int
  /// The fields of its request, in the order of their description.
  let fields: [FieldDeclaration]
}

/// What an intent may use while it answers.
struct IntentContext: Sendable {
  let caller: Caller
  let correlationID: String
  /// The header of that name, which ingest heeds.
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

  /// Everything that holds data of students beside their documents.
  var places: StudentPlaces { erasure.places }
  /// The day on which it is asked.
  var today: Day { Day(now) }
  /// The first day that retention lets be seen.
  var firstDay: Day { today.advanced(by: -store.retentionDays) }

  /// A student of the caller's school.
  func key(of student: StudentID) -> StudentKey { StudentKey(school: caller.school, student: student) }

  /// The document of a student of the caller's school that there is evidence of.
  ///
  /// - Throws: `Problem` when there is none, or when it cannot be known now.
  func document(of student: StudentID) async throws(Problem) -> StudentDocument {
    // Nobody is shown what waits to be published.
    let document = try await ledger(of: student, announcements: .none)
    guard document.ledger.revision > 0 else { throw .noStudent(student) }
    return document
  }

  /// The document of a student of the caller's school, also one that holds only what was said of consent or of an erasure.
  ///
  /// - Throws: `Problem` when there is none, or when it cannot be known now.
  func ledger(
    of student: StudentID, announcements: AnnouncementReading = .all
  ) async throws(Problem) -> StudentDocument {
    let found = try await store.found(key(of: student), announcements: announcements, call)
    guard let document = try found.stored.document() else { throw .noStudent(student) }
    return document
  }

  /// What the places beside a student's document hold.
  ///
  /// - Parameters:
  ///   - student: The student's document, an empty one where there is none.
  ///   - page: Which part of lists that may be long.
  /// - Returns: For each place what it holds, in the order of the places.
  /// - Throws: `Problem` when the store does not say.
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

  /// The document of a student of whom something may be stored beside it; an empty one where there is none.
  ///
  /// - Returns: The document, and whether there is one.
  /// - Throws: `Problem` when the student is erased, or when it cannot be known now.
  func documentOrNone(of student: StudentID) async throws(Problem) -> (document: StudentDocument, isStored: Bool) {
    switch try await store.found(key(of: student), call).stored {
    case .document(let document) where document.isTombstone: throw .noStudent(student)
    case .document(let document): return (document, true)
    case .absent: return (StudentDocument(student: student, school: caller.school, cut: firstDay, epoch: 0), false)
    case .faulty(let fault): throw Problem(fault)
    case .failed: throw .unavailable("the state store")
    }
  }
}
