/// Items that are sent to the sidecar in one request.
struct RequestPiece<Item> {
  /// The items, with their indices in the whole list.
  let items: ArraySlice<Item>
  /// An upper bound of the request's bytes.
  let size: Int
}
