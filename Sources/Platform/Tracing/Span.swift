/// A piece of work that is over, as OpenTelemetry describes it.
public struct Span: Sendable {
  /// Whose work it is; the raw values are those of the protocol.
  public enum Kind: Int, Sendable {
    /// A request that was answered.
    case server = 2
    /// A call that was made.
    case client = 3
    /// Messages that were processed.
    case consumer = 5
  }

  /// The value of an attribute.
  public enum Value: Hashable, Sendable {
    /// Text.
    case text(String)
    /// A whole number.
    case integer(Int)
  }

  /// A name, by the semantic conventions, with its value.
  public struct Attribute: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: Value

    /// An attribute with text.
    public init(_ name: String, _ text: String) { (self.name, value) = (name, .text(text)) }

    /// An attribute with a whole number.
    public init(_ name: String, _ number: Int) { (self.name, value) = (name, .integer(number)) }
  }

  /// The ids.
  public var context: SpanContext
  /// The span that caused it; nil at the root of a trace.
  public var parent: SpanContext?
  /// What was done, with few different values.
  public var name: String
  /// Whose work it is.
  public var kind: Kind
  /// When it began, in nanoseconds since 1970.
  public var began: Int64
  /// When it ended, in nanoseconds since 1970.
  public var ended: Int64
  /// What else is known.
  public var attributes: [Attribute] = []
  /// Spans of other traces that it has to do with.
  public var links: [SpanContext] = []
  /// How many further links were left out.
  public var linksLeftOut = 0
  /// Whether it failed.
  public var isFailed = false

  /// A span without attributes and links that did not fail.
  public init(_ context: SpanContext, below parent: SpanContext?, _ name: String, _ kind: Kind, began: Int64, ended: Int64) {
    self.context = context
    self.parent = parent
    self.name = name
    self.kind = kind
    self.began = began
    self.ended = ended
  }
}
