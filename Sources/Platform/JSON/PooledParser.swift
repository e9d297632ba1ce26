internal import CSimdJSON

/// A simdjson parser; its buffers grow to the largest document so far.
///
/// `@unchecked Sendable`: a parser is used by one call at a time, between `take` and `giveBack`.
final class PooledParser: @unchecked Sendable {
  let handle: OpaquePointer

  init?() {
    guard let handle = csimdjson_parser_new() else { return nil }
    self.handle = handle
  }

  deinit { csimdjson_parser_free(handle) }
}
