internal import HTTPClient
internal import MasteryCore
internal import MasteryService
internal import Tracing

extension SpanExporter {
  /// Sends spans to the collector of the settings; nil if there is none.
  convenience init?(_ configuration: Configuration, http: HTTPClient, runtime: Runtime, log: Log) {
    guard let collector = configuration.traceCollector else { return nil }
    let resource = [
      Span.Attribute("service.name", configuration.serviceName), Span.Attribute("service.version", ServiceVersion.current),
    ]
    self.init(to: collector, of: resource, http: http) { spans, reason in
      log(LogLine(.warning, "spans were lost", [("spans", .integer(spans)), ("reason", .text(reason))]), at: runtime.now())
    }
  }
}
