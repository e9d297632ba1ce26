/// A sidecar's description of itself, true for the moment: from 1.18 on components, subscriptions and policies change while it runs.
public struct SidecarMetadata: Sendable, Hashable {
  /// The app id that the sidecar serves.
  public var id: String
  /// The sidecar's version.
  public var runtimeVersion: String
  /// The components that were initialised.
  public var components: [Component]
  /// What is delivered to the app.
  public var subscriptions: [Subscription]
  /// Names of the resiliency resources in force, but not of what they apply to; nil where the sidecar does not tell, as before 1.18.
  public var resiliencies: [String]?

  /// One component.
  public struct Component: Sendable, Hashable {
    /// The component's name.
    public var name: String
    /// The component's type, such as `state.redis`.
    public var type: String
    /// What it can do beyond what all of its kind can, such as `ETAG`.
    public var capabilities: Set<String>

    /// Creates a component.
    public init(name: String, type: String, capabilities: Set<String> = []) {
      self.name = name
      self.type = type
      self.capabilities = capabilities
    }
  }

  /// One subscription.
  public struct Subscription: Sendable, Hashable {
    /// The pub/sub component.
    public var component: String
    /// The topic.
    public var topic: String
    /// The topic of what cannot be delivered; nil if there is none.
    public var deadLetterTopic: String?

    /// Creates a subscription.
    public init(component: String, topic: String, deadLetterTopic: String? = nil) {
      self.component = component
      self.topic = topic
      self.deadLetterTopic = deadLetterTopic
    }
  }

  /// The topics delivered to the app.
  public var subscribedTopics: [String] { subscriptions.map(\.topic) }

  /// Creates a description.
  public init(
    id: String, runtimeVersion: String, components: [Component], subscriptions: [Subscription], resiliencies: [String]? = nil
  ) {
    self.id = id
    self.runtimeVersion = runtimeVersion
    self.components = components
    self.subscriptions = subscriptions
    self.resiliencies = resiliencies
  }
}
