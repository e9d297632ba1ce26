internal import CCurl
internal import Synchronization

/// An HTTP client over libcurl's multi interface: one thread of its own, connections kept open and reused.
///
/// Calls may come from any task; each is given to the thread and waits for its answer. There are no redirects and no retries but one: if a
/// kept connection turns out to be closed before a byte of the answer came, libcurl sends the request again on a new one.
public final class HTTPClient: Sendable {
  private let transfers: TransferThread

  /// Starts the client's thread.
  ///
  /// - Parameter connections: The most calls in flight, each on its own connection; further calls wait for a free one while their deadline
  ///   runs.
  /// - Throws: `HTTPClientFailure.broken` if libcurl or the system cannot provide what it needs.
  public init(connections: Int = 64) throws(HTTPClientFailure) {
    transfers = try TransferThread(connections: connections)
  }

  deinit { transfers.stop() }

  /// Sends a request and waits for the whole answer, whatever its status.
  ///
  /// - Parameter call: The request.
  /// - Returns: The answer.
  /// - Throws: `HTTPClientFailure` if no complete answer came within the deadline.
  public func send(_ call: HTTPCall) async throws(HTTPClientFailure) -> HTTPAnswer {
    let result = await withUnsafeContinuation { continuation in
      transfers.submit(Transfer(call) { continuation.resume(returning: $0) })
    }
    return try result.get()
  }

  /// Stops the thread and ends running calls with `stopped`; later calls fail the same way.
  public func stop() {
    transfers.stop()
  }
}
