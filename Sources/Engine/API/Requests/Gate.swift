internal import DaprClient
internal import Encodings
internal import MasteryCore

/// The gate that every request to an intent passes, whichever entry point it uses: authentication, rate limit, permission, answer.
struct Gate: Sendable {
  let authentication: Authentication
  /// Nil if no rate limits apply.
  let limits: RateLimits?
  let audit: AuditTrail
  private let polled = PolledResults()
  let runtime: Runtime

  /// Creates the gate from the settings.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - audit: The trail that records accesses.
  ///   - keys: Receives findings about the public keys.
  ///   - runtime: The clock, sleeping and randomness.
  init(_ configuration: Configuration, audit: AuditTrail, keys: KeyReport, runtime: Runtime) {
    self.audit = audit
    self.runtime = runtime
    authentication = Authentication(configuration, keys: keys)
    limits = configuration.limitsRates ? RateLimits(serviceFactor: configuration.serviceRateFactor) : nil
  }

  /// A request at the gate.
  struct Visit {
    /// The caller, or why there is none.
    let caller: Result<Caller, Problem>
    /// The requested intent type; nil if it could not be read.
    let type: (any Intent.Type)?
    /// The parsed request, or its problem, which is disclosed to authenticated callers only.
    let intent: Result<any Intent, Problem>
    let correlationID: String
    let now: Timestamp
  }

  /// The outcome of a visit.
  struct Outcome {
    /// The caller; nil if not authenticated.
    var caller: Caller?
    /// The student that the request is about; nil if there is none, or if it was refused before that was read.
    var subject: StudentID?
    var answer: Result<Answer, Problem> = .failure(.internalError)
    /// The last step reached.
    var reached = Step.caller
    /// Headers of the answer, on success or failure.
    var headers: [Problem.Detail] = []

    /// Whether the request was refused, at the gate or by the intent.
    var isRefused: Bool {
      guard reached == .work, case .failure(let problem) = answer else { return reached != .work }
      return problem.code == .forbidden
    }

    /// Whether the request got past the rate and share limits.
    var isCountedIn: Bool { reached != .limit && reached != .share }

    /// Why nothing can be answered now, in the answer's own words; nil if something else is the matter.
    var outage: String? {
      guard case .failure(let problem) = answer else { return nil }
      return problem.outage
    }

    /// The answer's status.
    var status: Int {
      switch answer {
      case .success(let answer): answer.status
      case .failure(let problem): problem.status
      }
    }
  }

  /// The steps of a visit; each can refuse it.
  enum Step {
    case caller, limit, permission, share, work
  }

  /// Whether the public keys have to be looked for regularly.
  var hasWatchedKeys: Bool { authentication.verifier.keys.isWatched }

  /// Looks once a second, until the task is cancelled, whether the public key file has changed or is lost, or whether the keys are to be
  /// fetched.
  func watchKeys(through sidecar: any Sidecar) async {
    let keys = authentication.verifier.keys
    while !Task.isCancelled {
      await keys.look(through: sidecar, now: runtime.now())
      await runtime.sleep(milliseconds: Int(KeyRing.pause))
    }
  }

  /// The caller that the credentials identify.
  ///
  /// - Throws: `Problem` if they identify none.
  func caller(_ credentials: Credentials, now: Timestamp) throws(Problem) -> Caller {
    try authentication.caller(credentials, now: now)
  }

  /// Answers a request, or refuses it.
  func pass(
    _ visit: Visit, _ work: (any Intent, Caller) async throws(Problem) -> Answer
  ) async -> Outcome {
    var outcome = Outcome()
    do throws(Problem) {
      let caller = try visit.caller.get()
      outcome.caller = caller
      outcome.subject = try? visit.intent.get().subject
      outcome.reached = .limit
      try checkLimit(caller, visit, &outcome)
      outcome.reached = .permission
      let intent = try visit.intent.get()
      // Reserved before anything is decided, because a refused access is on record too.
      let (source, number) = (AuditSource(caller), max(1, intent.accessed.count))
      outcome.reached = .share
      guard audit.reserve(number, for: source) else { throw .tooManyAccesses }
      defer { audit.release(number, of: source) }
      outcome.reached = .permission
      guard Permission(caller, asking: intent.audience, about: intent.subject) == .allowed else { throw .forbidden }
      outcome.reached = .work
      let answer = try await work(intent, caller)
      let further = max(0, answer.shown.count - number)
      outcome.reached = .share
      guard further == 0 || audit.reserve(further, for: source) else { throw .tooManyAccesses }
      defer { if further > 0 { audit.release(further, of: source) } }
      outcome.reached = .work
      outcome.answer = .success(answer)
    } catch {
      outcome.answer = .failure(error)
    }
    // The access has been decided, and its answer is not sent yet.
    record(visit, outcome)
    return outcome
  }

  private func record(_ visit: Visit, _ outcome: Outcome) {
    guard let caller = outcome.caller, let intent = try? visit.intent.get() else { return }
    // For a list refused by a rate or share limit, the request's own log line is enough; a record for each student would itself be a flood.
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
      // Requests refused by a limit stay out of the trail, so that the limit bounds how fast a caller can make it grow.
      audit.record(
        record, by: AuditSource(caller), isKept: outcome.isCountedIn, isOfStored: answer?.showsStored ?? false)
    }
  }

  /// Counts a request of a caller that asks no intent.
  ///
  /// - Throws: `Problem` if it is one too many.
  func count(_ caller: Caller, asking name: String, perMinute: Int, now: Timestamp) throws(Problem) {
    guard let allowance = limits?.take(caller, asking: name, perMinute: perMinute, now: now), !allowance.standing.isGranted else { return }
    throw allowance.problem
  }

  private func checkLimit(_ caller: Caller, _ visit: Visit, _ outcome: inout Outcome) throws(Problem) {
    guard let limits, let declaration = visit.type?.declaration,
      let allowance = limits.take(caller, asking: declaration.name, perMinute: declaration.perMinute, now: visit.now)
    else { return }
    outcome.headers = allowance.headers
    if !allowance.standing.isGranted { throw allowance.problem }
  }
}
