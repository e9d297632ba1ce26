internal import CSockets
internal import Glibc
internal import Synchronization

/// A thread that waits for events on its connections, and handles them.
///
/// `@unchecked Sendable`: everything except the mailbox belongs to its own thread; the handles are constants.
final class EventLoop: @unchecked Sendable {
  /// A message from another thread.
  enum Message {
    case connected(Int32, Standing)
    case answered(Connection, HTTPResponse)
    /// The server is stopping: requests in flight have little time left.
    case hurry
    /// A request that is still in progress is answered with a refusal.
    case abandon
    case end
  }

  /// Room for input, lent to one connection at a time.
  let input: UnsafeMutableRawBufferPointer
  /// A buffer for answers, one at a time.
  var output: [UInt8] = []
  /// The time in nanoseconds, as of the last event.
  private(set) var now: UInt64 = 0
  private let dispatcher: RequestDispatcher
  private let epoll: Int32
  private let wake: Int32
  private let mailbox = Mutex<[Message]>([])
  private var thread = pthread_t()
  private var connections: [Connection?] = []
  private var unfinished: [Connection] = []
  private var starved: [Connection] = []
  private var dateText = DateText()
  private var nextSweep: UInt64 = 0
  private var isOver = false

  /// Milliseconds after which connections without room for their bodies try again.
  private static let retryMilliseconds: Int32 = 5

  /// Starts the thread; nil if the system refuses.
  init?(dispatcher: RequestDispatcher) {
    self.dispatcher = dispatcher
    (epoll, wake) = (shim_epoll_create(), shim_eventfd())
    input = .allocate(byteCount: 64 << 10, alignment: 16)
    guard epoll >= 0, wake >= 0, shim_epoll_watch_level(epoll, wake) == 0 else { return nil }
    now = shim_monotonic()
    let context = Unmanaged.passRetained(self)
    guard pthread_create(&thread, nil, runLoop, context.toOpaque()) == 0 else {
      context.release()
      return nil
    }
  }

  deinit {
    if epoll >= 0 { close(epoll) }
    if wake >= 0 { close(wake) }
    input.deallocate()
  }

  /// Sends it a message, from any thread.
  func post(_ message: Message) {
    let isFirst = mailbox.withLock { mailbox in
      mailbox.append(message)
      return mailbox.count == 1
    }
    if isFirst { shim_eventfd_signal(wake) }
  }

  /// Waits until the thread has ended, which `Message.end` requests.
  func join() {
    pthread_join(thread, nil)
  }

  // MARK: On its thread

  fileprivate func run() {
    // Writing to a closed connection must be an error, not the end of the process.
    var broken = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &broken, nil)
    var happenings = [shim_epoll_happening](repeating: shim_epoll_happening(), count: 128)
    while !isOver {
      let wait = unfinished.isEmpty ? starved.isEmpty ? 1_000 : Self.retryMilliseconds : 0
      let count = Int(shim_epoll_wait(epoll, &happenings, Int32(happenings.count), wait))
      now = shim_monotonic()
      var isToldSomething = false
      for happening in happenings[..<count] {
        if happening.file == wake {
          isToldSomething = true
        } else if Int(happening.file) < connections.count {
          connections[Int(happening.file)]?.happened(happening.flags)
        }
      }
      goOn()
      if isToldSomething { readMail() }
      if now >= nextSweep { sweep() }
    }
    for connection in connections { connection?.close() }
  }

  private func readMail() {
    shim_eventfd_clear(wake)
    let messages = mailbox.withLock { mailbox in
      defer { mailbox = [] }
      return mailbox
    }
    for message in messages {
      switch message {
      case .connected(let socket, let standing): begin(socket, standing)
      case .answered(let connection, let response): connection.answered(response)
      case .hurry: for connection in connections { connection?.hurry() }
      case .abandon: for connection in connections { connection?.abandon() }
      case .end: isOver = true
      }
    }
  }

  private func begin(_ socket: Int32, _ standing: Standing) {
    guard let transport = Transport(socket: socket, tls: dispatcher.tls), shim_epoll_watch(epoll, socket) == 0 else {
      dispatcher.table.end(socket)
      close(socket)
      return
    }
    let index = Int(socket)
    while connections.count <= index { connections.append(nil) }
    let connection = Connection(transport, standing: standing, dispatcher: dispatcher, loop: self)
    connections[index] = connection
    connection.proceed()
  }

  private func goOn() {
    guard !unfinished.isEmpty || !starved.isEmpty else { return }
    let waiting = unfinished
    unfinished = []
    for connection in waiting {
      connection.isPostponed = false
      connection.proceed()
    }
    let hungry = starved
    starved = []
    for connection in hungry {
      connection.isStarved = false
      connection.proceed()
    }
  }

  private func sweep() {
    nextSweep = now + 1_000_000_000
    for connection in connections {
      if let connection, let due = connection.due, due < now { connection.expire() }
    }
  }

  /// Lets a connection continue after all others have had their turn.
  func goOnLater(with connection: Connection) {
    guard !connection.isPostponed else { return }
    connection.isPostponed = true
    unfinished.append(connection)
  }

  /// Lets a connection continue once there may be room for its body.
  func wait(for connection: Connection) {
    starved.append(connection)
  }

  /// A connection is about to be closed.
  func forget(_ socket: Int32) {
    if Int(socket) < connections.count { connections[Int(socket)] = nil }
  }

  /// The time as HTTP writes it.
  func date() -> [UInt8] { dateText.now() }
}

/// The thread's entry.
private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}
