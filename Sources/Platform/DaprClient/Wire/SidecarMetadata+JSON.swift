internal import JSON

extension SidecarMetadata {
  /// Reads `/v1.0/metadata`, from which lists without entries are left out; nil if it differs from the recorded format.
  init?(_ root: JSONValue) {
    guard let id = root["id"]?.string, let version = root["runtimeVersion"]?.string,
      let components = Self.list(root["components"], { Component($0) }),
      let subscriptions = Self.list(root["subscriptions"], { Subscription($0) }),
      let named = Self.list(root["resiliencies"], { $0["name"]?.string })
    else { return nil }
    // None of a sidecar that would name them means that it has none.
    let resiliencies = root["resiliencies"] != nil || Self.namesResiliencies(version) ? named : nil
    self.init(id: id, runtimeVersion: version, components: components, subscriptions: subscriptions, resiliencies: resiliencies)
  }

  /// The elements of a list that may be missing; nil if one of them cannot be read.
  private static func list<Element>(_ list: JSONValue?, _ read: (JSONValue) -> Element?) -> [Element]? {
    var elements: [Element] = []
    guard let list else { return elements }
    for value in list.elements {
      guard let element = read(value) else { return nil }
      elements.append(element)
    }
    return elements
  }

  /// Whether a sidecar of that version lists its resiliency resources: recorded of 1.18, and not of 1.17.
  private static func namesResiliencies(_ version: String) -> Bool {
    let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (1, 18)
  }
}

extension SidecarMetadata.Component {
  fileprivate init?(_ root: JSONValue) {
    guard let name = root["name"]?.string, let type = root["type"]?.string else { return nil }
    self.init(name: name, type: type, capabilities: Set(root["capabilities"]?.elements.compactMap { $0.string } ?? []))
  }
}

extension SidecarMetadata.Subscription {
  fileprivate init?(_ root: JSONValue) {
    guard let component = root["pubsubname"]?.string, let topic = root["topic"]?.string else { return nil }
    let deadLetters = root["deadLetterTopic"]?.string ?? ""
    self.init(component: component, topic: topic, deadLetterTopic: deadLetters.isEmpty ? nil : deadLetters)
  }
}
