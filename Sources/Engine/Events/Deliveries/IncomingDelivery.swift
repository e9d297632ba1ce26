/// The messages that a topic delivers in one sidecar request.
struct IncomingDelivery: Sendable {
  let topic: String
  let body: DeliveryBody
  /// The metadata of the messages.
  let metadata: DeliveryMetadata
  let trace: RequestTrace
}
