/// What the component folder configures.
struct Components: Sendable {
  /// A component as `metadata` lists it.
  struct Listed: Hashable, Sendable {
    var name: String
    var type: String
    var version: String
  }

  private(set) var listed: [Listed] = []
  private(set) var stateStore: StateComponent?
  private(set) var pubsubs: [PubSubComponent] = []
  /// The files' content of pub/sub components, by their names.
  private var pubsubFields: [String: ComponentField] = [:]
  private(set) var secrets: [SecretStore] = []
  private(set) var endpoints: [HTTPEndpoint] = []
  private var sources = SecretSources(components: "")
  private(set) var resiliency = Resiliency()

  /// Nothing.
  init() {}

  /// Reads all `.yaml` and `.yml` files of a folder.
  ///
  /// - Parameters:
  ///   - folder: The folder of the files.
  ///   - secrets: The folder that stands in for Kubernetes' secrets, if there is one: they are then the secret store `kubernetes`.
  /// - Throws: `DevSidecarFailure` that names the file and the wrong field.
  init(folder: String, secrets: String? = nil) throws(DevSidecarFailure) {
    sources = SecretSources(components: folder, folder: secrets)
    guard let names = FileSystem.names(in: folder) else { throw .noComponents(folder: folder) }
    for name in names where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      let path = "\(folder)/\(name)"
      guard let bytes = FileSystem.contents(of: path) else { throw .component(file: path, field: "the file", reason: "cannot be read") }
      try add(bytes, file: path)
    }
    try addKubernetes()
  }

  /// Adds the secret store that every cluster has, if a folder stands in for it and no file defines it.
  private mutating func addKubernetes() throws(DevSidecarFailure) {
    guard let mounted = try sources.mounted(), !secrets.contains(where: { $0.name == "kubernetes" }) else { return }
    listed.append(Listed(name: "kubernetes", type: "secretstores.kubernetes", version: "v1"))
    secrets.append(SecretStore(name: "kubernetes", secrets: mounted))
  }

  /// Where a pub/sub component finds schemas; nil if it names no registry.
  ///
  /// - Throws: `DevSidecarFailure` if the registry's address or a secret of it is wrong.
  func registry(of pubsub: String) throws(DevSidecarFailure) -> RegistryAddress? {
    guard let root = pubsubFields[pubsub] else { return nil }
    return try RegistryAddress(root, secrets)
  }

  /// Adds what a file defines.
  mutating func add(_ bytes: [UInt8], file: String) throws(DevSidecarFailure) {
    let documents: [YAMLNode]
    do {
      documents = try YAMLNode.documents(bytes)
    } catch {
      throw .component(file: file, field: "line \(error.line)", reason: "is no YAML: \(error.reason)")
    }
    for document in documents { try add(ComponentField(file: file, path: "", node: document)) }
  }

  private mutating func add(_ root: ComponentField) throws(DevSidecarFailure) {
    switch try root["kind"].text() {
    case "Component": try addComponent(root)
    case "Resiliency": try resiliency.add(root)
    case "HTTPEndpoint": endpoints.append(try HTTPEndpoint(root))
    // What production needs besides these has no meaning here.
    case "Configuration", "Subscription": break
    default: throw root["kind"].mustBe("Component, Resiliency, Configuration, Subscription or HTTPEndpoint")
    }
  }

  private mutating func addComponent(_ root: ComponentField) throws(DevSidecarFailure) {
    let name = try root["metadata"]["name"].text()
    let type = try root["spec"]["type"].text()
    listed.append(Listed(name: name, type: type, version: root["spec"]["version"].node?.text ?? "v1"))
    let metadata = try Self.metadata(root["spec"]["metadata"])
    switch type.split(separator: ".").first {
    case "state":
      _ = try only(name, before: stateStore?.name, "state store", root)
      stateStore = StateComponent(name: name, type: type, root)
    case "pubsub":
      guard !pubsubs.contains(where: { $0.name == name }) else {
        throw root["metadata"]["name"].wrong("must be another one for each pub/sub component, got \(name) twice")
      }
      pubsubs.append(try PubSubComponent(name: name, type: type, metadata))
      pubsubFields[name] = root
    case "secretstores":
      _ = try only(name, before: secrets.first { $0.name == name }?.name, "secret store", root)
      if let store = try SecretStore(name: name, type: type, root, metadata, sources: sources) { secrets.append(store) }
    default: throw root["spec"]["type"].wrong("must be a state store, a pub/sub component or a secret store, got \(type)")
    }
  }

  private func only(_ name: String, before: String?, _ what: String, _ root: ComponentField) throws(DevSidecarFailure) -> String {
    if let before { throw root["metadata"]["name"].wrong("is a second \(what) beside \(before)") }
    return name
  }

  /// The list of names and values as one mapping.
  private static func metadata(_ field: ComponentField) throws(DevSidecarFailure) -> ComponentField {
    var members: [YAMLNode.Member] = []
    for (index, element) in (field.node?.elements ?? []).enumerated() {
      guard let name = element["name"]?.text else {
        throw ComponentField(file: field.file, path: "\(field.path)[\(index)].name", node: nil).wrong("is required")
      }
      if let value = element["value"] { members.append(YAMLNode.Member(name: name, value: value)) }
    }
    return ComponentField(file: field.file, path: field.path, node: .mapping(members))
  }
}
