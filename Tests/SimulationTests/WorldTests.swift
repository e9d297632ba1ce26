import Testing
import WireTesting

@testable import Simulation

/// One after the other and on threads of their own, so that tests which wait for an answer in time get their share of the machine.
@Suite("Simulated worlds", .serialized)
enum SimulationTests {}

extension SimulationTests {
  @Suite("Worlds in which everything goes wrong")
  struct WorldTests {
    /// Seeds under which a law was broken once, and what was mended then.
    private static let kept: [(seed: UInt64, what: String)] = [
      (408, "a key that failed once, and 95 days later once more, was taken for one that had failed all the time"),
      (17, "an erasure of a damaged document began an epoch before the damaged one's"),
      (26, "the dead letter of a student whose key could not be read held up all others for ever"),
      (46, "a dead letter was kept although a later release's document might have forbidden it"),
      (284, "an erasure that was resumed by a slower clock than the one it was asked by forgot less than was asked for"),
      (372, "pieces of a trail that a wrong clock let go of were not erased"),
      (2_945, "a key whose events went from replica to replica was given up by none of them"),
      (5_489, "a replica a year ahead forgot who had been erased, and a result that came again brought the standing back"),
      (7_290, "consent that was withdrawn again while the student was erased differed in nothing but who had said it"),
      (9_221, "nobody can know the life of a damaged document that a clock a year ahead had begun"),
      (9_781, "the cohorts of a damaged document were named by a standing that a clock a year ahead had let go of"),
    ]

    @Test("break no law, and meet every kind of fault")
    func laws() async {
      let summary = await Sweep(0..<350).run(workers: 1)
      #expect(summary.runs == 350)
      #expect(summary.breaches.isEmpty)
      for fault in Fault.allCases { #expect(summary.injected[fault, default: 0] >= 10, "\(fault)") }
    }

    @Test("break no law where one was broken before", arguments: kept)
    func lawsOnceBroken(_ seed: UInt64, _ what: String) async {
      #expect(await onThread { Run(Plan(seed: seed)).breach } == nil, "\(what)")
    }

    @Test("happen again step by step under the same seed, and otherwise under another", arguments: 0..<10)
    func repeats(_ block: Int) async {
      let seeds = UInt64(block) * 10..<UInt64(block) * 10 + 10
      let traces = await onThread { (0..<2).map { _ in seeds.map { Run(Plan(seed: $0)).hash } } }
      #expect(traces[0] == traces[1])
      #expect(Set(traces[0]).count == seeds.count)
    }

    @Test("bring a replica one bulk delivery of events at a time where the broker keeps an order, and several where it keeps none")
    func oneAtATime() async {
      let most = await onThread {
        (UInt64(0)..<60).map { seed in
          let plan = Plan(seed: seed)
          return (plan.ordering == .partitions, DeliveriesAtOnce(Run(plan, isTold: true).story).most)
        }
      }
      let crowded = most.indices.filter { most[$0].0 && most[$0].1 > 1 }
      #expect(crowded.isEmpty, "seeds \(crowded)")
      #expect(most.contains { $0 && $1 == 1 } && most.contains { !$0 && $1 > 1 })
    }

    @Test("are told as they happened, whether anyone listens or not")
    func told() {
      let quiet = Run(Plan(seed: 5))
      let told = Run(Plan(seed: 5), isTold: true)
      #expect(quiet.hash == told.hash && quiet.story.isEmpty && told.story.count == told.steps)
    }

    @Test("take real events")
    func course() async {
      let lines = (0..<200).map { number in
        let second = "\(10 + number / 20):\(10 + number % 20)"
        return Array(
          #"{"event_id":"c-\#(number)","event_type":"quiz.completed","timestamp":"2014-02-0\#(1 + number % 9)T10:\#(second)Z","#.utf8)
          + Array(#""student_id":"s-\#(number % 7)","data":{"total_questions":10,"correct_answers":\#(number % 11)},"#.utf8)
          + Array(#""metadata":{"school_id":"open","cohort_id":"c","source":"oulad"}}"#.utf8)
      }
      let course = Course(lines: lines + [Array("no event".utf8)])
      #expect(!course.isEmpty)
      let summary = await Sweep(0..<40, course: course).run(workers: 1)
      #expect(summary.breaches.isEmpty)
      #expect(Run(Plan(seed: 1, course: course), isTold: true).story.contains { $0.contains("of open/s-") })
    }
  }
}
