/// The laws about which events may wait for others.
struct PatienceLaws {
  /// Milliseconds within which an event must be processed, whatever faults affect others.
  private static let patience: Int64 = 5_000

  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  /// An event that was delayed by a fault of another student or event.
  var heldUp: String? {
    let excuses = excuses
    for acknowledged in aftermath.chronicle.acknowledged {
      let message = acknowledged.message
      // A deferred event waits for reasons of its own.
      guard !acknowledged.wasRefused, message.content.isSound, message.parcel == nil,
        !aftermath.chronicle.troubled.contains(message.content.documentKey)
      else { continue }
      let span = message.publishedAt..<max(message.publishedAt, acknowledged.ended)
      let waited = Int64(span.count) - Self.overlap(of: excuses, with: span)
      if waited > Self.patience {
        return "event \(message.serial) of \(message.content.owner) waited for \(waited) ms while no fault affected everybody"
      }
    }
    return nil
  }

  /// The times at which faults affected everybody, in order and without overlaps.
  private var excuses: [Range<Int64>] {
    var merged: [Range<Int64>] = []
    for excuse in aftermath.chronicle.excuses.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, excuse.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, excuse.upperBound)
      } else {
        merged.append(excuse)
      }
    }
    return merged
  }

  private static func overlap(of excuses: [Range<Int64>], with span: Range<Int64>) -> Int64 {
    excuses.reduce(0) { $0 + Int64($1.clamped(to: span).count) }
  }
}
