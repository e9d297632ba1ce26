internal import HTTPServer

/// A replica's answer, and the replica's clock when it began to work on it.
struct ReplicaAnswer: Sendable {
  let response: HTTPResponse
  let clock: Int64
  /// The serial numbers of the events that it deferred meanwhile.
  let putAside: Set<Int>
}
