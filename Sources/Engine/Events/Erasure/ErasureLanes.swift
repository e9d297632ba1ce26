internal import MasteryCore
internal import Synchronization

/// One erasure of a student at a time in this process: requests that arrive meanwhile are done together next, as of the latest of them,
/// because that erases at least as much as the others.
///
/// A client that asks again and again during an outage leaves many requests for the same student. Done side by side they would write the
/// same documents, and fail on each other's ETags.
final class ErasureLanes: Sendable {
  typealias Outcome = Result<Erasure.Report, Problem>

  private struct Lane {
    let batcher = Batcher<Erasure.Request, Outcome>()
    /// Number of requests in it; without any, the lane is removed.
    var count = 0
  }

  private let lanes = Mutex<[StudentKey: Lane]>([:])

  /// Does a request, together with others for the same student that are waiting.
  ///
  /// - Parameters:
  ///   - key: The student.
  ///   - request: The request.
  ///   - erase: Does the latest of the waiting requests.
  /// - Returns: The outcome of the request, or of the later one that was done for it.
  func run(_ key: StudentKey, _ request: Erasure.Request, _ erase: (Erasure.Request) async -> Outcome) async -> Outcome {
    let batcher = lanes.withLock { lanes in
      var lane = lanes[key] ?? Lane()
      lane.count += 1
      lanes[key] = lane
      return lane.batcher
    }
    defer {
      lanes.withLock { lanes in
        lanes[key]?.count -= 1
        if lanes[key]?.count == 0 { lanes[key] = nil }
      }
    }
    return await batcher.take(request) { requests in
      let latest = Self.latest(of: requests) ?? request
      let outcome = await erase(latest)
      guard case .failure = outcome, !latest.isPublished, let accepted = Self.latest(of: requests.filter(\.isPublished)) else {
        return Array(repeating: outcome, count: requests.count)
      }
      // What the broker has already is not held up by what it may not take.
      let done = await erase(accepted)
      return requests.map { $0.isPublished ? done : outcome }
    }
  }

  private static func latest(of requests: [Erasure.Request]) -> Erasure.Request? {
    requests.max { $0.rank < $1.rank }
  }
}

extension Erasure.Request {
  /// Orders requests by how much they erase; of two at one time the one that the broker has, or that has waited, needs less.
  fileprivate var rank: (Int64, Int, Int) { (askedAt.milliseconds, isPublished ? 1 : 0, hasWaited ? 1 : 0) }
}
