public import HTTPServer
internal import MasteryCore

/// What concerns the sidecar's own calls alone.
extension MasteryService {
  /// Takes a delivery apart that is too large to be collected; no other body may be so large.
  public func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)? {
    guard case .events(let row) = Route(path: head.path, subscriptions: subscriptions) else { return nil }
    // What the engine itself has published is of no use by its head.
    return DeliveryStream(DeliveryMetadata(head), keepsWhole: row.consumer != .events, now: runtime.now())
  }

  /// Gives the sidecar's own calls room whatever callers send, who have half of it.
  public func share(of head: HTTPRequestHead) -> HTTPBodyShare {
    Route(path: head.path, subscriptions: subscriptions)?.isTheSidecars ?? false ? .neighbour : .common
  }

  /// Whether a request brings the sidecar's token; where there is none, only who connects from the same machine counts as the sidecar.
  public func isNeighbour(_ head: HTTPRequestHead) -> Bool {
    configuration.appToken != nil && sidecarToken.isBrought(by: head)
  }

  /// What shows that a call which only the sidecar makes is not its own.
  ///
  /// What another app invokes through the sidecar carries the sidecar's token too, and always the app's name beside it; the sidecar's
  /// own calls never carry one. A name that the app itself sends stands beside the true one.
  func sidecarProblem(with head: HTTPRequestHead) -> Problem? {
    guard head.header("dapr-caller-app-id") != nil else { return isTokenRight(head) ? nil : .notTheSidecar }
    let callers = head.values(of: "dapr-caller-app-id").joined(separator: ", ")
    log(
      LogLine(
        .warning, "an app invoked what only the sidecar itself may call",
        [("endpoint", .text(String(head.path.prefix(200)))), ("caller", .text(String(callers.prefix(200))))]), at: runtime.now())
    return .invoked
  }

  private func isTokenRight(_ head: HTTPRequestHead) -> Bool {
    guard sidecarToken.isBrought(by: head) else {
      tokens.refused(head.path)
      return false
    }
    tokens.trusted()
    return true
  }

  /// The body of a delivery, collected or taken apart.
  func deliveryBody(of request: HTTPRequest, _ trace: RequestTrace) -> DeliveryBody {
    guard let stream = request.reader as? DeliveryStream else { return .whole(request.body) }
    let delivery = stream.finish()
    if delivery.leftOut > 0 {
      log(
        LogLine(
          .warning, "a delivery has more entries than there is room for; the rest is to come again",
          [
            ("endpoint", .text(trace.endpoint)), ("entries", .integer(delivery.entries.count)), ("left_out", .integer(delivery.leftOut)),
          ]), at: trace.began)
    }
    return .split(delivery)
  }
}
