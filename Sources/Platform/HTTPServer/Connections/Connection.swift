internal import CSockets
internal import Glibc

/// A connection from its first byte to its end: requests in, answers out, one after the other.
///
/// `@unchecked Sendable`: all of it belongs to its loop's thread; answering tasks only hand their answers back there.
final class Connection: @unchecked Sendable {
  /// What it is doing.
  enum State: Equatable {
    case receivingHead
    case receivingBody
    case working
    case sending(closes: Bool)
    /// Its last answer has been sent; further input is discarded, so that the answer is not lost to a reset.
    case draining
    case closed
  }

  let socket: Int32
  let transport: Transport
  let standing: Standing
  let dispatcher: RequestDispatcher
  unowned let loop: EventLoop
  var state = State.receivingHead
  /// The time by which it must make progress, in nanoseconds; nil while it waits for this server itself.
  var due: UInt64?
  var exchange: Exchange?
  var outgoing = Outgoing()
  /// Bytes of an answer accepted since its time was last extended.
  var unhurried = 0
  /// Bytes of a large answer that is being sent, which count as long as it is.
  var heldAnswer = 0
  /// Input that has not been consumed yet.
  var pending: [UInt8] = []
  /// Whether `pending` may hold more than the beginning of a head.
  var hasUnread = false
  /// Whether there is currently no room for more of the body.
  var isStarved = false
  /// Whether it continues after all others have had their turn.
  var isPostponed = false
  private var scan: HeadScan
  private var isReadable = true
  /// Whether the other side has closed: what is read last is the end.
  private var isEnding = false

  /// Seconds for which input after the last answer is discarded.
  static let drainingSeconds = 2
  /// Reads before other connections have their turn.
  private static let readsAtATime = 16
  /// Bytes read at once of a body, and of input that may hold more than one request.
  private static let (bodyRead, headRead) = (64 << 10, 16 << 10)

  init(_ transport: Transport, standing: Standing, dispatcher: RequestDispatcher, loop: EventLoop) {
    socket = transport.socket
    self.transport = transport
    self.standing = standing
    self.dispatcher = dispatcher
    self.loop = loop
    scan = HeadScan(limit: dispatcher.settings.headLimit)
    rest()
  }

  /// Handles a readiness event of the system.
  func happened(_ flags: UInt32) {
    if flags & shim_epoll_readable != 0 { isReadable = true }
    if flags & shim_epoll_ended != 0 { isEnding = true }
    if case .sending(let closes) = state { sendMore(closes: closes) }
    proceed()
  }

  /// Continues as far as possible without waiting.
  func proceed() {
    for _ in 0..<Self.readsAtATime {
      switch state {
      case .receivingHead, .receivingBody:
        if isStarved { return }
        if hasUnread { takePending() } else if isReadable { read() } else { return }
      case .draining:
        guard isReadable else { return }
        read()
      case .working, .sending, .closed: return
      }
    }
    loop.goOnLater(with: self)
  }

  // MARK: Reading

