/// A sidecar's description of itself.
public struct SidecarMetadata: Sendable, Hashable {
  /// The app id that the sidecar serves.
  public var id: String
  /// The sidecar's version.
  public var runtimeVersion: String
  /// Names and types of the components, such as `statestore`, `state.redis`.
  public var components: [Component]
  /// The topics delivered to the app.
  public var subscribedTopics: [String]

  /// One component.
  public struct Component: Sendable, Hashable {
    /// The component's name.
    public var name: String
    /// The component's type.
    public var type: String

    /// Creates a component.
    public init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// Creates a description.
  public init(id: String, runtimeVersion: String, components: [Component], subscribedTopics: [String]) {
    self.id = id
    self.runtimeVersion = runtimeVersion
    self.components = components
    self.subscribedTopics = subscribedTopics
  }
}
