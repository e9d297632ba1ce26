internal import DaprClient

/// The result of one try of work that another writer, or a failed call, may thwart.
enum Attempt<Value> {
  /// The work is done.
  case done(Value)
  /// The next try may succeed.
  case again
  /// Another try would come to the same, or only add load to an outage.
  case over
}

extension Runtime {
  /// Maximum number of tries of the same work.
  static let tries = 8

  /// Tries something until it is done, at most eight times.
  ///
  /// The pauses between the tries double from 10 milliseconds, with jitter, so that two writers do not keep step.
  ///
  /// - Returns: The result; nil if it could not be done now.
  /// - Throws: The error that `attempt` throws; it ends the tries.
  func retrying<Value, Failure: Error>(
    _ attempt: () async throws(Failure) -> Attempt<Value>
  ) async throws(Failure) -> Value? {
    for count in 1...Self.tries {
      switch try await attempt() {
      case .done(let value): return value
      case .over: return nil
      case .again: if count < Self.tries { await pause(afterTry: count) }
      }
    }
    return nil
  }

  /// Tries a change of the state store until it is stored, at most eight times.
  ///
  /// - Parameters:
  ///   - throughOutages: Whether it is tried again if nothing answers; otherwise that ends it, because another try would only add load.
  ///   - attempt: Loads, changes and saves; it returns nil if another writer was faster.
  /// - Returns: The result.
  /// - Throws: `Problem` if it could not be stored now.
  func storing<Value>(
    throughOutages: Bool = false, _ attempt: () async throws(SidecarFailure) -> Value?
  ) async throws(Problem) -> Value {
    let stored = await retrying { () async -> Attempt<Value> in
      do throws(SidecarFailure) {
        return try await attempt().map { .done($0) } ?? .again
      } catch .unintelligible {
        // A value that cannot be decoded will be the same at the next try.
        return .over
      } catch {
        return error.isOutage && !throughOutages ? .over : .again
      }
    }
    guard let stored else { throw .unavailable("the state store") }
    return stored
  }

  private func pause(afterTry count: Int) async {
    let most = 10 << min(count - 1, 5)
    await sleep(milliseconds: most / 2 + Int(random() % UInt64(most / 2 + 1)))
  }
}

extension SidecarFailure {
  /// Whether nothing answers, so that it is an outage, and another try would only add load.
  var isOutage: Bool {
    switch self {
    case .unreachable, .timedOut: true
    default: false
    }
  }
}
