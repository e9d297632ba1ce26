internal import HTTPServer
internal import MasteryCore

/// Every request to an intent passes here, whichever door it came through: who asks, and whether it may.
///
/// The order of the steps is the order of this list; what comes to stand between a request and its answer (tokens, roles, limits,
/// audit) is a step of its own.
struct Gate: Sendable {
  let steps: [any GateStep]

  /// Finds out who asks.
  ///
  /// - Throws: `Problem` of the first step that refuses.
  func caller(for head: HTTPRequestHead, asking intent: any Intent) throws(Problem) -> Caller {
    var caller: Caller?
    for step in steps { caller = try step.pass(head, intent, caller) }
    guard let caller else { throw .internalError }
    return caller
  }
}

/// One thing that is asked of a request before it is answered.
protocol GateStep: Sendable {
  /// Lets a request on, with what is known of its caller by now.
  ///
  /// - Throws: `Problem` when the request must not go on.
  func pass(_ head: HTTPRequestHead, _ intent: any Intent, _ caller: Caller?) throws(Problem) -> Caller?
}

/// Development only: whoever asks without a token is a service, of the school that the header `X-School-ID` names.
struct UnverifiedDevelopmentCaller: GateStep {
  func pass(_ head: HTTPRequestHead, _ intent: any Intent, _ caller: Caller?) throws(Problem) -> Caller? {
    guard caller == nil else { return caller }
    guard let name = head.header("x-school-id") else { return Caller(role: .service, subject: "development", school: nil) }
    guard let school = SchoolID(name) else {
      throw .invalid("X-School-ID", value: String(name.prefix(100)), FieldType.identifier.constraint)
    }
    return Caller(role: .service, subject: "development", school: school)
  }
}
