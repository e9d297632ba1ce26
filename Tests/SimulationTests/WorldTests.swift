import Testing
import WireTesting

@testable import Simulation

/// Tests that run one after the other and on threads of their own, so that tests with deadlines get enough processor time.
@Suite("Simulated worlds", .serialized)
enum SimulationTests {}

extension SimulationTests {
  @Suite("Worlds in which everything goes wrong")
  struct WorldTests {
    /// Seeds of worlds that once broke a law, and what went wrong.
    private static let kept: [(seed: UInt64, what: String)] = [
      (17, "the erasure of a damaged document began an epoch before the damaged one's"),
      (945, "an event that a clock a minute ahead had deferred blocked its partition until another clock caught up"),
      (955, "dead letters of two students whose keys fail for good waited a quarter of an hour each, one after the other"),
      (1_214, "two replicas with clocks a year apart deferred an event for each other a hundred times per second"),
      (2_497, "a replica with a clock behind had an event redelivered again and again, and the backoff delayed another student"),
      (2_999, "an erasure that was requested earlier overwrote a later one where no ETag is known"),
      (503_285, "of two simultaneous statements of consent, one was treated as the last"),
      (1_795_699_112, "standings forgot an erasure by a clock a year behind, and a late message brought the student back"),
      (1_795_699_463, "a delivery between clocks a year apart never settled"),
      (1_795_699_890, "a late tombstone announced two erasures under one id"),
      (1_795_700_394, "two erasures of an unreadable document crossed, and the one that reaches less far came last"),
      (2_671, "of two events with the same content, the world mistook the deferred one for the other"),
      (1_795_702_981, "a document that a later release restored outlived its expiry, but its standing did not"),
      (9_065_344_331, "a life that a clock a year ahead had begun stayed in the standings after its damaged document was erased"),
      (9_065_345_492, "nothing named a cohort any more: the document and the school's standings were damaged"),
      (9_065_443_461, "a clock a year ahead treated an erasure request as an old one where nothing was stored"),
      (9_065_443_691, "erasure requests were deferred throughout a long outage, and multiplied"),
      (990_001_307, "erasure requests for a student whose saves the store refuses multiplied with each lost acknowledgement"),
      (9_065_544_333, "an event that waited for a later release failed once, and became a dead letter"),
      (7_400_030, "an erasure paused although it had only found another cohort"),
      (7_404_959, "a clock a year behind refused an event from the future that another clock had accepted"),
      (7_408_614, "two erasures of one damaged document within a second were announced under one id"),
      (7_422_075, "each repeated request for an erasure whose save was refused added another waiting request"),
      (7_428_858, "a damaged tombstone of a life a day ahead was followed by one of the same epoch"),
      (7_433_428, "the survey ran while the store was still down"),
      (8_006_776, "an erasure paused for a document that a later release had just written"),
      (50_002_609, "a hundred erasure requests for one student, retried throughout an outage, kept each other from finishing"),
      (50_002_785, "the law allowed no cutoff by an event that was four minutes ahead"),
      (50_006_208, "a client that retried a batch throughout an outage filled its students' lists and displaced an older batch"),
      (60_003_064, "a clock a year ahead dropped an erasure request before the replica that received it had written the tombstone"),
      (60_056_444, "a late result of a life that a clock a year ahead had begun came after the erasure of its damaged document"),
      (60_057_762, "a clock a minute ahead treated a student who was unreadable for a moment as unreadable for good"),
      (70_010_656, "of two erasures within a millisecond, the earlier one blindly overwrote the later one, whose request was repeated"),
      (70_011_142, "a waiting erasure request was done before it was deferred for the last time"),
      (70_039_820, "of two erasures that crossed, the later one was written again, and had expired when the laws were checked"),
      (90_024_958, "a clock seven seconds behind numbered the tombstone of a damaged document like its life, which began a day ahead"),
      (90_037_859, "the law forgot that an erasure also takes students out of batches requested before it was carried out"),
      (50_003_351, "the world mistook a copy of an event deferred again after its dead letter for one of the first deferral"),
      (8_012_744, "a malformed event became a dead letter while a later release's document might forbid it"),
      (20_004_410, "one clock placed a batch after an erasure, another one before it"),
      (20_020_515, "two erasures of a foreign value crossed, and each wrote a tombstone of the same epoch"),
      (30_011_161, "consent was withdrawn in the millisecond in which a refused event's document was read"),
      (40_001_532, "a clock a year ahead treated a life that it had begun itself as one after the erasure"),
      (40_004_688, "four connections in a row were cut, and the document was treated as unreadable"),
      (20_023_794, "two erasures of a document without its key crossed, and each wrote a tombstone of the same epoch"),
      (1_900_000_015_177, "the law did not allow for clocks where an erasure was carried out again, minutes before a batch"),
      (1_800_000_001_830, "a clock a year ahead dropped an erasure request for a life that another such clock had begun"),
    ]

    @Test("The known worlds break no law and inject every kind of fault")
    func laws() async {
      let summary = await Sweep(UInt64(0)..<100).run(workers: 2)
      #expect(summary.runs == 100)
      #expect(summary.breaches.isEmpty)
      for fault in Fault.allCases { #expect(summary.injected[fault, default: 0] >= 1, "\(fault)") }
    }

    @Test("Worlds that once broke a law break none")
    func lawsOnceBroken() async {
      let summary = await Sweep(Self.kept.map(\.seed)).run(workers: 2)
      #expect(summary.runs == Self.kept.count)
      for (seed, what) in Self.kept { #expect(summary.breaches[seed] == nil, "\(seed): \(what)") }
    }

    @Test("A world repeats step by step with the same seed, and differs with another one")
    func repeats() async {
      func traces() async -> [UInt64] { await onThread { (UInt64(0)..<100).map { Run(Plan(seed: $0)).hash } } }
      async let again = traces()
      let traces = await traces()
      #expect(await again == traces)
      #expect(Set(traces).count == traces.count)
    }

    @Test("A replica gets one bulk delivery of events at a time from an ordered broker, and several from an unordered one")
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

    @Test("A world runs the same whether its story is kept or not")
    func told() {
      let quiet = Run(Plan(seed: 5))
      let told = Run(Plan(seed: 5), isTold: true)
      #expect(quiet.hash == told.hash && quiet.story.isEmpty && told.story.count == told.steps)
    }

    @Test("A world accepts real events")
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
      let summary = await Sweep(UInt64(0)..<40, course: course).run(workers: 2)
      #expect(summary.breaches.isEmpty)
      #expect(Run(Plan(seed: 1, course: course), isTold: true).story.contains { $0.contains("of open/s-") })
    }
  }
}
