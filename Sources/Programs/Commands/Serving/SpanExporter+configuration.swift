internal import HTTPClient
internal import MasteryCore
internal import MasteryService
internal import Tracing

extension SpanExporter {
  /// Sends spans to the collector of the settings; nil if there is none.
  convenience init?(_ configuration: Configuration, http: HTTPClient, runtime: Runtime, log: Log) {
    guard let collector = configuration.traceCollector else { return nil }
    let headers = configuration.traceHeaders.map { (name: $0.name, value: $0.text) }
    self.init(to: collector, headers: headers, of: configuration.resource(runtime), http: http) { spans, reason in
      log(LogLine(.warning, "spans were lost", [("spans", .integer(spans)), ("reason", .text(reason))]), at: runtime.now())
    }
  }
}
