import Commands

/// The outcome of the runs beside Kafka, in lines.
struct KafkaReport {
  /// A row of the real measurement: how events were gathered, in how many pieces, events per second.
  private static let real: [(gathering: KafkaBench.Gathering, pieces: Int, rate: Int)] = [
    (KafkaBench.Gathering(batch: 180, wait: 50), 1, 2_563), (KafkaBench.Gathering(batch: 180, wait: 500), 1, 5_193),
    (KafkaBench.Gathering(batch: 1_000, wait: 1_000), 1, 8_559), (KafkaBench.Gathering(batch: 1_000, wait: 1_000), 4, 9_544),
  ]

  /// How the app without mastery is measured: in its fastest form with one piece, however the engine has its events gathered.
  private static let floor = KafkaBench.Gathering(batch: 1_000, wait: 1_000)

  let bench: KafkaBench
  let runs: Int
  let batch: Int?
  let wait: Int?

  /// Measures and prints it, the ratio last.
  ///
  /// - Throws: `BenchFailure` if something does not run.
  func run() async throws(BenchFailure) {
    if bench.store == .redis {
      for row in Self.real { try await calibrate(row.gathering, row.pieces, real: row.rate) }
    }
    var floors: [KafkaBench.Worked] = []
    var engines: [KafkaBench.Worked] = []
    var gathering = KafkaBench.Gathering(batch: 0, wait: 0)
    for _ in 0..<runs {
      let run = try await bench.engine(batch: batch, wait: wait)
      gathering = run.gathering
      engines.append(run.worked)
      floors.append(try await bench.floor(Self.floor))
    }
    say("floor", floors)
    say("engine", engines)
    let ratio = Self.median(zip(engines, floors).map { $0.rate / $1.rate })
    let floorCalls = perEvent(floors) { $0.calls }
    Terminal.say(
      "floor: \(Self.decimals(4, floorCalls)) calls an event; \(Self.decimals(0, perEvent(floors) { $0.bytesPublished })) bytes an event")
    Terminal.say(
      "ratio \(Self.decimals(2, ratio)) at \(gathering.batch), \(gathering.wait); "
        + "\(Self.decimals(4, perEvent(engines) { $0.calls })) calls an event; "
        + "\(Self.decimals(0, perEvent(engines) { $0.bytesPublished })) bytes an event; "
        + "standings \(Self.decimals(1, Self.median(engines.map(\.behind)))) s behind")
  }

  private func calibrate(_ gathering: KafkaBench.Gathering, _ pieces: Int, real: Int) async throws(BenchFailure) {
    var rates: [Double] = []
    for _ in 0..<runs { rates.append(try await bench.floor(gathering, pieces: pieces).rate) }
    let rate = Self.median(rates)
    let how = pieces == 1 ? "in one piece" : "in \(pieces) pieces"
    Terminal.say(
      "floor at \(gathering.batch), \(gathering.wait) \(how): \(Self.decimals(0, rate)) events/s; the real one \(real), "
        + "which is \(Self.decimals(2, rate / Double(real))) of it")
  }

  private func say(_ name: String, _ worked: [KafkaBench.Worked]) {
    let figures: [(String, (TimedSidecar.Counts) -> Double)] = [
      ("keys read", { $0.keysRead }), ("documents saved", { $0.documentsSaved }), ("messages published", { $0.messagesPublished }),
    ]
    let each = figures.map { "\(Self.decimals(2, perEvent(worked, $1))) \($0)" }
    Terminal.say(
      "\(name): \(Self.decimals(0, Self.median(worked.map(\.rate)))) events/s; "
        + "cores \(Self.decimals(0, perEvent(worked) { $0.coreMilliseconds * 1_000 })) µs an event; "
        + each.joined(separator: ", ") + " an event")
  }

  private func perEvent(_ worked: [KafkaBench.Worked], _ figure: (TimedSidecar.Counts) -> Double) -> Double {
    Self.median(worked.map { figure($0.counts) }) / Double(bench.events.count)
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func decimals(_ decimals: Int, _ value: Double) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return decimals == 0 ? String(Int(rounded)) : String(rounded)
  }
}
