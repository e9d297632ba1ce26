public import MasteryCore

/// Where log lines go.
public struct Log: Sendable {
  /// What takes lines.
  private enum Sink: Sendable {
    case function(@Sendable ([UInt8]) -> Void)
    case writer(LogWriter)
  }

  private let level: LogLevel
  private let format: LogFormat
  private let sink: Sink

  /// A log.
  ///
  /// - Parameters:
  ///   - level: Lines below it are left out.
  ///   - format: How a line looks.
  ///   - write: Takes a whole line.
  public init(level: LogLevel, format: LogFormat, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.level = level
    self.format = format
    sink = .function(write)
  }

  /// A log to an open file; a line is one write, so that lines of several threads never mix.
  ///
  /// - Parameters:
  ///   - level: Lines below it are left out.
  ///   - format: How a line looks.
  ///   - descriptor: The file, which stays open.
  public init(level: LogLevel, format: LogFormat, descriptor: Int32) {
    self.level = level
    self.format = format
    sink = .writer(LogWriter(descriptor: descriptor))
  }

  /// A log on standard error.
  public static func standardError(level: LogLevel, format: LogFormat) -> Self {
    Self(level: level, format: format, descriptor: 2)
  }

  /// Whether lines of that severity are written.
  public func writes(_ level: LogLevel) -> Bool { level >= self.level }

  /// Whether lines that must not be missing cannot be written now: the disk is full, or nobody reads them.
  var isStuck: Bool {
    switch sink {
    case .function: false
    case .writer(let writer): writer.isStuck
    }
  }

  /// Writes a line as JSON whatever level and format the log has: one that must not be missing.
  func record(_ line: LogLine, at moment: Timestamp) {
    put(line.bytes(.json, at: moment), at: moment, isBinding: true)
  }

  /// Writes a line, where its severity is wanted.
  public func callAsFunction(_ line: LogLine, at moment: Timestamp) {
    guard writes(line.level) else { return }
    put(line.bytes(format, at: moment), at: moment)
  }

  /// Writes a line whose severity is known beforehand, and spares making it where that is not wanted.
  public func callAsFunction(_ level: LogLevel, _ line: @autoclosure () -> LogLine, at moment: Timestamp) {
    if writes(level) { put(line().bytes(format, at: moment), at: moment) }
  }

  private func put(_ line: [UInt8], at moment: Timestamp, isBinding: Bool = false) {
    switch sink {
    case .function(let write): write(line)
    case .writer(let writer):
      let lost = writer.write(line, isBinding: isBinding)
      guard lost > 0 else { return }
      let told = LogLine(.warning, "log lines were lost, since nobody took them", [("lines", .integer(lost))])
      _ = writer.write(told.bytes(format, at: moment), isBinding: false)
    }
  }
}
