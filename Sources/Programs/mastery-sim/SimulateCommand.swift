import Commands
import Glibc
import Simulation

/// `mastery-sim`: runs the whole service in simulated worlds, one for each seed.
struct SimulateCommand: Command {
  static let usage = Usage(
    program: "mastery-sim",
    purpose: "Runs the service in simulated worlds in which everything goes wrong, and checks the outcome against the laws.",
    options: [
      .init("seeds", "A..<B", "the seeds of the worlds (0..<1000)"),
      .init("seed", "N", "runs only the world of this seed"),
      .init("trace", "with --seed: prints what happened, step by step"),
      .init("events", "FILE", "uses real events, one JSON object per line, gzipped or not, instead of generated ones"),
      .init("mistake", "NAME", "plants a mistake into the replicas, to check that a law finds it; --mistake list prints the names"),
      .init("threads", "N", "how many worlds run at once, 1 to 256 (one per processor)"),
    ])

  private let seeds: Range<UInt64>
  private let isTraced: Bool
  private let file: String?
  private let mistake: Mistake?
  private let listsMistakes: Bool
  private let threads: Int

  init(_ arguments: CallArguments) throws(CommandFailure) {
    if let text = arguments.options["seed"] {
      guard let seed = UInt64(text), seed < .max else { throw .wrongCall("--seed must be 0 to \(UInt64.max - 1), got \"\(text)\"") }
      guard !arguments.isAsked("seeds") else { throw .wrongCall("--seed must be given without --seeds") }
      seeds = seed..<seed + 1
    } else {
      let text = arguments.options["seeds"] ?? "0..<1000"
      guard let range = SeedRange(text) else { throw .wrongCall("--seeds must be a range A..<B with A below B, got \"\(text)\"") }
      guard !arguments.isAsked("trace") else { throw .wrongCall("--trace must be given with --seed") }
      seeds = range.seeds
    }
    isTraced = arguments.isAsked("trace")
    file = arguments.options["events"]
    let name = arguments.options["mistake"]
    listsMistakes = name == "list"
    mistake = name.flatMap(Mistake.init)
    guard name == nil || listsMistakes || mistake != nil else {
      throw .wrongCall("--mistake must be a name from --mistake list, got \"\(name ?? "")\"")
    }
    threads = try arguments.number("threads", 1...256) ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  func run() async throws(CommandFailure) {
    if listsMistakes {
      for mistake in Mistake.allCases { Terminal.say(mistake.rawValue) }
      return
    }
    let course = try file.map { (path) throws(CommandFailure) in try Self.course(path) }
    if isTraced { return try tell(course) }
    let began = Self.seconds
    let report = Report(seeds: seeds, began: began, now: { Self.seconds })
    let summary = await Sweep(seeds, course: course, mistake: mistake).run(workers: threads) { report.show($0) }
    report.end()
    for line in report.lines(summary) { Terminal.say(line) }
    for (seed, breach) in summary.breaches.sorted(by: { $0.key < $1.key }) { Terminal.say("  seed \(seed) broke \(breach.law.rawValue)") }
    guard let seed = summary.breaches.keys.min(), let breach = summary.breaches[seed] else { return }
    try explain(seed, breach, course, others: summary.breaches.count - 1)
  }

  /// Prints the story of one world.
  private func tell(_ course: Course?) throws(CommandFailure) {
    let run = Run(Plan(seed: seeds.lowerBound, course: course), mistake: mistake, isTold: true)
    for line in run.story { Terminal.say(line) }
    Terminal.say("trace \(String(run.hash, radix: 16)), \(run.steps) steps")
    if let breach = run.breach { throw .incomplete("seed \(seeds.lowerBound) broke \(breach.law.rawValue): \(breach.story)") }
  }

  /// Prints the shortest story found in which the law is broken.
  private func explain(_ seed: UInt64, _ breach: Breach, _ course: Course?, others: Int) throws(CommandFailure) {
    let shortest = Shrink(Plan(seed: seed, course: course), breaking: breach.law, mistake: mistake).plan
    let run = Run(shortest, mistake: mistake, isTold: true)
    Terminal.say("\nthe shortest trace found for seed \(seed):")
    for line in run.story { Terminal.say(line) }
    Terminal.say("\(breach.law.rawValue): \(run.breach?.story ?? breach.story)")
    let rest = others > 0 ? "; \(others) other seeds broke a law too" : ""
    throw .incomplete("seed \(seed) broke \(breach.law.rawValue)\(rest)")
  }

  private static func course(_ path: String) throws(CommandFailure) -> Course {
    let file = try EventFile(path: path, readsTwice: false)
    var reader = try file.lines()
    var lines: [[UInt8]] = []
    while let line = try reader.next() { lines.append(Array(line)) }
    let course = Course(lines: lines)
    if course.isEmpty { throw .noInput("\(path) holds no events") }
    return course
  }

  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
