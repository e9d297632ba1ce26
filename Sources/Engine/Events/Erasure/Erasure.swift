internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

/// Erases students in two phases: first the document becomes a tombstone that lists the remaining stores, then those are cleaned.
///
/// If the process ends in between, the request on the engine's own topic is redelivered and finishes the work.
struct Erasure: Sendable {
  /// For a request older than this, the tombstone may be gone and the student a new one.
  private static let memory: Int64 = 30 * 86_400_000
  private static let day: Int64 = 86_400_000
  /// A life that began this long after a request may have followed its tombstone; lives begin up to a day ahead.
  private static let nextLife = memory - day

  let store: StudentStore
  let names: ForgottenNames
  let dataStores: PersonalDataStores
  let publisher: EventPublisher
  let runtime: Runtime
  private let lanes = ErasureLanes()

  /// A request to erase a student.
  struct Request: Sendable {
    /// When it was made.
    let askedAt: Timestamp
    /// Whether the broker has it, so that it is finished even if the process ends.
    let isPublished: Bool
    /// Whether it has waited at the end of the topic since it was first met, so that whoever was asked has begun or ended by now.
    let hasWaited: Bool

    /// Leaves everything as it is, since the request seems to be of a former life.
    ///
    /// A clock far ahead takes each request for an old one, and whoever was asked may be about to write the tombstone. A life that was begun
    /// by such a clock looks like one that began since.
    ///
    /// - Throws: `Problem` if the request has not waited for whoever was asked.
    func leftAlone() throws(Problem) -> StudentDocument? {
      guard hasWaited else { throw .unavailable("the process that was asked to erase the student") }
      return nil
    }
  }

  /// The data found and removed.
  struct Report: Sendable {
    /// Whether there was a document with data.
    let hadDocument: Bool
    /// Number of items removed from each store, in the order of the stores.
    let removed: [(name: String, count: Int)]
    let erasedAt: Timestamp
  }

  // MARK: Requests

  /// Erases a student.
  ///
  /// - Throws: `Problem` if it could not be finished now; once the broker has accepted the request, it will be.
  func erase(_ key: StudentKey, now: Timestamp, context: CallContext) async throws(Problem) -> Report {
    try await run(key, Request(askedAt: now, isPublished: false, hasWaited: false), context)
  }

  /// Continues a request from the engine's own topic; most are already done.
  ///
  /// - Throws: `Problem` if it has to be redelivered.
  func resume(_ key: StudentKey, asAskedAt moment: Timestamp, hasWaited: Bool, context: CallContext) async throws(Problem) {
    _ = try await run(key, Request(askedAt: moment, isPublished: true, hasWaited: hasWaited), context)
  }

  private func run(_ key: StudentKey, _ request: Request, _ context: CallContext) async throws(Problem) -> Report {
    try await lanes.run(key, request) { request in
      do throws(Problem) {
        return .success(try await perform(request, key, context))
      } catch {
        return .failure(error)
      }
    }.get()
  }

  private func perform(_ request: Request, _ key: StudentKey, _ context: CallContext) async throws(Problem) -> Report {
    if !request.isPublished {
      guard await publisher.publish(ErasureMessage(key, askedAt: request.askedAt).event, to: Topic.erasures, context: context) else {
        throw .unavailable("the broker")
      }
    }
    let hadDocument = try await begin(key, request, context)
    return Report(hadDocument: hadDocument, removed: try await finish(key, context), erasedAt: request.askedAt)
  }

  // MARK: The phases

