internal import CMicrohttpd
internal import Synchronization

/// One request on its way through the server, from its target to the last byte of its answer.
///
/// `@unchecked Sendable`: its plain members belong to the thread of its connection; `phase`, which the answering task touches too, is locked.
final class Exchange: @unchecked Sendable {
  /// Where the answer is.
  private enum Phase {
    case working
    case suspended
    case answered(HTTPResponse)
    case sent
  }

  let target: String
  let connection: OpaquePointer
  let socket: Int32
  var head: HTTPRequestHead?
  var body: [UInt8] = []
  var bodyLimit = 0
  /// What takes the body in where it is too large to be collected.
  var reader: (any HTTPBodyReader)?
  /// Bytes that the reader has taken since more time was given for the body.
  var unhurried = 0
  var reserved = 0
  var fault: HTTPRefusal?
  /// Whether it is refused while its body may still be coming in.
  var leavesBody = false
  var isHanded = false
  var isSuspended = false
  private let phase = Mutex(Phase.working)

  init(target: String, connection: OpaquePointer) {
    self.target = target
    self.connection = connection
    socket = shim_mhd_socket(connection)
  }

  /// The answer when there is one already.
  func take() -> HTTPResponse? {
    phase.withLock { phase in
      guard case .answered(let response) = phase else { return nil }
      phase = .sent
      return response
    }
  }

  /// The answer when there is one already; else suspends the connection until there is.
  ///
  /// Suspending stands inside the lock: the answering task resumes only what it has seen suspended.
  func takeOrSuspend() -> HTTPResponse? {
    phase.withLock { phase in
      switch phase {
      case .answered(let response):
        phase = .sent
        return response
      case .working:
        phase = .suspended
        MHD_suspend_connection(connection)
        return nil
      case .suspended, .sent: return nil
      }
    }
  }

  /// Takes the answer and wakes the connection where it waits; a second answer is dropped.
  func finish(_ response: HTTPResponse) {
    phase.withLock { phase in
      switch phase {
      case .working: phase = .answered(response)
      case .suspended:
        phase = .answered(response)
        MHD_resume_connection(connection)
      case .answered, .sent: break
      }
    }
  }
}
