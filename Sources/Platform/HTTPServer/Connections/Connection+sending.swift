internal import CSockets

/// Answers on their way out, and the end of a connection.
extension Connection {
  /// This many bytes of an answer must be accepted in the time that a connection may be idle.
  private static let bytesInTime = 256 << 10
  /// A larger answer counts among those that are bounded in total.
  private static let ordinaryAnswer = 64 << 10

  /// Sends an answer to the current request.
  ///
  /// - Parameters:
  ///   - response: The answer.
  ///   - closes: Whether the connection ends after it, whatever the request wants.
  func send(_ response: HTTPResponse, closes: Bool) {
    guard response.status >= 0 else { return close() }
    if let exchange { dispatcher.answered(exchange) }
    let message = exchange?.message
    let ends = closes || response.closes || !(message?.keepsAlive ?? false) || dispatcher.stops
    let keeping: AnswerHead.Keeping = ends ? .close : message?.isOfVersion10 ?? false ? .keepAlive : .unsaid
    loop.output.removeAll(keepingCapacity: true)
    AnswerHead.write(response, keeping, date: loop.date(), to: &loop.output)
    let body = message?.head.method == "HEAD" ? [] : response.body
    outgoing.begin(head: &loop.output, body: body)
    unhurried = 0
    state = .sending(closes: ends)
    sendMore(closes: ends)
    guard case .sending = state else { return }
    standing.turn(to: .sending, at: loop.now)
    expect(within: dispatcher.stops ? Self.drainingSeconds : dispatcher.settings.idleSeconds)
    hold(body.count)
  }

  /// Counts an answer that has to wait for its reader; if there are too many bytes of them, the one that takes the longest gives way.
  private func hold(_ bytes: Int) {
    guard bytes > Self.ordinaryAnswer else { return }
    heldAnswer = bytes
    if !dispatcher.inFlight.addAnswer(bytes) { dispatcher.table.endLongestAnswer(but: socket) }
  }

  private func endAnswer() {
    guard heldAnswer > 0 else { return }
    dispatcher.inFlight.addAnswer(-heldAnswer)
    heldAnswer = 0
  }

  /// Writes as much as is accepted now.
  func sendMore(closes: Bool) {
    let before = outgoing.written
    guard outgoing.write(to: transport, from: loop.output) else { return close() }
    guard outgoing.isOver else {
      unhurried += outgoing.written - before
      if unhurried >= Self.bytesInTime, !dispatcher.stops {
        unhurried = 0
        expect(within: dispatcher.settings.idleSeconds)
      }
      return
    }
    endExchange()
    if closes { leave() } else { rest() }
  }

  /// Ends a connection whose last answer has been sent.
  private func leave() {
    // Unread input would make the system reset the connection, and the answer would be lost.
    guard hasUnread || !pending.isEmpty else { return close() }
    transport.endWriting()
    (pending, hasUnread) = ([], false)
    state = .draining
    standing.turn(to: .idle, at: loop.now)
    expect(within: Self.drainingSeconds)
  }

  /// Its time is over.
  func expire() {
    due = nil
    if state == .receivingBody, dispatcher.stops, let exchange { return refuse(.stopping, exchange.message.head) }
    close(isReset: shim_unsent(socket) > 0)
  }

  /// The server is stopping: requests in flight have little time left.
  func hurry() {
    switch state {
    case .receivingBody, .sending: expect(within: Self.drainingSeconds)
    case .receivingHead, .working, .draining, .closed: break
    }
  }

  /// Answers a request that is still in progress with a refusal.
  func abandon() {
    guard state == .working, let exchange, exchange.giveUp() else { return }
    refuse(.stopping, exchange.message.head)
  }

  /// Closes the connection, and forgets its current request.
  func close(isReset: Bool = false) {
    guard state != .closed else { return }
    state = .closed
    (due, pending, hasUnread) = (nil, [], false)
    outgoing = Outgoing()
    endExchange()
    dispatcher.table.end(socket)
    loop.forget(socket)
    transport.close(isReset: isReset)
  }

  private func endExchange() {
    endAnswer()
    guard let ended = exchange else { return }
    exchange = nil
    _ = ended.giveUp()
    dispatcher.end(ended)
  }
}