  /// Replaces the document with a tombstone, unless that has been done since the request.
  ///
  /// What is erased is determined by the time of the request and the document itself, not by the clock of the executing process, which may
  /// run much later and be wrong.
  ///
  /// - Returns: Whether there was a document with data.
  private func begin(_ key: StudentKey, _ request: Request, _ context: CallContext) async throws(Problem) -> Bool {
    let moment = request.askedAt
    var hadDocument = false
    try await names.note(key, at: moment, isForGood: false, runtime: runtime, context: context)
    let cutoff = store.calendars.day(of: moment, in: key.school).advanced(by: -store.retentionDays)
    try await store.change(key, runtime: runtime, context: context) { (stored, now) throws(Problem) in
      let isOld = now > moment.adding(milliseconds: Self.memory)
      let standing: StudentDocument
      switch stored {
      case .document(let document) where document.ledger.isErased(asAskedAt: moment): return nil
      // A document that knows of an erasure itself states what it forgets; one that does not may belong to a life that began since.
      case .document(let document)
      where isOld && document.ledger.erasedAt == nil
        && document.ledger.epoch > moment.adding(milliseconds: Self.nextLife).seconds:
        return try request.leftAlone()
      case .document(let document): standing = document
      case .absent where isOld: return try request.leftAlone()
      case .absent: standing = StudentDocument(student: key.student, school: key.school, cutoff: cutoff, epoch: 0)
      // A damaged document is erased like any other. It may be a life that began up to a day ahead, by a clock that differs a little, or
      // that life's tombstone. A larger margin is not allowed: a life numbered far ahead would outlive its tombstone, and the next one
      // would be numbered below it.
      case .faulty(.unreadable):
        let latest = moment.adding(milliseconds: Self.day + Ledger.erasureMargin).seconds + 1
        standing = StudentDocument(student: key.student, school: key.school, cutoff: cutoff, epoch: latest)
      case .faulty(let fault): throw Problem(fault)
      case .failed: throw .unavailable("the state store")
      }
      hadDocument = standing.ledger.revision > 0 || hadDocument
      return standing.erased(asAskedAt: moment, cutoff: cutoff, stores: dataStores.all.map(\.name))
    }
    return hadDocument
  }

  /// Cleans the stores that a tombstone lists, informs the fleet, and empties the list.
  ///
  /// - Returns: Number of items removed from each store.
  private func finish(_ key: StudentKey, _ context: CallContext) async throws(Problem) -> [(name: String, count: Int)] {
    guard let document = try await store.found(key, context).stored.document(), let erasing = document.ledger.erasing else { return [] }
    var cleaned: [(name: String, count: Int)] = []
    for dataStore in dataStores.all where erasing.stores.contains(dataStore.name) {
      cleaned.append((dataStore.name, try await clean(dataStore, key, erasing, context)))
    }
    let epoch = document.ledger.epoch
    guard await publisher.publish(Self.erased(key, epoch: epoch, at: erasing.askedAt), to: Topic.erased, context: context) else {
      throw .unavailable("the broker")
    }
    try await store.change(key, runtime: runtime, context: context) { (stored, _) throws(Problem) in
      // A later erasure has a list of its own. An unreadable document may still hold this list, so the work is not finished.
      guard var standing = try stored.document(), standing.ledger.epoch == epoch, standing.ledger.erasing != nil else { return nil }
      standing.ledger.erasing = nil
      return standing
    }
    return cleaned
  }

  private func clean(
    _ dataStore: any PersonalDataStore, _ key: StudentKey, _ erasing: PendingErasure, _ context: CallContext
  ) async throws(Problem) -> Int {
    // An erasure makes so many calls that a slow store would hardly ever let it come to an end if one that times out ended it.
    try await runtime.storing(throughOutages: true) { () async throws(SidecarFailure) in
      try await dataStore.clean(key, erasing, now: runtime.now(), context: context) { () throws(SidecarFailure) in
        try await store.document(of: key, context: context)?.ledger.erasing != nil
      }
    }
  }

  /// `mastery.erased`: a student is gone.
  static let erasedShape = EventShape(
    "mastery.erased", to: Topic.erased, "everything that was stored about a student is erased",
    ObjectShape<Erased>("StudentErased", "a student is gone: consumers forget the student too") {
      Member.all(of: Identity.members) { $0.identity }
      Member("epoch", .count, "the life that ended; a later one has a higher epoch") { $0.epoch }
      Member("revision", .count, "0: no revision of that life counts any more") { _ in 0 }
    })

  /// A student who is gone.
  struct Erased {
    let identity: Identity
    let epoch: Int64
  }

  private static func erased(_ key: StudentKey, epoch: Int64, at moment: Timestamp) -> OutgoingEvent {
    let erased = Erased(identity: Identity(student: key.student, school: key.school), epoch: epoch)
    let id = CloudEvent.id(ofErasure: erasedShape.type, key: key, epoch: epoch, at: moment)
    return CloudEvent.outgoing(CloudEvent.bytes(id: id, erasedShape, erased, time: moment), partitionKey: key.student.text)
  }
}
