internal import DaprClient
internal import MasteryCore

extension StandingStore {
  /// Number of students read in one request.
  private static let studentsAtOnce = 50

  /// The epochs of students' present lives, for a shard that starts over: it has forgotten the erasures, and earlier updates may still
  /// arrive late.
  ///
  /// A student who cannot be read after several tries is left out: the next result adds them.
  func lives(of students: [StudentID], school: SchoolID?, context: CallContext) async -> [StudentID: Int64] {
    var lives: [StudentID: Int64] = [:]
    for piece in students.pieces(of: Self.studentsAtOnce) {
      var open = Array(piece)
      _ = await runtime.retrying { () async -> Attempt<Void> in
        let keys = open.map { StudentKey(school: school, student: $0) }
        guard let found = try? await documents.load(keys, announcements: .none, context: context) else { return .again }
        var failed: [StudentID] = []
        for (student, found) in zip(open, found) {
          switch found.stored {
          case .document(let document): if !document.isTombstone { lives[student] = document.ledger.epoch }
          // A document of a later release cannot be judged by this one.
          case .faulty(.newerSchema): lives[student] = .min
          case .absent, .faulty(.unreadable): break
          case .failed: failed.append(student)
          }
        }
        open = failed
        return open.isEmpty ? .done(()) : .again
      }
    }
    return lives
  }
}
