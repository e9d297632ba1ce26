import Glibc

/// A program that is started to be measured; its output goes into a file without a name.
final class ChildProcess {
  /// Its number, for `/proc`.
  let number: pid_t
  private let written: NamelessFile
  private var status: Int32?

  /// Starts it.
  ///
  /// - Parameters:
  ///   - program: The path of the program.
  ///   - arguments: Its arguments.
  ///   - environment: Its environment, beside a path.
  ///   - appends: Whether its output goes to the end of the file, so that `trimOutput` may empty that.
  /// - Throws: `BenchFailure` if it cannot be started.
  init(_ program: String, _ arguments: [String], environment: [String] = [], appends: Bool = false) throws(BenchFailure) {
    written = try NamelessFile()
    if appends { _ = fcntl(written.descriptor, F_SETFL, O_APPEND) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, written.descriptor, 1)
    posix_spawn_file_actions_adddup2(&actions, written.descriptor, 2)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = (environment + ["PATH=/usr/bin:/bin"]).map { strdup($0) } + [nil]
    defer {
      for text in words + variables { free(text) }
      posix_spawn_file_actions_destroy(&actions)
    }
    var number = pid_t()
    guard posix_spawn(&number, program, &actions, nil, &words, &variables) == 0 else {
      throw BenchFailure("\(program) cannot be started")
    }
    self.number = number
  }

  deinit {
    guard status == nil else { return }
    kill(number, SIGKILL)
    waitpid(number, nil, 0)
  }

  /// What it has written so far.
  var output: String { Self.content(written.descriptor) }

  /// Waits for its end.
  ///
  /// - Throws: `BenchFailure` if it did not end well.
  func finish() throws(BenchFailure) {
    var status: Int32 = 0
    waitpid(number, &status, 0)
    self.status = status
    guard status == 0 else { throw BenchFailure("a measured program failed: \(output)") }
  }

  /// Asks it to stop and waits for its end.
  func stop() throws(BenchFailure) {
    kill(number, SIGTERM)
    try finish()
  }

  /// Asks it to stop and waits for its end, without taking a thread.
  ///
  /// - Parameter limit: How long it may take, in microseconds.
  /// - Throws: `BenchFailure` if it did not end well, or not in time.
  func stopped(within limit: Int) async throws(BenchFailure) {
    let end = LoadGenerator.now + limit
    kill(number, SIGTERM)
    var status: Int32 = 0
    while waitpid(number, &status, WNOHANG) == 0 {
      guard LoadGenerator.now < end else { throw BenchFailure("a measured program does not stop: \(output.suffix(1_000))") }
      try? await Task.sleep(for: .milliseconds(5))
    }
    self.status = status
    guard status == 0 else { throw BenchFailure("a measured program failed: \(output.suffix(1_000))") }
  }

  /// Forgets what it has written if that is more than so many bytes.
  func trimOutput(over limit: Int) {
    if lseek(written.descriptor, 0, SEEK_END) > limit { ftruncate(written.descriptor, 0) }
  }

  /// The processor time it has taken so far, in microseconds.
  var processorTime: Int {
    // The name in brackets may hold spaces; user and system time are the 12th and 13th fields after it.
    let fields = Self.file("/proc/\(number)/stat").split(separator: ")").last?.split(separator: " ") ?? []
    let ticks = fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
    return ticks * (1_000_000 / sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Its peak memory so far, in MB.
  var peakMemory: Double {
    let line = Self.file("/proc/\(number)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
  }

  private static func file(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    return content(descriptor)
  }

  private static func content(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
