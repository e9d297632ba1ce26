internal import Encodings
public import Tracing

extension Configuration {
  /// What spans say of this process.
  ///
  /// - Parameter runtime: Draws the id of the process, a random UUID, unless the settings have one.
  /// - Returns: Name and version of the service, the id, and the settings' attributes.
  public func resource(_ runtime: Runtime) -> [Span.Attribute] {
    let own = [Span.Attribute("service.name", serviceName), Span.Attribute("service.version", ServiceVersion.current)]
    let given = resourceAttributes.filter { attribute in !own.contains { $0.name == attribute.name } }
      .map { Span.Attribute($0.name, $0.text) }
    guard !given.contains(where: { $0.name == "service.instance.id" }) else { return own + given }
    return own + [Span.Attribute("service.instance.id", Digest.uuid(runtime.random(), runtime.random()))] + given
  }
}
