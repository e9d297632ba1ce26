/// A consumer of a topic's deliveries.
protocol DeliveryConsumer: Sendable {
  /// Processes a delivery.
  ///
  /// - Returns: For each message, whether it needs no redelivery.
  func consume(_ delivery: IncomingDelivery) async -> Acknowledgement
}
