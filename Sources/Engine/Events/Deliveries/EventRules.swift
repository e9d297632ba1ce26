internal import JSON
public import MasteryCore

/// The rules for events, for senders that want to know in advance which events the service would refuse.
public struct EventRules: Sendable {
  /// The reason why an event would be refused.
  public struct Fault: Hashable, Sendable {
    /// The reason as a code, as in the service's metrics.
    public let reason: String
    /// The broken rule, worded the same for all events that break it.
    public let rule: String

    /// Text that is not JSON, and so cannot be sent as an event.
    public static let malformed = Self(reason: RejectionReason.malformed.rawValue, rule: "the event is not JSON")
  }

  /// Maximum characters of a rule, because a field's name may be arbitrarily long.
  private static let ruleLimit = 500

  private let reader: DeliveryReader
  /// The envelope that the sidecar adds to an event without one.
  private let envelope: DeliveryMetadata

  /// Creates the rules for events sent at a given time.
  public init(now: Timestamp) {
    reader = DeliveryReader(now: now)
    var envelope = DeliveryMetadata()
    envelope.envelopeID = "sent"
    envelope.envelopeTime = now
    self.envelope = envelope
  }

  /// The reason why the event in a text would be refused; nil if it would be accepted.
  public func fault(of text: UnsafeRawBufferPointer) -> Fault? {
    let entry = reader.entry("", text: text.bindMemory(to: UInt8.self), envelope, depth: 0)
    guard case .failure(let rejection) = entry.content else { return nil }
    return Fault(reason: rejection.reason.rawValue, rule: String((rejection.rule ?? rejection.message).prefix(Self.ruleLimit)))
  }
}
