/// Why the server refuses a request before the application sees it.
public enum HTTPRefusal: Error, Hashable, Sendable {
  /// The message's framing is ambiguous, so two readers could understand it differently; why.
  case badFraming(String)
  /// The body is over that many bytes.
  case bodyTooLarge(limit: Int)
  /// Bodies in flight fill the memory reserved for them.
  case overloaded
  /// The server is stopping.
  case stopping
  /// The request cannot be read; the status says why.
  ///
  /// 400: it is not well formed; 413: its length does not fit 64 bits; 414 or 431: its target or its whole head is too large; 505: it is of
  /// another version of HTTP.
  case unreadable(status: Int)
}
