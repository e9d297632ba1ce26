/// What a sidecar says of itself.
public struct SidecarMetadata: Sendable, Hashable {
  /// The app id that it serves.
  public var id: String
  /// Its version.
  public var runtimeVersion: String
  /// Names and types of its components: `statestore`, `state.redis`.
  public var components: [Component]
  /// The topics that it delivers to the app.
  public var subscribedTopics: [String]

  /// One component.
  public struct Component: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its type.
    public var type: String

    /// A component.
    public init(name: String, type: String) {
      self.name = name
      self.type = type
    }
  }

  /// A description of a sidecar.
  public init(id: String, runtimeVersion: String, components: [Component], subscribedTopics: [String]) {
    self.id = id
    self.runtimeVersion = runtimeVersion
    self.components = components
    self.subscribedTopics = subscribedTopics
  }
}
