import Glibc
import HTTPClient
import LoadTesting
import Synchronization

/// The replicas of the engine as processes, beside one sidecar.
actor EngineFleet {
  /// Microseconds in which a replica must be ready, or gone.
  private static let patience = 40_000_000
  /// Most bytes of a replica's log that are kept.
  private static let logLimit = 64 << 20

  private let program: String
  private let settings: [String]
  private let sidecarPort: UInt16
  private let client: HTTPClient
  private var processes: [ChildProcess] = []
  /// The ports of the replicas.
  nonisolated let ports: [UInt16]
  private nonisolated let numbers: Mutex<[pid_t]>

  init(_ program: String, replicas: Int, settings: [String], appPort: UInt16, sidecarPort: UInt16, client: HTTPClient) {
    (self.program, self.settings, self.sidecarPort, self.client) = (program, settings, sidecarPort, client)
    // Several replicas stand behind a door on the port that the sidecar calls.
    ports = replicas == 1 ? [appPort] : (1...replicas).map { appPort + UInt16($0) }
    numbers = Mutex([])
  }

  /// Starts all replicas and waits until they are ready.
  ///
  /// - Throws: `BenchFailure` if one is not.
  func start() async throws(BenchFailure) {
    for port in ports {
      let process = try launch(port)
      processes.append(process)
      numbers.withLock { $0.append(process.number) }
    }
    for index in ports.indices { try await ready(index) }
  }

  /// Asks a replica to stop, waits for its end, and starts it again until it is ready.
  ///
  /// - Throws: `BenchFailure` if it does not end well, or is not ready again.
  func restart(_ index: Int) async throws(BenchFailure) {
    try await processes[index].stopped(within: Self.patience)
    processes[index] = try launch(ports[index])
    let number = processes[index].number
    numbers.withLock { $0[index] = number }
    try await ready(index)
  }

  /// Stops all replicas.
  ///
  /// - Throws: `BenchFailure` if one does not end well.
  func stop() async throws(BenchFailure) {
    for process in processes { try await process.stopped(within: Self.patience) }
    processes = []
  }

  /// Lets logs that have grown large begin anew.
  func trimLogs() {
    for process in processes { process.trimOutput(over: Self.logLimit) }
  }

  /// Resident memory of all replicas in MB.
  nonisolated var memory: Double { numbers.withLock { $0 }.reduce(0) { $0 + ProcessFigures.memory($1) } }

  /// Open files of all replicas.
  nonisolated var files: Int { numbers.withLock { $0 }.reduce(0) { $0 + ProcessFigures.files($1) } }

  /// Processor time of all replicas that run now, in microseconds.
  var processorTime: Int { processes.reduce(0) { $0 + $1.processorTime } }

  private func launch(_ port: UInt16) throws(BenchFailure) -> ChildProcess {
    try ChildProcess(
      program, ["serve"],
      environment: ["APP_PORT=\(port)", "DAPR_HTTP_PORT=\(sidecarPort)", "ENVIRONMENT=development"] + settings, appends: true)
  }

  private func ready(_ index: Int) async throws(BenchFailure) {
    let end = Monotonic.microseconds + Self.patience
    while Monotonic.microseconds < end {
      let answer = try? await client.send(HTTPCall("GET", "http://127.0.0.1:\(ports[index])/ready", deadline: 2_000))
      if answer?.status == 200 { return }
      try? await Task.sleep(for: .milliseconds(20))
    }
    throw BenchFailure("replica \(index + 1) is not ready: \(processes[index].output.suffix(1_000))")
  }
}
