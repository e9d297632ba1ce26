internal import Encodings

/// What dead letters have in common: the kind of failure, the broken rule, and the type and topic of the events.
public struct FailureCause: Hashable, Sendable {
  /// Maximum bytes of a rule; error messages are longer only where they quote something.
  private static let longestRule = 300

  /// `validation_error` or `processing_error`.
  public let errorType: String
  /// The error message without the values of a single event.
  public let rule: String
  /// The type as named in the events; nil if none could be read.
  public let eventType: String?
  /// The topic that the events came from.
  public let topic: String

  /// Creates the cause of a failure.
  ///
  /// - Parameters:
  ///   - errorType: The kind of failure.
  ///   - message: The complete error message.
  ///   - eventType: The type as named in the event.
  ///   - topic: The topic that the event came from.
  init(errorType: String, message: String, eventType: String?, topic: String) {
    self.errorType = errorType
    rule = Self.rule(of: message, isRefusal: errorType == FailedEvent.Kind.validation.rawValue)
    self.eventType = eventType
    self.topic = topic
  }

  /// A short name that is the same for the same cause, in any process.
  public var id: String { String(Digest.sha256(Array([errorType, rule, eventType ?? "", topic].joined(separator: "\n").utf8)).prefix(12)) }

  /// A message up to the value that was got; of a failure to process an event, up to the details of the store.
  private static func rule(of message: String, isRefusal: Bool) -> String {
    var rule = message[...]
    for end in [", got ", "; got ", "; tried "] + (isRefusal ? [] : [": "]) {
      if let found = rule.firstRange(of: end) { rule = rule[..<found.lowerBound] }
    }
    return String(decoding: rule.utf8.prefix(longestRule), as: UTF8.self)
  }
}
