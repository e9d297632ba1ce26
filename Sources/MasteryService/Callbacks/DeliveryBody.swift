/// The body of a delivery.
enum DeliveryBody: Sendable {
  /// All of it, as it came.
  case whole([UInt8])
  /// It was so large that it was taken apart while it came in.
  case split(Delivery)
}
