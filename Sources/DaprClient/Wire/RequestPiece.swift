/// Items that go to the sidecar in one request.
struct RequestPiece<Item> {
  /// The items; their indices are those of the whole list.
  let items: ArraySlice<Item>
  /// At least the bytes that the request takes.
  let size: Int
}

/// Cuts lists so that each piece is a request that the sidecar takes.
enum RequestPieces {
  /// Above it the sidecar refuses: "stream too large".
  static let limit = 4 << 20
  /// The brackets around the items.
  private static let frame = 16

  /// Cuts a list where the next item would be too much; one that is too large by itself is alone in its piece.
  ///
  /// - Parameters:
  ///   - items: The whole list.
  ///   - limit: Most bytes of a request.
  ///   - size: At least the bytes that an item takes, with its comma.
  /// - Returns: The pieces in order, none of them empty.
  static func cut<Item>(_ items: [Item], limit: Int = limit, size: (Item) -> Int) -> [RequestPiece<Item>] {
    var pieces: [RequestPiece<Item>] = []
    var start = 0
    var bytes = frame
    for (place, item) in items.enumerated() {
      let more = size(item)
      if bytes + more > limit, place > start {
        pieces.append(RequestPiece(items: items[start..<place], size: bytes))
        start = place
        bytes = frame
      }
      bytes += more
    }
    if start < items.count { pieces.append(RequestPiece(items: items[start...], size: bytes)) }
    return pieces
  }
}
