internal import Synchronization

/// What all connections of a server share: its limits, its application, and its requests in flight.
final class RequestDispatcher: Sendable {
  let settings: HTTPServerSettings
  let application: any HTTPApplication
  let tls: TLSContext?
  let inFlight: InFlight
  let table: ConnectionTable
  let isStopping = Atomic(false)
  /// This many bytes of a large body must come in the time that another body has in total.
  private static let bytesInBodyTime = 16 << 20

  init(settings: HTTPServerSettings, application: any HTTPApplication, tls: TLSContext?) {
    self.settings = settings
    self.application = application
    self.tls = tls
    inFlight = InFlight(bytesLimit: settings.bodiesLimit)
    table = ConnectionTable(settings)
  }

  /// Whether the server is stopping.
  var stops: Bool { isStopping.load(ordering: .relaxed) }

  /// Judges a request by its head; returns a refusal, if any.
  ///
  /// An announced body takes no room: only its bytes do, once they have come.
  func refusal(of exchange: Exchange) -> HTTPResponse? {
    let head = exchange.message.head
    if stops { return application.refuse(.stopping, head) }
    switch application.admit(head) {
    case .refuse(let response): return response
    case .accept(let acceptance):
      exchange.acceptance = acceptance
      let limit = acceptance.bodyLimit
      guard let announced = exchange.intake.known, announced > UInt64(limit) else { return nil }
      exchange.reader = application.bodyReader(for: head)
      return exchange.reader == nil ? application.refuse(.bodyTooLarge(limit: limit), head) : nil
    }
  }

  /// The outcome of a piece of a body.
  enum Intake {
    case taken
    /// Enough of a large body has come to extend its time.
    case takenInTime
    /// There is no room for it now.
    case noRoom
    case refused(HTTPRefusal)
  }

  /// Collects a piece of a body, or hands it to the reader of a body that is too large for that.
  func take(_ bytes: UnsafeRawBufferPointer, of exchange: Exchange) -> Intake {
    if let reader = exchange.reader { return read(bytes, of: exchange, reader) }
    let size = exchange.body.count + bytes.count
    if size > exchange.acceptance.bodyLimit {
      guard let reader = application.bodyReader(for: exchange.message.head) else {
        return .refused(.bodyTooLarge(limit: exchange.acceptance.bodyLimit))
      }
      exchange.reader = reader
      exchange.body.withUnsafeBytes { reader.take($0) }
      exchange.body = []
      return read(bytes, of: exchange, reader)
    }
    guard inFlight.reserve(bytes.count, of: exchange.acceptance.share) else { return .noRoom }
    exchange.reserved += bytes.count
    if exchange.body.isEmpty, let left = exchange.intake.known {
      exchange.body.reserveCapacity(bytes.count + Int(min(left, UInt64(Self.trusted))))
    }
    exchange.body.append(contentsOf: bytes)
    return .taken
  }

  /// Most bytes of a body for which memory is reserved before they have come.
  private static let trusted = 64 << 10

  private func read(_ bytes: UnsafeRawBufferPointer, of exchange: Exchange, _ reader: any HTTPBodyReader) -> Intake {
    reader.take(bytes)
    exchange.unhurried += bytes.count
    let isInTime = exchange.unhurried >= Self.bytesInBodyTime
    if isInTime { exchange.unhurried = 0 }
    let growth = reader.keptBytes - exchange.reserved
    if growth > 0 {
      guard inFlight.reserve(growth, of: exchange.acceptance.share, isLarge: true) else { return .refused(.overloaded) }
      exchange.reserved += growth
    }
    return isInTime ? .takenInTime : .taken
  }

  /// A request has its answer: its body is needed no more, however slowly the answer is read.
  func answered(_ exchange: Exchange) {
    inFlight.release(exchange.reserved, of: exchange.acceptance.share)
    exchange.reserved = 0
  }

  /// A request is over, answered or broken off.
  func end(_ exchange: Exchange) {
    inFlight.ended(reserved: exchange.reserved, of: exchange.acceptance.share)
  }
}
