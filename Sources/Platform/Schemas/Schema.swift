/// What a JSON value may be.
///
/// The same value is written as JSON Schema (2020-12) and compared with what is read or written.
public indirect enum Schema: Hashable, Sendable {
  /// True or false.
  case boolean
  /// A whole number, within bounds if there are any; `Int64.max` is no upper bound.
  case integer(ClosedRange<Int64>?)
  /// A number, within bounds if there are any; infinity is no upper bound.
  case number(ClosedRange<Double>?)
  /// Text of a certain form.
  case text(TextForm)
  /// One of several words.
  case word([String])
  /// A list, with a bounded number of elements if there are bounds.
  case list(Schema, count: ClosedRange<Int>? = nil)
  /// An object with declared members.
  case object(ObjectSchema)
  /// An object whose members have names that only the data knows, each with the same kind of value.
  case map(Schema)
  /// A value of one of several kinds.
  case either([Schema])
  /// Null.
  case null
  /// Any value, which another place describes.
  case anything

  /// The same, or null.
  public var orNull: Self {
    switch self {
    case .either(let kinds): kinds.contains(.null) ? self : .either(kinds + [.null])
    case .null, .anything: self
    default: .either([self, .null])
    }
  }
}
