internal import HTTPServer

/// A replica's answer, and its clock when it began.
struct ReplicaAnswer: Sendable {
  let response: HTTPResponse
  let clock: Int64
  /// The serials of the events that were put aside meanwhile.
  let putAside: Set<Int>
}
