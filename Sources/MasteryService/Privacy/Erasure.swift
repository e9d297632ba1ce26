internal import DaprClient
internal import JSON
internal import MasteryCore

/// Erases students, in two phases: first the document becomes a tombstone that lists what else there is, then that is cleaned.
///
/// Whatever ends the process in between, the request that went to the engine's own topic is delivered again and finishes the work.
struct Erasure: Sendable {
  /// Of a request older than this the tombstone may be gone, and the student a new one.
  private static let memory: Int64 = 30 * 86_400_000
  private static let day: Int64 = 86_400_000
  /// A life that began so long after a request may have followed its tombstone; lives begin up to a day ahead.
  private static let nextLife = memory - day

  let store: StudentStore
  let names: ForgottenNames
  let places: StudentPlaces
  let publisher: EventPublisher
  let runtime: Runtime

  /// What was found and taken away.
  struct Report: Sendable {
    /// Whether there was a document of a life.
    var hadDocument = false
    /// How much each place held, in the order of the places.
    var places: [(name: String, count: Int)] = []
    let erasedAt: Timestamp
  }

  // MARK: Asked for

  /// Erases a student.
  ///
  /// - Throws: `Problem` when it could not be finished now; once the request was taken by the broker it will be.
  func erase(_ key: StudentKey, now: Timestamp, context: CallContext) async throws(Problem) -> Report {
    guard await publisher.publish(ErasureMessage(key, askedAt: now).event, to: Topic.erasures, context: context) else {
      throw .unavailable("the broker")
    }
    let hadDocument = try await begin(key, asAskedAt: now, context)
    var report = Report(hadDocument: hadDocument, erasedAt: now)
    report.places = try await finish(key, context)
    return report
  }

  /// Takes up a request that the engine's own topic brings; most are done already.
  ///
  /// - Throws: `Problem` when it is to be brought again.
  func resume(_ key: StudentKey, asAskedAt moment: Timestamp, context: CallContext) async throws(Problem) {
    _ = try await begin(key, asAskedAt: moment, context)
    _ = try await finish(key, context)
  }

  // MARK: The phases

  /// Puts a tombstone in the document's place, unless that has been done since it was asked for.
  ///
  /// What is erased goes by the time of asking and by the document itself, not by the clock of whoever does it: that may be another one
  /// much later, and wrong.
  ///
  /// - Returns: Whether there was a document of a life.
  private func begin(_ key: StudentKey, asAskedAt moment: Timestamp, _ context: CallContext) async throws(Problem) -> Bool {
    var hadDocument = false
    try await names.note(key, at: moment, isForGood: false, runtime: runtime, context: context)
    let cut = Day(moment).advanced(by: -store.retentionDays)
    try await store.change(key, runtime: runtime, context: context) { (stored, now) throws(Problem) in
      let isOld = now > moment.adding(milliseconds: Self.memory)
      let standing: StudentDocument
      switch stored {
      case .document(let document) where document.ledger.isErased(asAskedAt: moment): return nil
      // A document that knows of an erasure says itself what it forgets; one that knows of none may be of a life since.
      case .document(let document)
      where isOld && document.ledger.erasedAt == nil
        && document.ledger.epoch > moment.adding(milliseconds: Self.nextLife).seconds:
        return nil
      case .document(let document): standing = document
      case .absent where isOld: return nil
      case .absent: standing = StudentDocument(student: key.student, school: key.school, cut: cut, epoch: 0)
      // What is damaged is erased like anything else. It may be a life that began up to a day ahead, or the tombstone of that. No more is
      // allowed for: a life that is numbered far ahead would outlive its tombstone, and the one after that would be numbered below it.
      case .faulty(.unreadable):
        let latest = moment.adding(milliseconds: Self.day).seconds + 1
        standing = StudentDocument(student: key.student, school: key.school, cut: cut, epoch: latest)
      case .faulty(let fault): throw Problem(fault)
      case .failed: throw .unavailable("the state store")
      }
      hadDocument = standing.ledger.revision > 0 || hadDocument
      return standing.erased(asAskedAt: moment, cut: cut, places: places.all.map(\.name))
    }
    return hadDocument
  }

  /// Cleans what a tombstone lists, tells the fleet, and empties the list.
  ///
  /// - Returns: How much each place held.
  private func finish(_ key: StudentKey, _ context: CallContext) async throws(Problem) -> [(name: String, count: Int)] {
    guard let document = try await store.found(key, context).stored.document(), let erasing = document.ledger.erasing else { return [] }
    var cleaned: [(name: String, count: Int)] = []
    for place in places.all where erasing.places.contains(place.name) {
      cleaned.append((place.name, try await clean(place, key, erasing, context)))
    }
    let epoch = document.ledger.epoch
    guard await publisher.publish(Self.erased(key, epoch: epoch, at: erasing.askedAt), to: Topic.erased, context: context) else {
      throw .unavailable("the broker")
    }
    try await store.change(key, runtime: runtime, context: context) { (stored, _) throws(Problem) in
      // Another erasure that has begun since has a list of its own. What cannot be read may still hold this one: that is not the end.
      guard var standing = try stored.document(), standing.ledger.epoch == epoch, standing.ledger.erasing != nil else { return nil }
      standing.ledger.erasing = nil
      return standing
    }
    return cleaned
  }

  private func clean(
    _ place: any StudentPlace, _ key: StudentKey, _ erasing: PendingErasure, _ context: CallContext
  ) async throws(Problem) -> Int {
    for count in 1...StudentStore.tries {
      do throws(SidecarFailure) {
        return try await place.clean(key, erasing, now: runtime.now(), context: context) { () throws(SidecarFailure) in
          try await store.document(of: key, context: context)?.ledger.erasing != nil
        }
      } catch .unintelligible {
        // A document that cannot be understood is the same at the next try: the request comes again.
        break
      } catch {
        if count < StudentStore.tries { await runtime.pause(afterTry: count) }
      }
    }
    throw .unavailable("the state store")
  }

  private static func erased(_ key: StudentKey, epoch: Int64, at moment: Timestamp) -> OutgoingEvent {
    CloudEvent.outgoing("mastery.erased", of: key, epoch: epoch, at: moment) { json in
      json.key("epoch")
      json.integer(epoch)
      json.key("revision")
      json.integer(0)
    }
  }
}
