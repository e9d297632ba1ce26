internal import CCurl
internal import Synchronization

/// An HTTP client over libcurl's multi interface: one thread of its own, connections kept open and used again.
///
/// Calls may come from any task; each is given to the thread and waits for its answer. No redirects and no retries but one: where a
/// kept connection turns out closed before a byte of the answer came, libcurl sends the request again on a new one.
public final class HTTPClient: Sendable {
  private let transfers: TransferThread

  /// Starts the client's thread.
  ///
  /// - Parameter connections: How many calls are under way at the most, each on its connection; more wait for a free one, and their
  ///   deadline runs.
  /// - Throws: `HTTPClientFailure.broken` when libcurl or the system cannot give what it needs.
  public init(connections: Int = 64) throws(HTTPClientFailure) {
    transfers = try TransferThread(connections: connections)
  }

  deinit { transfers.stop() }

  /// Sends a request and waits for the whole answer, whatever its status.
  ///
  /// - Parameter call: What to send.
  /// - Returns: The answer.
  /// - Throws: `HTTPClientFailure` when no complete answer came within the deadline.
  public func send(_ call: HTTPCall) async throws(HTTPClientFailure) -> HTTPAnswer {
    let result = await withUnsafeContinuation { continuation in
      transfers.submit(Transfer(call) { continuation.resume(returning: $0) })
    }
    return try result.get()
  }

  /// Stops the thread and ends what is still under way with `stopped`; later calls fail likewise.
  public func stop() {
    transfers.stop()
  }
}
