internal import JSON

/// The format of log lines.
public enum LogFormat: String, CaseIterable, Sendable {
  /// One JSON object per line.
  case json
  /// Text for people.
  case text
}
