internal import DaprClient
internal import MasteryCore

extension StandingStore {
  /// What is to be done with a late update about a life of a student who was erased.
  enum LifeVerdict {
    /// That life is erased too.
    case erased(StandingShard.Erasure)
    /// That life is the student's present one, and all before it are over.
    case present(StandingShard.Erasure)
    /// There is no document that shows it; the next result adds the student.
    case unknown
    /// It cannot be found out now.
    case unread
  }

  /// Judges a life of a student who was erased.
  ///
  /// A life above the one that the erasure began is usually a later one. It is an erased one if a clock far ahead numbered it and its
  /// document was unreadable when it was erased: then the document's own number is lower.
  func verdict(
    on life: Int64, of key: StudentKey, after mark: StandingShard.Erasure, context: CallContext
  ) async -> LifeVerdict {
    if mark.covers(life) { return .erased(mark) }
    if life == mark.epoch { return .present(mark) }
    switch try? await documents.load([key], announcements: .none, context: context).first?.stored {
    case .document(let document):
      let epoch = document.ledger.epoch
      if life == epoch { return .present(StandingShard.Erasure(epoch: epoch, at: mark.at, stray: mark.stray)) }
      return .erased(
        life < epoch
          ? StandingShard.Erasure(epoch: epoch, at: mark.at, stray: mark.stray)
          : StandingShard.Erasure(epoch: mark.epoch, at: mark.at, stray: life))
    case .faulty(.newerSchema): return .present(mark)
    case .absent, .faulty(.unreadable): return .unknown
    case .failed, nil: return .unread
    }
  }

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
