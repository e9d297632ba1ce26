internal import JSON

/// What the component folder sets up.
struct Components: Sendable {
  /// A component as `metadata` lists it.
  struct Listed: Hashable, Sendable {
    var name: String
    var type: String
    var version: String
  }

  private(set) var listed: [Listed] = []
  /// The state store's name; nil without one.
  private(set) var stateStore: String?
  private(set) var pubsubs: [PubSubComponent] = []
  private(set) var secrets: SecretStore?
  private(set) var resiliency = Resiliency()

  /// Nothing.
  init() {}

  /// Reads all `.yaml` and `.yml` files of a folder.
  init(folder: String) throws(DevSidecarFailure) {
    guard let names = FileSystem.names(in: folder) else { throw .noComponents(folder: folder) }
    for name in names where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      let path = "\(folder)/\(name)"
      guard let bytes = FileSystem.contents(of: path) else { throw .component(file: path, field: "the file", reason: "cannot be read") }
      try add(bytes, file: path, folder: folder)
    }
  }

  /// Adds what a file says; other files that it names lie in the folder.
  mutating func add(_ bytes: [UInt8], file: String, folder: String) throws(DevSidecarFailure) {
    let documents: [YAMLNode]
    do {
      documents = try YAMLNode.documents(bytes)
    } catch {
      throw .component(file: file, field: "line \(error.line)", reason: "is no YAML: \(error.reason)")
    }
    for document in documents { try add(ComponentField(file: file, path: "", node: document), folder: folder) }
  }

  private mutating func add(_ root: ComponentField, folder: String) throws(DevSidecarFailure) {
    switch try root["kind"].text() {
    case "Component": try addComponent(root, folder: folder)
    case "Resiliency": try resiliency.add(root)
    // What production needs beside the components has no meaning here.
    case "Configuration", "Subscription", "HTTPEndpoint": break
    default: throw root["kind"].wrong("must be Component, Resiliency, Configuration, Subscription or HTTPEndpoint")
    }
  }

  private mutating func addComponent(_ root: ComponentField, folder: String) throws(DevSidecarFailure) {
    let name = try root["metadata"]["name"].text()
    let type = try root["spec"]["type"].text()
    listed.append(Listed(name: name, type: type, version: root["spec"]["version"].node?.text ?? "v1"))
    let metadata = try Self.metadata(root["spec"]["metadata"])
    switch type.split(separator: ".").first {
    case "state": stateStore = try only(name, before: stateStore, "state store", root)
    case "pubsub":
      guard !pubsubs.contains(where: { $0.name == name }) else {
        throw root["metadata"]["name"].wrong("must be another one for each pub/sub component, got \(name) twice")
      }
      pubsubs.append(try PubSubComponent(name: name, type: type, metadata))
    case "secretstores" where type == "secretstores.local.file":
      _ = try only(name, before: secrets?.name, "secret store", root)
      secrets = try SecretStore(name: name, metadata, folder: folder)
    default: throw root["spec"]["type"].wrong("must be a state store, a pub/sub component or secretstores.local.file")
    }
  }

  private func only(_ name: String, before: String?, _ what: String, _ root: ComponentField) throws(DevSidecarFailure) -> String {
    if let before { throw root["metadata"]["name"].wrong("is a second \(what) beside \(before)") }
    return name
  }

  /// The list of names and values as one mapping.
  private static func metadata(_ field: ComponentField) throws(DevSidecarFailure) -> ComponentField {
    var members: [YAMLNode.Member] = []
    for (place, element) in (field.node?.elements ?? []).enumerated() {
      guard let name = element["name"]?.text else {
        throw ComponentField(file: field.file, path: "\(field.path)[\(place)].name", node: nil).wrong("is required")
      }
      if let value = element["value"] { members.append(YAMLNode.Member(name: name, value: value)) }
    }
    return ComponentField(file: field.file, path: field.path, node: .mapping(members))
  }
}
