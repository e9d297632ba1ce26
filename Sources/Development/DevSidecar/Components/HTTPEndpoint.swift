/// Another service's address, which the sidecar invokes by name.
struct HTTPEndpoint: Hashable, Sendable {
  /// A header that replaces the caller's.
  struct Header: Hashable, Sendable {
    let name: String
    let value: String
  }

  let name: String
  /// The address that a path is put behind, with a slash between them.
  let baseURL: String
  let headers: [Header]

  /// Reads a file of kind `HTTPEndpoint`; its certificates are not read, so only public ones are trusted.
  init(_ root: ComponentField) throws(DevSidecarFailure) {
    name = try root["metadata"]["name"].text()
    let base = root["spec"]["baseUrl"]
    baseURL = try base.text()
    guard baseURL.hasPrefix("http://") || baseURL.hasPrefix("https://") else { throw base.mustBe("an address, http:// or https://") }
    var headers: [Header] = []
    for element in root["spec"]["headers"].node?.elements ?? [] {
      guard let name = element["name"]?.text, let value = element["value"]?.text else {
        throw root["spec"]["headers"].mustBe("names with values; secrets are not read here")
      }
      headers.append(Header(name: name, value: value))
    }
    self.headers = headers
  }
}