  private func read() {
    var limit = Self.headRead
    if state == .receivingBody, let left = exchange?.intake.known { limit = Int(min(left, UInt64(Self.bodyRead))) }
    let buffer = UnsafeMutableRawBufferPointer(rebasing: loop.input[..<limit])
    switch transport.read(into: buffer) {
    case .later: isReadable = false
    case .over: close()
    case .bytes(let count):
      if count < limit, transport.tellsEmptiness, !isEnding { isReadable = false }
      take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    guard state != .draining else { return }
    guard pending.isEmpty else {
      pending.append(contentsOf: bytes)
      return takePending()
    }
    let used = process(bytes)
    if used < bytes.count, keepsInput { pending = Array(bytes[used...]) }
    hasUnread = !pending.isEmpty && state != .receivingHead
  }

  private func takePending() {
    var bytes: [UInt8] = []
    swap(&bytes, &pending)
    let used = bytes.withUnsafeBytes(process)
    if used < bytes.count, keepsInput {
      if used > 0 { bytes.removeFirst(used) }
      pending = bytes
    }
    hasUnread = !pending.isEmpty && state != .receivingHead
  }

  private var keepsInput: Bool { state != .draining && state != .closed }

  /// Consumes requests from bytes, as far as they go without waiting.
  ///
  /// - Returns: How many bytes were consumed.
  private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
    var position = 0
    do throws(HTTPRefusal) {
      while position < bytes.count {
        switch state {
        case .receivingHead:
          let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
          if scan.isUntouched { expect(within: dispatcher.settings.idleSeconds) }
          guard let end = try scan.end(in: rest) else { return position }
          let message = try RequestMessage(UnsafeRawBufferPointer(rebasing: rest[scan.start..<end]))
          scan = HeadScan(limit: dispatcher.settings.headLimit)
          position += end
          hasUnread = position < bytes.count
          begin(message)
        case .receivingBody:
          try takeBody(bytes, &position)
          if isStarved { return position }
        case .working, .sending, .draining, .closed: return position
        }
      }
    } catch {
      let head =
        exchange?.message.head
        ?? RequestMessage.legible(UnsafeRawBufferPointer(rebasing: bytes[(position + scan.start)...].prefix(dispatcher.settings.headLimit)))
      refuse(error, head)
    }
    return position
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) throws(HTTPRefusal) {
    guard let exchange else { return }
    let (before, intake) = (position, exchange.intake)
    if let piece = try exchange.intake.next(in: bytes, from: &position) {
      switch dispatcher.take(piece, of: exchange) {
      case .taken: break
      case .takenInTime: expect(within: dispatcher.settings.bodySeconds)
      case .noRoom:
        guard exchange.acceptance.share == .common, dispatcher.table.endLongestBody(but: socket) else { throw .overloaded }
        // Tried again once another connection has given way.
        (position, exchange.intake, isStarved) = (before, intake, true)
        return loop.wait(for: self)
      case .refused(let refusal): throw refusal
      }
    }
    if exchange.intake.isOver {
      hasUnread = position < bytes.count
      work(on: exchange)
    }
  }

  // MARK: Requests

  private func begin(_ message: RequestMessage) {
    let exchange = Exchange(message)
    self.exchange = exchange
    dispatcher.inFlight.began()
    if let refused = dispatcher.refusal(of: exchange) {
      if !exchange.intake.isOver { hasUnread = true }
      return send(refused, closes: true)
    }
    if standing.trust != .proven, dispatcher.application.isNeighbour(message.head) { standing.trust = .proven }
    if exchange.intake.isOver { return work(on: exchange) }
    if message.expectsLeave, !hasUnread, !giveLeave() { return close() }
    state = .receivingBody
    standing.turn(to: exchange.acceptance.share == .common ? .receiving : .working, at: loop.now)
    expect(within: dispatcher.settings.bodySeconds)
  }

  /// Sends 100 Continue; false if it is not accepted.
  private func giveLeave() -> Bool {
    let leave: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"
    return transport.write(UnsafeRawBufferPointer(start: leave.utf8Start, count: leave.utf8CodeUnitCount)) == leave.utf8CodeUnitCount
  }

  /// The request is whole: answers at once if the application can, or waits for the answer.
  private func work(on exchange: Exchange) {
    state = .working
    due = nil
    standing.turn(to: .working, at: loop.now)
    let request = HTTPRequest(
      head: exchange.message.head, body: exchange.body, reader: exchange.reader, context: exchange.acceptance.context)
    (exchange.body, exchange.reader) = ([], nil)
    let (application, loop) = (dispatcher.application, loop)
    Task.immediate {
      let response = await application.answer(request)
      if exchange.finish(response) { loop.post(.answered(self, response)) }
    }
    if let response = exchange.takeOrAwait() { send(response, closes: false) }
  }

  /// The awaited answer is there.
  func answered(_ response: HTTPResponse) {
    guard state == .working, exchange?.giveUp() ?? false else { return }
    send(response, closes: false)
    proceed()
  }

  /// Refuses an unreadable request, or one without room, and closes.
  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) {
    hasUnread = true
    send(dispatcher.application.refuse(refusal, head), closes: true)
  }

  // MARK: Time

  /// Sets the number of seconds within which it must make progress.
  func expect(within seconds: Int) {
    due = loop.now + UInt64(max(seconds, 0)) * 1_000_000_000
  }

  /// Sets how long it may be idle until the next request.
  func rest() {
    state = .receivingHead
    standing.turn(to: .idle, at: loop.now)
    let isNeighbour = standing.trust != .stranger
    expect(within: isNeighbour ? dispatcher.settings.neighbourIdleSeconds : dispatcher.settings.idleSeconds)
  }
}
