/// The direction of a call between sidecar and service that brings a token.
enum TokenDirection: String, CaseIterable, Sendable {
  /// From the sidecar to the service.
  case incoming = "in"
  /// From the service to the sidecar.
  case outgoing = "out"
}
