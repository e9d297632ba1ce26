internal import CMicrohttpd
internal import Synchronization

/// Where requests come in: judges heads, gathers bodies, hands whole requests to the application and answers back.
///
/// All but `abandon` is called on microhttpd's threads, for one connection always on the same.
final class Door: Sendable {
  let settings: HTTPServerSettings
  let application: any HTTPApplication
  let inFlight: InFlight
  let connections: ConnectionCount
  let watch: ConnectionWatch
  let isStopping = Atomic(false)
  private let suspended = Mutex(Suspended())
  /// So many bytes of a large body must come in the time that any other has for all of it.
  private static let bytesInBodyTime = 16 << 20
  /// So many bytes of an answer the system takes at once.
  private static let bytesSentAtOnce = 64 << 10
  /// Bytes a second that whoever reads a large answer must take.
  private static let slowestReading = 16 << 10

  /// The exchanges whose connections wait for an answer.
  private struct Suspended {
    var exchanges: [ObjectIdentifier: Exchange] = [:]
    var isOver = false
  }

  init(settings: HTTPServerSettings, application: any HTTPApplication) {
    self.settings = settings
    self.application = application
    inFlight = InFlight(bytesLimit: settings.bodiesLimit)
    connections = ConnectionCount(limit: settings.connectionLimit)
    watch = ConnectionWatch(idleSeconds: settings.idleSeconds, neighbourIdleSeconds: settings.neighbourIdleSeconds)
  }

  /// The head is there: refuse, or go on to the body.
  func begin(_ exchange: Exchange, method: String) -> MHD_Result {
    let head = HTTPRequestHead(method: method, target: exchange.target, fields: readFields(of: exchange.connection))
    exchange.head = head
    // Only from here on: a stop must not wait for one that never ends its head.
    inFlight.began()
    let announced = head.header("content-length").map { Int($0) ?? .max } ?? 0
    let hasBody = announced > 0 || head.header("transfer-encoding") != nil
    if let refused = refusal(of: head).map({ application.refuse($0, head) }) ?? admit(exchange, head, announced: announced) {
      exchange.leavesBody = hasBody
      return send(refused.closing, to: exchange.connection)
    }
    if let peer = Peer.of(exchange.connection), !peer.isNeighbour, application.isNeighbour(head) {
      peer.isNeighbour = true
      watch.befriend(exchange.socket)
    }
    if hasBody { watch.expect(exchange.socket, within: settings.bodySeconds) }
    return shim_mhd_yes
  }

  /// Asks the application and makes room for the body; what refuses the request, if anything does.
  private func admit(_ exchange: Exchange, _ head: HTTPRequestHead, announced: Int) -> HTTPResponse? {
    switch application.admit(head) {
    case .refuse(let response): return response
    case .accept(let limit):
      exchange.bodyLimit = limit
      if announced > limit {
        exchange.reader = application.bodyReader(for: head)
        return exchange.reader == nil ? application.refuse(.bodyTooLarge(limit: limit), head) : nil
      }
      guard reserve(announced, for: exchange) else { return application.refuse(.overloaded, head) }
      exchange.body.reserveCapacity(announced)
      return nil
    }
  }

  private func refusal(of head: HTTPRequestHead) -> HTTPRefusal? {
    if isStopping.load(ordering: .relaxed) { return .stopping }
    if let fault = Framing.fault(in: head.fields) { return .badFraming(fault) }
    let bytes = head.fields.reduce(head.target.utf8.count) { sum, field in
      field.name.equalsIgnoringCase("authorization") ? sum : sum + field.name.utf8.count + field.value.utf8.count + 4
    }
    return bytes > settings.headerLimit ? .headersTooLarge(limit: settings.headerLimit) : nil
  }

  private func refuse(_ exchange: Exchange, _ refusal: HTTPRefusal) -> MHD_Result {
    guard let head = exchange.head else { return shim_mhd_no }
    return send(application.refuse(refusal, head).closing, to: exchange.connection)
  }

  private func reserve(_ bytes: Int, for exchange: Exchange) -> Bool {
    guard bytes == 0 || inFlight.reserve(bytes) else { return false }
    exchange.reserved += bytes
    return true
  }

