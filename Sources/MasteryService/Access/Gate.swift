internal import MasteryCore

/// Every request to an intent passes here, whichever door it came through: who asks, how often, whose data, then the answer.
struct Gate: Sendable {
  let authentication: Authentication
  /// Nil where nobody is limited.
  let limits: RateLimits?

  /// The gate that settings make.
  init(_ configuration: Configuration) {
    authentication = Authentication(
      verifier: TokenVerifier(
        keys: KeyRing(secret: configuration.tokenSecret, jwks: configuration.jwtKeys), issuer: configuration.jwtIssuer,
        audience: configuration.jwtAudience, remembered: VerifiedTokens()),
      letsUnknownIn: configuration.environment == .development)
    limits = configuration.limitsRates ? RateLimits(serviceFactor: configuration.serviceRateFactor) : nil
  }

  /// A request at the gate.
  struct Visit {
    let credentials: Credentials
    /// What it asks for; nil where that could not be read.
    let type: (any Intent.Type)?
    /// The request itself, or what is wrong with it, which only a caller that is known gets to hear.
    let intent: Result<any Intent, Problem>
    let now: Timestamp
  }

  /// What became of a visit: all that an audit record says.
  struct Outcome {
    /// Who it was; nil when that could not be found out.
    var caller: Caller?
    /// Whom it was about; nil when about nobody, or when it was refused before that was read.
    var subject: StudentID?
    var answer: Result<Answer, Problem> = .failure(.internalError)
    /// The headers that go along with either.
    var headers: [Problem.Detail] = []
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
      try checkLimit(caller, visit, &outcome)
      let intent = try visit.intent.get()
      guard Permission(caller, asking: intent.audience, about: intent.subject) == .allowed else { throw .forbidden }
      outcome.answer = .success(try await work(intent, caller))
    } catch {
      outcome.answer = .failure(error)
    }
    // The access is over, allowed or refused, and its answer is not out yet: here it is put on record.
    return outcome
  }

  private func checkLimit(_ caller: Caller, _ visit: Visit, _ outcome: inout Outcome) throws(Problem) {
    guard let limits, let type = visit.type, let allowance = limits.take(caller, asking: type.declaration, now: visit.now) else { return }
    outcome.headers = allowance.headers
    if !allowance.standing.isGranted { throw allowance.problem }
  }
}
