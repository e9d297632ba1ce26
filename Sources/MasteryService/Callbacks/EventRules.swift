internal import JSON
public import MasteryCore

/// The rules for events, for those who want to know before they send some which of them the service would refuse.
public struct EventRules: Sendable {
  /// Why an event would be refused.
  public struct Fault: Hashable, Sendable {
    /// The reason in one word, as in the service's metrics.
    public let reason: String
    /// The rule that is broken, in words that are the same for all events that break it.
    public let rule: String

    /// A text that is no JSON, and so cannot be sent as an event.
    public static let malformed = Self(reason: RefusalReason.malformed.rawValue, rule: "the event is not JSON")
  }

  /// Most characters of a rule: a field may be called anything.
  private static let ruleLimit = 500

  private let reader: DeliveryReader
  /// The envelope that the sidecar puts around an event that comes without one.
  private let envelope: DeliveryMetadata

  /// The rules as they hold for what is sent at a moment.
  public init(now: Timestamp) {
    reader = DeliveryReader(now: now)
    var envelope = DeliveryMetadata()
    envelope.envelopeID = "sent"
    envelope.envelopeTime = now
    self.envelope = envelope
  }

  /// Why the event in a text would be refused; nil where it would be taken in.
  public func fault(of text: UnsafeRawBufferPointer) -> Fault? {
    let entry = reader.entry("", text: text.bindMemory(to: UInt8.self), envelope, depth: 0)
    guard case .failure(let refusal) = entry.content else { return nil }
    return Fault(reason: refusal.reason.rawValue, rule: String((refusal.rule ?? refusal.message).prefix(Self.ruleLimit)))
  }
}
