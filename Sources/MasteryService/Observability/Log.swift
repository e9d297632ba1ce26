internal import Glibc
public import MasteryCore
internal import Synchronization

/// Where log lines go.
public struct Log: Sendable {
  private let level: LogLevel
  private let format: LogFormat
  private let write: @Sendable ([UInt8]) -> Void

  /// A log.
  ///
  /// - Parameters:
  ///   - level: Lines below it are left out.
  ///   - format: How a line looks.
  ///   - write: Takes a whole line.
  public init(level: LogLevel, format: LogFormat, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.level = level
    self.format = format
    self.write = write
  }

  /// A log on standard error; a line is one write, so that lines of several threads never mix.
  public static func standardError(level: LogLevel, format: LogFormat) -> Self {
    Self(level: level, format: format) { bytes in
      _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
  }

  /// Whether lines of that gravity are written.
  public func writes(_ level: LogLevel) -> Bool { level >= self.level }

  /// Writes a line as JSON whatever level and format the log has: one that must not be missing.
  func record(_ line: LogLine, at moment: Timestamp) {
    write(line.bytes(.json, at: moment))
  }

  /// Writes a line, where its gravity is wanted.
  public func callAsFunction(_ line: LogLine, at moment: Timestamp) {
    guard writes(line.level) else { return }
    write(line.bytes(format, at: moment))
  }

  /// Writes a line whose gravity is known beforehand, and spares making it where that is not wanted.
  public func callAsFunction(_ level: LogLevel, _ line: @autoclosure () -> LogLine, at moment: Timestamp) {
    if writes(level) { write(line().bytes(format, at: moment)) }
  }
}
