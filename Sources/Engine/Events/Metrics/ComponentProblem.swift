/// What may be wrong with a component of the sidecar.
enum ComponentProblem: String, Sendable {
  /// The sidecar has no component of that name.
  case missing
  /// It is of another kind.
  case wrongKind = "wrong_kind"
  /// The store has no ETags, by which writers notice each other.
  case noETag = "no_etag"
  /// The store keeps values for ever.
  case noTTL = "no_ttl"
  /// Topics that the engine subscribes to are not subscribed.
  case noSubscription = "no_subscription"
  /// Topics are subscribed without the topic of what cannot be delivered.
  case noDeadLetterTopic = "no_dead_letter_topic"
  /// No resiliency policy is there to try deliveries again.
  case noPolicy = "no_policy"

  /// The problems that a state store may have.
  static let ofStore: [Self] = [.missing, .wrongKind, .noETag, .noTTL]
  /// The problems that a pub/sub component may have.
  static let ofBroker: [Self] = [.missing, .wrongKind, .noSubscription, .noDeadLetterTopic, .noPolicy]

  /// Whether nothing at all goes through the component.
  var isTotal: Bool { self == .missing || self == .wrongKind }
}
