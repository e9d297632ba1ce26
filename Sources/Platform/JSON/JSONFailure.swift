internal import CSimdJSON

/// Why a text could not be read.
public enum JSONFailure<Reading: Error>: Error {
  /// The text is not JSON; why, in simdjson's words.
  case malformed(String)
  /// The text is JSON, and the reader refused its content.
  case reading(Reading)
}

extension JSONFailure: Equatable where Reading: Equatable {}
