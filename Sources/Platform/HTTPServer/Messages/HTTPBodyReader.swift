/// Reads a body that is too large to be collected, piece by piece, in bounded memory.
///
/// It is called on the thread of the body's connection, one piece after the other, so it must be quick; once the body is whole it is handed
/// to the application with the request.
public protocol HTTPBodyReader: AnyObject, Sendable {
  /// Takes the next piece of the body, which is valid during the call only.
  func take(_ piece: UnsafeRawBufferPointer)

  /// Bytes of memory that the body takes now; they count as bytes of bodies in flight.
  var keptBytes: Int { get }
}
