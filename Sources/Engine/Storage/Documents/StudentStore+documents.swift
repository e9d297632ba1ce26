internal import DaprClient
internal import MasteryCore

extension StudentStore.Stored {
  /// The stored document; nil if there is none.
  ///
  /// - Throws: `Problem` if it cannot be read: an unreadable document must not be taken for a missing one.
  func document() throws(Problem) -> StudentDocument? {
    switch self {
    case .document(let document): return document
    case .absent: return nil
    case .faulty(let fault): throw Problem(fault)
    case .failed: throw .unavailable("the state store")
    }
  }
}

extension StudentDocument {
  /// The evidence of the course that is asked for, or all of it if none is.
  ///
  /// - Throws: `Problem` if nothing is known of the student in that course.
  func scope(of course: CourseID?) throws(Problem) -> EvidenceScope {
    let scope = EvidenceScope(askedFor: course)
    if let course, !evidence.isKnown(scope) {
      throw .notFound("nothing is known of \(student.text) in the course \(course.text)")
    }
    return scope
  }
}

extension StudentStore {
  /// Number of students read in one request.
  private static let studentsAtOnce = 50

  /// The documents of students with evidence, each independently.
  ///
  /// - Throws: `Problem` if none of them can be read now.
  func documents(
    of students: Set<StudentID>, school: SchoolID?, context: CallContext
  ) async throws(Problem) -> [StudentID: Result<StudentDocument, Problem>] {
    var documents: [StudentID: Result<StudentDocument, Problem>] = [:]
    try await eachDocument(of: students, school: school, context: context) { documents[$0] = $1 }
    return documents
  }

  /// Reads the documents of students with evidence, a few at a time.
  ///
  /// - Parameters:
  ///   - students: The students.
  ///   - school: Their school.
  ///   - context: Deadline and trace.
  ///   - take: Receives the next document, or why there is none.
  /// - Throws: `Problem` if none of a group can be read now, or the error that `take` throws.
  func eachDocument(
    of students: Set<StudentID>, school: SchoolID?, context: CallContext,
    _ take: (StudentID, Result<StudentDocument, Problem>) throws(Problem) -> Void
  ) async throws(Problem) {
    for piece in students.sorted().pieces(of: Self.studentsAtOnce) {
      try await surveys.take { () async -> Result<Void, Problem> in
        do throws(Problem) {
          for (student, ledger) in zip(piece, try await storedDocuments(of: Array(piece), school: school, context: context)) {
            try take(student, ledger.flatMap { $0.ledger.revision > 0 ? .success($0) : .failure(.noStudent(student)) })
          }
          return .success(())
        } catch {
          return .failure(error)
        }
      }.get()
    }
  }

  /// The documents of students, including those with only consent or an erasure, in one read.
  ///
  /// - Throws: `Problem` if none of them can be read now.
  func storedDocuments(
    of students: [StudentID], school: SchoolID?, context: CallContext
  ) async throws(Problem) -> [Result<StudentDocument, Problem>] {
    let found: [Found]
    do throws(SidecarFailure) {
      found = try await load(
        students.map { StudentKey(school: school, student: $0) }, announcements: .none, context: context)
    } catch {
      throw .unavailable("the state store")
    }
    return zip(students, found).map { student, found in
      Result { () throws(Problem) in
        guard let document = try found.stored.document() else { throw .noStudent(student) }
        return document
      }
    }
  }

  /// The document of a student; nil if there is none.
  ///
  /// - Throws: `SidecarFailure` if it cannot be read: an unreadable document must not be taken for a missing one.
  func document(of key: StudentKey, context: CallContext) async throws(SidecarFailure) -> StudentDocument? {
    switch try await load([key], context: context).first?.stored {
    case .document(let document): document
    case .absent, nil: nil
    case .faulty(let fault): throw .unintelligible("\(fault)")
    case .failed(let why): throw .unread(why)
    }
  }

  /// The least time in milliseconds that a read gets, however long its caller has waited for others.
  private static let leastDeadline = 250

  /// The stored document of a student, for viewing only: read together with those that others ask for at the same moment.
  ///
  /// What a caller waits for others counts into its deadline.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func viewed(_ key: StudentKey, runtime: Runtime, _ context: CallContext) async throws(Problem) -> Found {
    let asked = runtime.uptime()
    let found = await views.take(key, uptime: runtime.uptime) { keys in
      var context = context
      context.deadline = max(
        min(context.deadline, Self.leastDeadline), context.deadline - Int((runtime.uptime() - asked) / 1_000_000))
      return (try? await load(keys, announcements: .none, context: context)) ?? keys.map { _ in nil }
    }
    guard let found else { throw .unavailable("the state store") }
    if case .failed = found.stored { throw .unavailable("the state store") }
    return found
  }
}
