/// Whoever works off what a topic brings.
protocol DeliveryConsumer: Sendable {
  /// Works a delivery off.
  ///
  /// - Returns: For each of its messages whether it needs no further delivery.
  func consume(_ delivery: IncomingDelivery) async -> Acknowledgement
}

/// What a topic has brought in one request of the sidecar.
struct IncomingDelivery: Sendable {
  let topic: String
  let body: DeliveryBody
  /// What is known of the messages from outside.
  let metadata: DeliveryMetadata
  let trace: RequestTrace
}
