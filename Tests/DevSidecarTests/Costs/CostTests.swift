import HTTPServer
import Testing

@testable import DevSidecar

/// What calls take, and how two cores are shared.
@Suite("The cost model of the sidecar")
struct CostTests {
  @Test(
    "The cost of a measured row is the measured one, and between rows it follows a straight line",
    arguments: [
      (CostTable.redis, 1, 0.45), (.redis, 100, 4.8), (.redis, 1_000, 42), (.encryptedRedis, 500, 25), (.postgres, 10, 2.5),
      (.sqlite, 100, 174), (.redis, 55, 2.79), (.redis, 1_500, 63),
    ])
  func saves(_ table: CostTable, _ documents: Int, _ latency: Double) {
    #expect(abs(CallCost.save(documents, documents * 1_900, table).latency - latency) < 1e-9)
  }

  @Test(
    "The cost of bytes is the measured one for 500 items in a call",
    arguments: [(500, 16.0, 7.0), (1_900, 21, 10), (4_000, 29, 17), (8_000, 48, 27), (6_000, 38.5, 22)])
  func sizes(_ bytes: Int, _ save: Double, _ get: Double) {
    #expect(abs(CallCost.save(500, 500 * bytes, .redis).latency - save) < 1e-9)
    #expect(abs(CallCost.get(500, 500 * bytes, .redis).latency - get) < 1e-9)
  }

  @Test("The cost of publishing includes the bytes", arguments: [(200, 11.0), (600, 15), (2_000, 25)])
  func publishes(_ bytes: Int, _ latency: Double) {
    #expect(abs(CallCost.publish(500, 500 * bytes).latency - latency) < 1e-9)
  }

  @Test("One call never takes more than both cores")
  func bounded() {
    for table in CostTable.allCases {
      for items in [1, 7, 90, 400, 1_200] {
        let costs = [CallCost.save(items, items * 1_900, table), .get(items, items * 1_900, table), .publish(items, items * 600)]
        for cost in costs { #expect(cost.cores > 0 && cost.cores <= 2 * cost.latency) }
      }
    }
  }

  private func call(_ target: String, _ body: String, answer: String = "") -> CallCost? {
    let request = HTTPRequest(head: HTTPRequestHead(method: "POST", target: target), body: Array(body.utf8))
    return CallCost(Route(request.head), request, HTTPResponse(status: 200, body: Array(answer.utf8)), .redis)
  }

  @Test("A call costs what it asks for, and reading the sidecar's state costs nothing")
  func calls() {
    #expect(call("/v1.0/state/s", #"[{"key":"a","value":1},{"key":"b","value":2}]"#)?.items == 2)
    #expect(call("/v1.0/state/s/bulk", #"{"keys":["a","b","c"]}"#)?.items == 3)
    #expect(call("/v1.0/state/s/transaction", #"{"operations":[{},{}]}"#)?.items == 2)
    #expect(call("/v1.0-alpha1/publish/bulk/p/t", #"[{"entryId":"1","event":{}}]"#)?.items == 1)
    #expect(call("/v1.0/publish/p/t", "{}")?.items == 1)
    #expect(call("/v1.0/invoke/app/method/m", "{}") == nil)
    let small = call("/v1.0/state/s/bulk", #"{"keys":["a"]}"#, answer: "[]")
    let large = call("/v1.0/state/s/bulk", #"{"keys":["a"]}"#, answer: String(repeating: "x", count: 100_000))
    #expect((small?.latency ?? 0) < (large?.latency ?? 0), "what is read counts by its bytes")
  }

  private func cost(_ latency: Double, cores: Double) -> CallCost {
    var cost = CallCost.delivery(of: 1)
    cost.latency = latency
    cost.cores = cores
    return cost
  }

  /// When each of several works that begin together is done.
  private func ends(_ costs: [CallCost]) -> [Double] {
    var schedule = CoreSchedule(time: 0)
    for (number, cost) in costs.enumerated() { schedule.begin(number, cost) }
    var ends = Array(repeating: 0.0, count: costs.count)
    while let end = schedule.nextEnd {
      for number in schedule.advance(to: end + 1e-9) { ends[number] = end }
    }
    return ends
  }

  @Test("Two calls that take a core each run side by side, and a third slows all of them down")
  func sharing() {
    let one = cost(10, cores: 10)
    func close(_ ends: [Double], _ expected: [Double]) -> Bool { zip(ends, expected).allSatisfy { abs($0 - $1) < 1e-6 } }
    #expect(close(ends([one]), [10]))
    #expect(close(ends([one, one]), [10, 10]))
    #expect(close(ends([one, one, one]), [15, 15, 15]))
    #expect(close(ends([cost(10, cores: 20), cost(10, cores: 20)]), [20, 20]))
    // A work that waits for others, not for a core, is not delayed while a core is free.
    #expect(close(ends([cost(30, cores: 3), one]), [30, 10]))
    // 4 of 10 are done after 8 milliseconds at half speed each; then the short one is finished and the long one runs alone.
    #expect(close(ends([cost(4, cores: 8), cost(10, cores: 20)]), [8, 14]))
  }

  @Test("No call ends sooner than it would alone, and no more core time is given out than there is", arguments: 0..<50)
  func laws(_ seed: Int) {
    var dice = RandomBits(seed: UInt64(seed))
    func roll(_ most: Int) -> Double { Double(dice.next() >> 33).truncatingRemainder(dividingBy: Double(most)) + 1 }
    var schedule = CoreSchedule(time: 0)
    var begun: [(at: Double, cost: CallCost)] = []
    var time = 0.0
    var done = 0
    var spent = 0.0
    while done < 60 {
      if begun.count < 60 {
        let latency = roll(20)
        let work = cost(latency, cores: min(roll(40), 2 * latency))
        schedule.begin(begun.count, work)
        begun.append((time, work))
      }
      time += roll(12)
      for number in schedule.advance(to: time) {
        #expect(time - begun[number].at >= begun[number].cost.latency - 1e-6)
        spent += begun[number].cost.cores
        done += 1
      }
      #expect(spent <= time * CoreSchedule.cores + 1e-6)
    }
  }
}
