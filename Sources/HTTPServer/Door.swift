internal import CMicrohttpd
internal import Synchronization

/// Where requests come in: judges heads, gathers bodies, hands whole requests to the application and answers back.
///
/// All but `abandon` is called on microhttpd's one thread.
final class Door: Sendable {
  let settings: HTTPServerSettings
  let application: any HTTPApplication
  let inFlight: InFlight
  let watch = ConnectionWatch()
  let isStopping = Atomic(false)
  private let working = Mutex<[ObjectIdentifier: Exchange]>([:])

  init(settings: HTTPServerSettings, application: any HTTPApplication) {
    self.settings = settings
    self.application = application
    inFlight = InFlight(bytesLimit: settings.bodiesLimit)
  }

  /// The head is there: refuse, or go on to the body.
  func begin(_ exchange: Exchange, method: String) -> MHD_Result {
    let head = HTTPRequestHead(method: method, target: exchange.target, fields: readFields(of: exchange.connection))
    exchange.head = head
    if let refusal = refusal(of: head) { return send(application.refuse(refusal, head).closing, to: exchange.connection) }
    switch application.admit(head) {
    case .refuse(let response): return send(response.closing, to: exchange.connection)
    case .accept(let limit):
      exchange.bodyLimit = limit
      let announced = head.header("content-length").flatMap { Int($0) } ?? 0
      if announced > limit { return refuse(exchange, .bodyTooLarge(limit: limit)) }
      guard reserve(announced, for: exchange) else { return refuse(exchange, .overloaded) }
      exchange.body.reserveCapacity(announced)
      watch.expect(exchange.socket, within: settings.bodySeconds)
      return shim_mhd_yes
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
    let size = exchange.body.count + bytes.count
    // No answer can be queued while a body is coming in: what breaks its bounds is dropped, and refused at its end.
    if exchange.fault == nil {
      if size > exchange.bodyLimit {
        exchange.fault = .bodyTooLarge(limit: exchange.bodyLimit)
      } else if size > exchange.reserved, !reserve(size - exchange.reserved, for: exchange) {
        exchange.fault = .overloaded
      }
    }
    guard exchange.fault == nil else {
      exchange.body = []
      return shim_mhd_yes
    }
    exchange.body.append(contentsOf: bytes)
    return shim_mhd_yes
  }

  /// The body is whole: answer at once where the application can, else suspend the connection.
  func answer(_ exchange: Exchange) -> MHD_Result {
    if let fault = exchange.fault { return refuse(exchange, fault) }
    if !exchange.isHanded {
      guard let head = exchange.head else { return shim_mhd_no }
      exchange.isHanded = true
      watch.expect(exchange.socket, within: nil)
      let request = HTTPRequest(head: head, body: exchange.body)
      exchange.body = []
      working.withLock { $0[ObjectIdentifier(exchange)] = exchange }
      let application = application
      Task.immediate { exchange.finish(await application.answer(request)) }
    }
    guard let response = exchange.takeOrSuspend() else { return shim_mhd_yes }
    return send(isStopping.load(ordering: .relaxed) ? response.closing : response, to: exchange.connection)
  }

  /// microhttpd is done with the request, answered or broken off.
  func end(_ exchange: Exchange) {
    if exchange.isHanded { working.withLock { $0[ObjectIdentifier(exchange)] = nil } }
    watch.expect(exchange.socket, within: settings.idleSeconds)
    inFlight.ended(reserved: exchange.reserved)
  }

  /// Answers what is still being worked on as refused, so that no connection stays suspended.
  func abandon() {
    for exchange in working.withLock({ Array($0.values) }) {
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
