internal import DaprClient
internal import HTTPClient
internal import MasteryService

extension DaprClient {
  /// Creates a client for the sidecar of a configuration, with its store, broker and token.
  init(_ configuration: Configuration, http: HTTPClient) {
    self.init(
      endpoint: configuration.sidecar, stateStore: configuration.stateStore, broker: configuration.broker,
      apiToken: configuration.sidecarToken, http: http)
  }
}
