/// A consumer of a topic's deliveries.
protocol DeliveryConsumer: Sendable {
  /// Processes a delivery.
  ///
  /// - Returns: For each message, whether it needs no redelivery.
  func consume(_ delivery: IncomingDelivery) async -> Acknowledgement
}

/// The messages that a topic delivers in one sidecar request.
struct IncomingDelivery: Sendable {
  let topic: String
  let body: DeliveryBody
  /// The metadata of the messages.
  let metadata: DeliveryMetadata
  let trace: RequestTrace
}
