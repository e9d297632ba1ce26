internal import CCurl
internal import Glibc
internal import Synchronization

/// The one thread that owns libcurl's multi handle.
///
/// `@unchecked Sendable`: the multi handle and the easy handles are touched by the thread alone, except for `curl_multi_wakeup`, which
/// libcurl allows from anywhere; transfers are handed over through `inbox`.
final class TransferThread: @unchecked Sendable {
  private struct Inbox {
    var waiting: [Transfer] = []
    var isStopped = false
    var isAsleep = false
  }

  private let inbox = Mutex(Inbox())
  /// The thread, until somebody has waited for its end.
  private let running = Mutex<pthread_t?>(nil)
  private let multi: UnsafeMutableRawPointer
  private let connections: Int
  /// Transfers that wait for a connection: here and not in libcurl, which would let no deadline pass meanwhile.
  private var queue = TransferQueue()
  private var idle: [UnsafeMutableRawPointer] = []
  private var active: [UnsafeMutableRawPointer: Transfer] = [:]

  private static let initialised: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  init(connections: Int) throws(HTTPClientFailure) {
    guard Self.initialised, let multi = curl_multi_init() else { throw .broken("libcurl cannot start") }
    self.multi = multi
    self.connections = connections
    _ = shim_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
    let context = Unmanaged.passRetained(self)
    var thread = pthread_t()
    guard pthread_create(&thread, nil, runTransfers, context.toOpaque()) == 0 else {
      context.release()
      throw .broken("no thread for libcurl")
    }
    running.withLock { $0 = thread }
  }

  func submit(_ transfer: Transfer) {
    let (isStopped, wake) = inbox.withLock { inbox in
      guard !inbox.isStopped else { return (true, false) }
      inbox.waiting.append(transfer)
      defer { inbox.isAsleep = false }
      return (false, inbox.isAsleep)
    }
    if isStopped { return transfer.fail(.stopped) }
    if wake { curl_multi_wakeup(multi) }
  }

  /// Ends running calls and waits until the thread is gone, so that a process may exit right after.
  func stop() {
    inbox.withLock { $0.isStopped = true }
    curl_multi_wakeup(multi)
    let thread = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let thread else { return }
    if pthread_equal(thread, pthread_self()) == 0 { pthread_join(thread, nil) } else { pthread_detach(thread) }
  }

  /// The thread's work: take new calls, let libcurl move, report finished ones, sleep until something happens.
  func run() {
    while let new = take() {
      queue.append(new)
      while active.count < connections, let transfer = queue.next() { start(transfer) }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      report()
      queue.dropOverdue()
      let canStart = !queue.isEmpty && active.count < connections
      let sleeps = inbox.withLock { inbox in
        inbox.isAsleep = inbox.waiting.isEmpty && !inbox.isStopped && !canStart
        return inbox.isAsleep
      }
      if sleeps { curl_multi_poll(multi, nil, 0, queue.millisecondsToNextDue(atMost: 60_000), nil) }
    }
    end()
  }

  /// The calls since last time; nil once the client is stopped.
  private func take() -> [Transfer]? {
    inbox.withLock { inbox in
      inbox.isAsleep = false
      guard !inbox.isStopped else { return nil }
      defer { inbox.waiting.removeAll(keepingCapacity: true) }
      return inbox.waiting
    }
  }

  private func start(_ transfer: Transfer) {
    guard let easy = idle.popLast() ?? curl_easy_init() else { return transfer.fail(.broken("no memory for libcurl")) }
    transfer.prepare(easy)
    active[easy] = transfer
    guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
      active[easy] = nil
      curl_easy_cleanup(easy)
      return transfer.fail(.broken("libcurl takes no more transfers"))
    }
  }

  private func report() {
    var code = CURLE_OK
    while let easy = shim_curl_next_finished(multi, &code) {
      curl_multi_remove_handle(multi, easy)
      active.removeValue(forKey: easy)?.finish(code, easy: easy)
      curl_easy_reset(easy)
      idle.append(easy)
    }
  }

  private func end() {
    for (easy, transfer) in active {
      curl_multi_remove_handle(multi, easy)
      curl_easy_cleanup(easy)
      transfer.fail(.stopped)
    }
    active.removeAll()
    for easy in idle { curl_easy_cleanup(easy) }
    let late = inbox.withLock { inbox in
      defer { inbox.waiting.removeAll() }
      return inbox.waiting
    }
    for transfer in late { transfer.fail(.stopped) }
    while let transfer = queue.next() { transfer.fail(.stopped) }
  }

  deinit { curl_multi_cleanup(multi) }
}

/// The thread's entry.
///
/// Its context is a retained `TransferThread`, released when the thread ends.
private func runTransfers(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<TransferThread>.fromOpaque(context).takeRetainedValue().run()
  return nil
}
