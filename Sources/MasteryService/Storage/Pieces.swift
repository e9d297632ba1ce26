extension Array {
  /// The list in pieces of so many at the most, in order: as much of it as goes into one request.
  func pieces(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
