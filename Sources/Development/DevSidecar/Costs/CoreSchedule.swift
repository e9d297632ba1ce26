/// Work on two cores as a value: which work is done when.
///
/// Each work runs at full speed while the cores have room; work that asks for more than both have slows everything down equally. The time
/// is passed in, in milliseconds.
struct CoreSchedule: Sendable {
  private struct Work: Sendable {
    var number: Int
    /// When it is done, on the clock that runs as fast as the work.
    var end: Double
    /// The cores that it takes at full speed.
    var share: Double
  }

  /// How many cores there are.
  static let cores = 2.0

  private(set) var time: Double
  /// Milliseconds of full-speed progress since the beginning.
  private(set) var progress = 0.0
  private var works: [Work] = []

  init(time: Double) {
    self.time = time
  }

  /// How fast the work runs: 1 while there is room.
  private var speed: Double {
    let asked = works.reduce(0) { $0 + $1.share }
    return asked > Self.cores ? Self.cores / asked : 1
  }

  /// Begins a work at this time, or at the earlier time at which it began.
  mutating func begin(_ number: Int, _ cost: CallCost, since beginning: Double? = nil) {
    let end = (beginning ?? progress) + cost.latency
    let left = max(end - progress, 0.001)
    works.append(Work(number: number, end: end, share: min(cost.cores / left, Self.cores)))
  }

  /// Advances to a time.
  ///
  /// - Returns: The numbers of the finished works, in order.
  mutating func advance(to now: Double) -> [Int] {
    var done: [Int] = []
    while time < now {
      let speed = speed
      guard let first = works.indices.min(by: { works[$0].end < works[$1].end }), works[first].end <= progress + (now - time) * speed
      else {
        progress += (now - time) * speed
        break
      }
      time += max(0, (works[first].end - progress) / speed)
      progress = max(progress, works[first].end)
      done.append(works.remove(at: first).number)
    }
    time = max(time, now)
    return done
  }

  /// When the next work is done, if nothing else begins; nil if there is none.
  var nextEnd: Double? {
    works.map(\.end).min().map { time + max(0, ($0 - progress) / speed) }
  }
}
