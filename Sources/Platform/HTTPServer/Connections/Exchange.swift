internal import Synchronization

/// One request on its way through the server, from its head to the last byte of its answer.
///
/// `@unchecked Sendable`: its plain members belong to the thread of its connection; `phase`, which the answering task touches too, is
/// locked.
final class Exchange: @unchecked Sendable {
  /// The state of the answer.
  private enum Phase {
    case working
    case awaited
    case answered(HTTPResponse)
    case sent
  }

  let message: RequestMessage
  var intake: BodyIntake
  var body: [UInt8] = []
  /// How the application accepted it; until then, no body is.
  var acceptance = HTTPAcceptance(bodyLimit: 0, share: .common, context: nil)
  /// What reads the body if it is too large to be collected.
  var reader: (any HTTPBodyReader)?
  /// Bytes that the reader has taken since the body's time was last extended.
  var unhurried = 0
  var reserved = 0
  private let phase = Mutex(Phase.working)

  init(_ message: RequestMessage) {
    self.message = message
    intake = BodyIntake(message.framing)
  }

  /// The answer if there already is one; otherwise it is awaited from now on.
  func takeOrAwait() -> HTTPResponse? {
    phase.withLock { phase in
      switch phase {
      case .answered(let response):
        phase = .sent
        return response
      case .working:
        phase = .awaited
        return nil
      case .awaited, .sent: return nil
      }
    }
  }

  /// Accepts the answer; a second one is dropped.
  ///
  /// - Returns: Whether it is awaited.
  func finish(_ response: HTTPResponse) -> Bool {
    phase.withLock { phase in
      switch phase {
      case .working:
        phase = .answered(response)
        return false
      case .awaited:
        phase = .answered(response)
        return true
      case .answered, .sent: return false
      }
    }
  }

  /// Stops awaiting the answer, whatever comes; false if it was already taken.
  func giveUp() -> Bool {
    phase.withLock { phase in
      if case .sent = phase { return false }
      phase = .sent
      return true
    }
  }
}
