internal import DaprClient
internal import HTTPClient
internal import MasteryService

extension DaprClient {
  /// Speaks to the sidecar that a configuration names, with its store, its broker and its token.
  init(_ configuration: Configuration, http: HTTPClient) {
    self.init(
      endpoint: configuration.sidecar, stateStore: configuration.stateStore, broker: configuration.broker,
      apiToken: configuration.sidecarToken, http: http)
  }
}
