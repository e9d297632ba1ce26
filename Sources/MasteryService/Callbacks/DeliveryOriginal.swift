internal import Encodings

extension Delivery {
  /// What somebody sent, as far as it could be taken out of its envelopes.
  struct Original: Sendable, Hashable {
    /// The bytes: all of them, or the first ones where it was cut.
    let bytes: [UInt8]
    /// What is known of it from outside.
    var facts = DeliveryMetadata()
    /// What it was before it was cut; nil where the bytes are all of it.
    var cut: Cut?

    /// What is known of an original beyond its first bytes.
    struct Cut: Sendable, Hashable {
      /// Number of bytes.
      let length: Int
      /// SHA-256 of all bytes, in lower-case hexadecimal digits.
      let digest: String
    }

    /// The original's first bytes, up to so many.
    func cut(to length: Int) -> Self {
      guard bytes.count > length else { return self }
      let cut = cut ?? Cut(length: bytes.count, digest: Digest.sha256(bytes))
      return Self(bytes: Array(bytes.prefix(length)), facts: facts, cut: cut)
    }
  }
}
