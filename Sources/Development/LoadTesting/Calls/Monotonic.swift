internal import CSockets

/// The clock that latencies are read from.
public enum Monotonic {
  /// Microseconds since some moment in the past; they only rise, alike in all threads.
  public static var microseconds: Int { Int(shim_monotonic() / 1_000) }
}
