/// The body of a delivery.
enum DeliveryBody: Sendable {
  /// The complete body.
  case whole([UInt8])
  /// A body so large that it was split while it arrived.
  case split(Delivery)
}
