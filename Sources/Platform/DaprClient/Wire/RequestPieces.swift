/// Splits lists into requests that the sidecar accepts.
enum RequestPieces {
  /// The sidecar refuses larger requests with "stream too large".
  static let limit = 4 << 20
  /// Bytes for the brackets around the items.
  private static let frame = 16

  /// Splits a list wherever the next item would exceed the limit; an item that is too large by itself gets its own piece.
  ///
  /// - Parameters:
  ///   - items: The whole list.
  ///   - limit: Maximum bytes of a request.
  ///   - size: An upper bound of an item's bytes, including its comma.
  /// - Returns: The pieces in order, none of them empty.
  static func split<Item>(_ items: [Item], limit: Int = limit, size: (Item) -> Int) -> [RequestPiece<Item>] {
    var pieces: [RequestPiece<Item>] = []
    var start = 0
    var bytes = frame
    for (index, item) in items.enumerated() {
      let more = size(item)
      if bytes + more > limit, index > start {
        pieces.append(RequestPiece(items: items[start..<index], size: bytes))
        start = index
        bytes = frame
      }
      bytes += more
    }
    if start < items.count { pieces.append(RequestPiece(items: items[start...], size: bytes)) }
    return pieces
  }
}
