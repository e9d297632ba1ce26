import Testing

@testable import DevSidecar

/// The measured rates of an app without mastery that processes waiting events beside the real sidecar, Kafka and Redis, against the
/// prediction of broker and cost model on a clock of their own.
@Suite("Rates that the cost model predicts")
struct PredictedRateTests {
  /// 40,000 events of 3,774 students, 5 topics of 6 partitions; the app gets, saves 1.9 kB for each student and publishes 0.3 kB an event.
  private struct Run {
    static let topics = ["a", "b", "c", "d", "e"]
    /// The app's own time for a delivery and for an event, in milliseconds.
    static let appDelivery = 0.2
    static let appEvent = 0.015
    var rig: BrokerRig
    var schedule = CoreSchedule(time: 0)
    var now = 0.0
    let pieces: Int

    init(most: Int, patience: Int64, pieces: Int, seed: UInt64) {
      rig = BrokerRig([], [BrokerRig.component { $0.partitions = 6 }], seed: seed)
      rig.broker = Broker([(BrokerRig.component { $0.partitions = 6 }, nil)], random: RandomBits(seed: seed))
      self.pieces = pieces
      for number in 0..<40_000 {
        // Three events in a row are one student's, as in the course.
        let student = number / 3 * 7_919 % 3_774
        rig.publish(["x"], to: Self.topics[number % 5], key: "\(student)")
      }
      let subscriptions = Self.topics.map { BrokerRig.bulk($0, most: most, patience: patience) }
      _ = rig.broker.subscribe(subscriptions, now: 0)
    }

    /// Events per second until the last one is finished.
    mutating func rate() -> Double {
      while rig.broker.undelivered > 0 {
        guard let batch = rig.take(at: Int64(now)).first else {
          now = Double(rig.broker.nextDue(now: Int64(now)) ?? Int64(now + 1))
          continue
        }
        deliver(batch)
        rig.settle(batch, at: Int64(now))
      }
      return 40_000 / (now / 1_000)
    }

    private mutating func deliver(_ batch: Batch) {
      pass([[.delivery(of: batch.entries.count)]])
      now += Self.appDelivery + Self.appEvent * Double(batch.entries.count)
      let parts = Dictionary(grouping: batch.entries) { entry in (Int(entry.message.key ?? "") ?? 0) % pieces }
      pass(
        parts.values.map { part in
          let students = Set(part.map(\.message.key)).count
          return [
            .get(students, students * 1_900, .redis), .save(students, students * 1_900, .redis), .publish(part.count, part.count * 390),
          ]
        })
    }

    /// Lets chains of calls run side by side.
    private mutating func pass(_ chains: [[CallCost]]) {
      var left = chains.map { $0[...] }
      _ = schedule.advance(to: now)
      for chain in left.indices { if let cost = left[chain].popFirst() { schedule.begin(chain, cost) } }
      while let end = schedule.nextEnd {
        now = end
        for chain in schedule.advance(to: now + 1e-9) { if let cost = left[chain].popFirst() { schedule.begin(chain, cost) } }
      }
    }
  }

  @Test(
    "The predicted rates of an app without mastery are within a quarter of the measured ones",
    arguments: [
      (180, 50, 1, 2_563.0), (180, 500, 1, 5_193), (1_000, 1_000, 1, 8_559), (1_000, 1_000, 4, 9_544), (1_000, 250, 4, 9_202),
      (2_000, 500, 4, 12_726),
    ])
  func floor(_ most: Int, _ patience: Int, _ pieces: Int, _ measured: Double) {
    var run = Run(most: most, patience: Int64(patience), pieces: pieces, seed: 1)
    let share = run.rate() / measured
    #expect((0.75...1.25).contains(share))
  }
}
