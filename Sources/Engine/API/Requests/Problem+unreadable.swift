extension Problem {
  /// A request that the server could not read as HTTP, by its status.
  static func unreadable(_ status: Int) -> Self {
    switch status {
    case 413: invalid("body", value: nil, "must have a length that fits 64 bits", status: 413)
    case 414, 431:
      // For callers, a long target and long headers share one limit.
      invalid("headers", value: nil, "must have at most 24 KiB in all, target and Authorization included", status: 431)
    case 505: invalid("request", value: nil, "must be HTTP/1.1", status: 505)
    case 400..<500: invalid("request", value: nil, "must be well-formed HTTP/1.1, with Host")
    default: internalError
    }
  }
}