  /// A piece of the body.
  func take(_ bytes: UnsafeRawBufferPointer, of exchange: Exchange) -> MHD_Result {
    // No answer can be queued while a body is coming in: what breaks its bounds is dropped, and refused at its end.
    if exchange.fault == nil { exchange.fault = gather(bytes, of: exchange) }
    if exchange.fault != nil { (exchange.body, exchange.reader) = ([], nil) }
    return shim_mhd_yes
  }

  /// Collects a piece of the body, or hands it to the reader of one that is too large for that.
  private func gather(_ bytes: UnsafeRawBufferPointer, of exchange: Exchange) -> HTTPRefusal? {
    if let reader = exchange.reader { return read(bytes, of: exchange, reader) }
    let size = exchange.body.count + bytes.count
    if size > exchange.bodyLimit {
      guard let reader = exchange.head.flatMap(application.bodyReader) else { return .bodyTooLarge(limit: exchange.bodyLimit) }
      exchange.reader = reader
      exchange.body.withUnsafeBytes { reader.take($0) }
      exchange.body = []
      return read(bytes, of: exchange, reader)
    }
    if size > exchange.reserved, !reserve(size - exchange.reserved, for: exchange) { return .overloaded }
    exchange.body.append(contentsOf: bytes)
    return nil
  }

  private func read(_ bytes: UnsafeRawBufferPointer, of exchange: Exchange, _ reader: any HTTPBodyReader) -> HTTPRefusal? {
    reader.take(bytes)
    exchange.unhurried += bytes.count
    if exchange.unhurried >= Self.bytesInBodyTime {
      exchange.unhurried = 0
      watch.expect(exchange.socket, within: settings.bodySeconds)
    }
    let growth = reader.keptBytes - exchange.reserved
    guard growth > 0 else { return nil }
    guard inFlight.reserve(growth, isLarge: true) else { return .overloaded }
    exchange.reserved += growth
    return nil
  }

  /// The body is whole: answer at once where the application can, else suspend the connection.
  func answer(_ exchange: Exchange) -> MHD_Result {
    if let fault = exchange.fault { return refuse(exchange, fault) }
    if !exchange.isHanded {
      guard let head = exchange.head else { return shim_mhd_no }
      exchange.isHanded = true
      let request = HTTPRequest(head: head, body: exchange.body, reader: exchange.reader)
      (exchange.body, exchange.reader) = ([], nil)
      let application = application
      Task.immediate { exchange.finish(await application.answer(request)) }
    }
    guard let response = exchange.take() ?? suspend(exchange) else { return shim_mhd_yes }
    // What is answered at once and fits the system's own memory needs no time of its own.
    if exchange.isSuspended || response.body.count > Self.bytesSentAtOnce {
      watch.expect(exchange.socket, within: settings.idleSeconds + response.body.count / Self.slowestReading)
    }
    return send(isStopping.load(ordering: .relaxed) ? response.closing : response, to: exchange.connection)
  }

  /// Lets the connection wait for its answer; one that has come meanwhile is handed back, as is the refusal once waiting is over.
  private func suspend(_ exchange: Exchange) -> HTTPResponse? {
    exchange.isSuspended = true
    watch.expect(exchange.socket, within: nil)
    let isOver = suspended.withLock { suspended in
      if !suspended.isOver { suspended.exchanges[ObjectIdentifier(exchange)] = exchange }
      return suspended.isOver
    }
    guard isOver, let head = exchange.head else { return exchange.takeOrSuspend() }
    return application.refuse(.stopping, head)
  }

  /// microhttpd is done with the request, answered or broken off.
  func end(_ exchange: Exchange) {
    if exchange.leavesBody { watch.linger(exchange.socket) }
    watch.rest(exchange.socket)
    guard exchange.head != nil else { return }
    if exchange.isSuspended { suspended.withLock { $0.exchanges[ObjectIdentifier(exchange)] = nil } }
    inFlight.ended(reserved: exchange.reserved)
  }

  /// Answers what is still being worked on as refused; from now on no connection is suspended, since microhttpd must not be stopped
  /// while one is.
  func abandon() {
    let waiting = suspended.withLock { suspended in
      suspended.isOver = true
      return suspended.exchanges.values.map(\.self)
    }
    for exchange in waiting {
      guard let head = exchange.head else { continue }
      exchange.finish(application.refuse(.stopping, head))
    }
  }
}

extension HTTPResponse {
  /// The same answer, after which the connection closes.
  fileprivate var closing: HTTPResponse {
    var response = self
    response.closes = true
    return response
  }
}
