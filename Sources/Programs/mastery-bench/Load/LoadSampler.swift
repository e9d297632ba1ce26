import LoadTesting
import Synchronization

/// Looks at everything once a second.
final class LoadSampler: Sendable {
  private let samples = Mutex<[LoadReport.Sample]>([])

  /// Looks until the task is cancelled.
  ///
  /// - Parameters:
  ///   - began: When the load began.
  ///   - fleet: Whose memory and files are read.
  ///   - fill: Adds what else is known.
  func run(from began: Int, _ fleet: EngineFleet, _ fill: @Sendable (inout LoadReport.Sample) -> Void) async {
    while !Task.isCancelled {
      var sample = LoadReport.Sample()
      sample.second = max(0, (Monotonic.microseconds - began) / 1_000_000)
      (sample.memory, sample.files) = (fleet.memory, fleet.files)
      fill(&sample)
      samples.withLock { [sample] in $0.append(sample) }
      await fleet.trimLogs()
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// What was seen, in order.
  var all: [LoadReport.Sample] { samples.withLock { $0 } }

  /// The median of some figure over the seconds from one on; nil if there are none.
  static func median(_ samples: [LoadReport.Sample], _ seconds: Range<Int>, _ figure: (LoadReport.Sample) -> Double) -> Double? {
    let values = samples.filter { seconds.contains($0.second) }.map(figure).sorted()
    return values.isEmpty ? nil : values[values.count / 2]
  }
}
