internal import Encodings
internal import MasteryCore

/// Every request to an intent passes here, whichever door it came through: who asks, how often, whose data, then the answer.
struct Gate: Sendable {
  let authentication: Authentication
  /// Nil where nobody is limited.
  let limits: RateLimits?
  let audit: AuditTrail
  private let polled = PolledResults()
  let runtime: Runtime

  /// The gate that settings make.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - audit: Where accesses are put on record.
  ///   - keys: Told what becomes of the file of public keys.
  ///   - runtime: The clock, waiting, chance.
  init(_ configuration: Configuration, audit: AuditTrail, keys: KeyReport, runtime: Runtime) {
    self.audit = audit
    self.runtime = runtime
    authentication = Authentication(configuration, keys: keys)
    limits = configuration.limitsRates ? RateLimits(serviceFactor: configuration.serviceRateFactor) : nil
  }

  /// A request at the gate.
  struct Visit {
    let credentials: Credentials
    /// What it asks for; nil where that could not be read.
    let type: (any Intent.Type)?
    /// The request itself, or what is wrong with it, which only a caller that is known gets to hear.
    let intent: Result<any Intent, Problem>
    let correlationID: String
    let now: Timestamp
  }

  /// What became of a visit.
  struct Outcome {
    /// Who it was; nil when that could not be found out.
    var caller: Caller?
    /// Whom it was about; nil when about nobody, or when it was refused before that was read.
    var subject: StudentID?
    var answer: Result<Answer, Problem> = .failure(.internalError)
    /// How far it came.
    var reached = Step.caller
    /// The headers that go along with either.
    var headers: [Problem.Detail] = []

    /// Whether it was turned away, at the gate or by what was asked for.
    var isRefused: Bool {
      guard reached == .work, case .failure(let problem) = answer else { return reached != .work }
      return problem.code == .forbidden
    }

    /// Whether it came further than the limits of how much anybody may ask.
    var isCountedIn: Bool { reached != .limit && reached != .share }

    /// The status of the answer.
    var status: Int {
      switch answer {
      case .success(let answer): answer.status
      case .failure(let problem): problem.status
      }
    }
  }

  /// The steps of a visit, each of which can refuse it.
  enum Step {
    case caller, limit, permission, share, work
  }

  /// Whether the public keys stand in a file, which is to be watched.
  var hasWatchedKeys: Bool { authentication.verifier.keys.isWatched }

  /// Looks at the file of public keys once a second until the task is cancelled, so that it is seen in time that it is gone.
  func watchKeys() async {
    let keys = authentication.verifier.keys
    while !Task.isCancelled {
      _ = keys.keys(now: runtime.now())
      await runtime.sleep(milliseconds: Int(KeyRing.pause))
    }
  }

  /// Why a request that brings these credentials need not be read any further; nil when it may go on.
  func problem(with credentials: Credentials, now: Timestamp) -> Problem? {
    do throws(Problem) {
      _ = try authentication.caller(credentials, now: now)
      return nil
    } catch {
      return error
    }
  }

  /// Lets a request through to its answer, or refuses it.
  func pass(
    _ visit: Visit, _ work: (any Intent, Caller) async throws(Problem) -> Answer
  ) async -> Outcome {
    var outcome = Outcome()
    do throws(Problem) {
      let caller = try authentication.caller(visit.credentials, now: visit.now)
      outcome.caller = caller
      outcome.subject = try? visit.intent.get().subject
      outcome.reached = .limit
      try checkLimit(caller, visit, &outcome)
      outcome.reached = .permission
      let intent = try visit.intent.get()
      guard Permission(caller, asking: intent.audience, about: intent.subject) == .allowed else { throw .forbidden }
      let (source, number) = (AuditSource(caller), max(1, intent.accessed.count))
      outcome.reached = .share
      guard audit.reserve(number, for: source) else { throw .tooManyAccesses }
      defer { audit.release(number, of: source) }
      outcome.reached = .work
      outcome.answer = .success(try await work(intent, caller))
    } catch {
      outcome.answer = .failure(error)
    }
    // The access is over, allowed or refused, and its answer is not out yet.
    record(visit, outcome)
    return outcome
  }

  private func record(_ visit: Visit, _ outcome: Outcome) {
    guard let caller = outcome.caller, let intent = try? visit.intent.get() else { return }
    // Of a list that is refused for its number the request's own line tells; a record for each would be a flood of its own.
    guard outcome.isCountedIn || intent.subject != nil else { return }
    let answer = try? outcome.answer.get()
    var seen: Set<StudentID> = []
    for student in intent.accessed + (answer?.shown ?? []) where seen.insert(student).inserted {
      let key = StudentKey(school: caller.school, student: student)
      if let job = intent.polled, !polled.isFirst(of: caller, job, key, now: visit.now) { continue }
      let record = AuditRecord(
        id: Digest.uuid(runtime.random(), runtime.random()), at: visit.now, userID: caller.subject, userRole: caller.role.rawValue,
        student: key, action: type(of: intent).declaration.name,
        outcome: outcome.isRefused ? .refused : .allowed, status: outcome.status, correlationID: visit.correlationID)
      // What is refused for its number stays out of the trail, so that the limit bounds how fast anybody can make it grow.
      audit.record(
        record, by: AuditSource(caller), isKept: outcome.isCountedIn, isOfStored: answer?.showsStored ?? false)
    }
  }

  private func checkLimit(_ caller: Caller, _ visit: Visit, _ outcome: inout Outcome) throws(Problem) {
    guard let limits, let type = visit.type, let allowance = limits.take(caller, asking: type.declaration, now: visit.now) else { return }
    outcome.headers = allowance.headers
    if !allowance.standing.isGranted { throw allowance.problem }
  }
}
