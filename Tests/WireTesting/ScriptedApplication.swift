public import HTTPServer
internal import Synchronization

/// An application with scripted answers that records what it has seen.
public final class ScriptedApplication: HTTPApplication {
  private let bodyLimit: Int
  private let share: HTTPBodyShare
  private let respond: @Sendable (HTTPRequest) async -> HTTPResponse
  private let judge: @Sendable (HTTPRequestHead) -> HTTPResponse?
  private let reader: @Sendable (HTTPRequestHead) -> (any HTTPBodyReader)?
  private let knows: @Sendable (HTTPRequestHead) -> Bool
  private let seenHeads = Mutex<[HTTPRequestHead]>([])
  private let seenRequests = Mutex<[HTTPRequest]>([])

  /// An application.
  ///
  /// - Parameters:
  ///   - bodyLimit: Most bytes of an accepted body.
  ///   - share: Whose room bodies take.
  ///   - judge: Refuses by the head alone; nil from it accepts the request.
  ///   - reader: Reads a body over the limit; nil from it refuses the body.
  ///   - knows: Whether a request proves that its connection is a neighbour's.
  ///   - respond: Answers.
  public init(
    bodyLimit: Int = 16 << 20, share: HTTPBodyShare = .neighbour,
    judge: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse? = { _ in nil },
    reader: @escaping @Sendable (HTTPRequestHead) -> (any HTTPBodyReader)? = { _ in nil },
    knows: @escaping @Sendable (HTTPRequestHead) -> Bool = { _ in false },
    respond: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) {
    self.bodyLimit = bodyLimit
    self.share = share
    self.judge = judge
    self.reader = reader
    self.knows = knows
    self.respond = respond
  }

  /// The heads that were judged.
  public var heads: [HTTPRequestHead] { seenHeads.withLock { $0 } }

  /// The requests that arrived whole.
  public var requests: [HTTPRequest] { seenRequests.withLock { $0 } }

  /// Records the head and lets the judge decide.
  public func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
    seenHeads.withLock { $0.append(head) }
    return judge(head).map { .refuse($0) } ?? .accept(bodyLimit: bodyLimit, share: share, context: head.path)
  }

  /// Reads a body over the limit as scripted.
  public func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)? { reader(head) }

  /// Recognises neighbours as scripted.
  public func isNeighbour(_ head: HTTPRequestHead) -> Bool { knows(head) }

  /// Answers a refusal with its own name, so that a test can tell them apart.
  public func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    let status =
      switch refusal {
      case .badFraming: 400
      case .bodyTooLarge: 413
      case .overloaded, .stopping: 503
      case .unreadable(let status): status
      }
    return HTTPResponse(status: status, body: Array("refused: \(refusal)".utf8))
  }

  /// Records the request and answers as scripted.
  public func answer(_ request: HTTPRequest) async -> HTTPResponse {
    seenRequests.withLock { $0.append(request) }
    return await respond(request)
  }

  /// Starts a server on a free port of this machine.
  ///
  /// - Parameter adjust: Changes the settings.
  /// - Returns: The server, listening.
  /// - Throws: `HTTPServerFailure` if there is none.
  public func serve(_ adjust: (inout HTTPServerSettings) -> Void = { _ in }) throws(HTTPServerFailure) -> HTTPServer {
    var settings = HTTPServerSettings(host: "127.0.0.1", port: 0)
    // Long enough for a busy machine; a test of a limit sets its own.
    (settings.idleSeconds, settings.neighbourIdleSeconds, settings.bodySeconds) = (600, 600, 600)
    adjust(&settings)
    return try HTTPServer(settings, application: self)
  }
}

extension HTTPResponse {
  /// Status 200 with a text.
  public static func text(_ text: String) -> HTTPResponse {
    HTTPResponse(status: 200, body: Array(text.utf8))
  }
}
