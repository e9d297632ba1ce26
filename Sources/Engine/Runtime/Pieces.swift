extension Array {
  /// The list in pieces of at most `size` elements, in order; each piece is one request.
  func pieces(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
