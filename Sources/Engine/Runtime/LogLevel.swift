internal import MasteryCore

/// The severity of a log line.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
  /// Individual steps.
  case debug
  /// Normal operation.
  case info
  /// A condition that needs attention.
  case warning
  /// A failure.
  case error

  private var rank: Int {
    switch self {
    case .debug: 0
    case .info: 1
    case .warning: 2
    case .error: 3
    }
  }

  /// Compares by severity.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
