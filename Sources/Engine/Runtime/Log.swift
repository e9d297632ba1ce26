public import MasteryCore
internal import Synchronization

/// A destination for log lines.
public struct Log: Sendable {
  /// The receiver of lines.
  private enum Sink: Sendable {
    case function(@Sendable ([UInt8]) -> Void)
    case writer(LogWriter)
  }

  /// Whether all levels are written for now; shared by all copies of a log.
  private final class Loudness: Sendable {
    let isLoud = Atomic(false)
  }

  private let level: LogLevel
  private let loudness = Loudness()
  private let format: LogFormat
  private let sink: Sink

  /// Creates a log.
  ///
  /// - Parameters:
  ///   - level: The lowest level written.
  ///   - format: The format of a line.
  ///   - write: Receives a complete line.
  public init(level: LogLevel, format: LogFormat, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.level = level
    self.format = format
    sink = .function(write)
  }

  /// Creates a log to an open file; each line is a single write, so that lines of several threads never mix.
  ///
  /// - Parameters:
  ///   - level: The lowest level written.
  ///   - format: The format of a line.
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

  /// Whether lines of that level are written.
  public func writes(_ level: LogLevel) -> Bool { level >= self.level || loudness.isLoud.load(ordering: .relaxed) }

  /// Writes all levels from now on, or if that is so already, only those that it was created for.
  ///
  /// - Returns: The lowest level that is written now.
  public func switchLevel() -> LogLevel {
    let (_, isLoud) = loudness.isLoud.compareExchange(expected: false, desired: true, ordering: .relaxed)
    if isLoud { loudness.isLoud.store(false, ordering: .relaxed) }
    return isLoud ? level : .debug
  }

  /// Whether mandatory lines cannot be written now, because the disk is full or nobody reads the pipe.
  var isStuck: Bool {
    switch sink {
    case .function: false
    case .writer(let writer): writer.isStuck
    }
  }

  /// Writes a mandatory line as JSON, whatever the log's level and format.
  func record(_ line: LogLine, at moment: Timestamp) {
    put(line.bytes(.json, at: moment), at: moment, isBinding: true)
  }

  /// Writes a line if its level is enabled.
  public func callAsFunction(_ line: LogLine, at moment: Timestamp) {
    guard writes(line.level) else { return }
    put(line.bytes(format, at: moment), at: moment)
  }

  /// Writes a line of a given level; it is built only if the level is enabled.
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
