internal import DaprClient
internal import MasteryCore

extension StudentStore {
  /// Students that are read in one request.
  private static let studentsAtOnce = 100

  /// The documents of students that there is evidence of, each by itself.
  ///
  /// - Throws: `Problem` when none of them can be known now.
  func documents(
    of students: Set<StudentID>, school: SchoolID?, context: CallContext
  ) async throws(Problem) -> [StudentID: Result<StudentDocument, Problem>] {
    var documents: [StudentID: Result<StudentDocument, Problem>] = [:]
    for piece in students.sorted().pieces(of: Self.studentsAtOnce) {
      for (student, ledger) in zip(piece, try await ledgers(of: Array(piece), school: school, context: context)) {
        documents[student] = ledger.flatMap { $0.ledger.revision > 0 ? .success($0) : .failure(.noStudent(student)) }
      }
    }
    return documents
  }

  /// The documents of students, also those that hold only what was said of consent or of an erasure, by one read.
  ///
  /// - Throws: `Problem` when none of them can be known now.
  func ledgers(
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
      switch found.stored {
      case .document(let document): .success(document)
      case .absent: .failure(.noStudent(student))
      case .faulty(let fault): .failure(Problem(fault))
      case .failed: .failure(.unavailable("the state store"))
      }
    }
  }

  /// The document of a student; nil where nothing stands.
  ///
  /// - Throws: `SidecarFailure` when it cannot be known: where a document cannot be read, nobody may take it for one that is not there.
  func document(of key: StudentKey, context: CallContext) async throws(SidecarFailure) -> StudentDocument? {
    switch try await load([key], context: context).first?.stored {
    case .document(let document): document
    case .absent, nil: nil
    case .faulty(let fault): throw .unintelligible("\(fault)")
    case .failed(let why): throw .unread(why)
    }
  }
}
