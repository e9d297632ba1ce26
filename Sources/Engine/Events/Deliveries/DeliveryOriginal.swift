internal import Encodings

extension Delivery {
  /// The original message, as far as it could be taken out of its envelopes.
  struct Original: Sendable, Hashable {
    /// The bytes: all of them, or only the first if it was cut.
    let bytes: [UInt8]
    /// The message's metadata.
    var facts = DeliveryMetadata()
    /// The size and digest before it was truncated; nil if the bytes are complete.
    var truncation: Truncation?

    /// Properties of an original beyond its first bytes.
    struct Truncation: Sendable, Hashable {
      /// Number of bytes.
      let length: Int
      /// SHA-256 of all bytes, in lower-case hexadecimal.
      let digest: String
    }

    /// The original cut to at most `length` bytes.
    func truncated(to length: Int) -> Self {
      guard bytes.count > length else { return self }
      let truncation = truncation ?? Truncation(length: bytes.count, digest: Digest.sha256(bytes))
      return Self(bytes: Array(bytes.prefix(length)), facts: facts, truncation: truncation)
    }
  }
}
