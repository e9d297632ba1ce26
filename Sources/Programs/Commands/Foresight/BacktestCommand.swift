internal import MasteryCore

/// `backtest`: makes forecasts throughout the courses of a file and compares them with what came true.
struct BacktestCommand: Command {
  static let usage = Usage(
    command: "backtest",
    operands: ["FILE"],
    purpose: "Makes forecasts all through the courses of a file and holds them against what came true.",
    options: [
      .init("days", "N", "how far ahead, 1 to 30 days (7)"),
      .init("every", "N", "days from one forecast of a student to the next, 1 to 365 (7)"),
      .init("retention", "DAYS", "days that a document keeps, 1 to 1000; none keeps all (90)"),
      .init("method", "NAME", "shows only engine, last-value, least-squares or three-points (all of them)"),
      .init("cohorts", "ENDING", "takes only cohorts whose id ends so"),
      .init("plot", "FILE", "draws forecast against truth, and how often the interval held, as SVG"),
    ])

  private let path: String
  private let days: Int
  private let every: Int
  private let retention: Int?
  private let methods: [ForecastMethod]
  private let cohorts: String?
  private let plot: String?

  init(_ arguments: CallArguments) throws(CommandFailure) {
    path = arguments.operands.first ?? "-"
    days = try arguments.number("days", Forecast.horizons) ?? Forecast.week
    every = try arguments.number("every", 1...365) ?? 7
    retention = arguments.options["retention"] == "none" ? nil : try arguments.number("retention", 1...1_000) ?? 90
    if let name = arguments.options["method"] {
      guard let method = ForecastMethod(rawValue: name) else {
        let known = ForecastMethod.allCases.map(\.rawValue).joined(separator: ", ")
        throw .wrongCall("--method must be one of \(known), got \"\(name)\"")
      }
      methods = [method]
    } else {
      methods = ForecastMethod.allCases
    }
    cohorts = arguments.options["cohorts"]
    plot = arguments.options["plot"]
  }

  func run() async throws(CommandFailure) {
    let file = try EventFile(path: path, readsTwice: false)
    let course = try Course(file, cohorts: cohorts)
    let walk = CourseWalk(every: every, retention: retention)
    var backtest = Backtest(days: days, methods: methods)
    for student in course.students { backtest.add(student, walk) }
    if course.refused > 0 { Terminal.complain("\(file.name): lines that the service would refuse: \(course.refused)") }
    guard backtest.coverage.count > 0 else {
      throw .incomplete("\(file.name): nobody in it can be judged \(days) days after a third day with evidence")
    }
    Terminal.say(heading(backtest, file.name))
    Terminal.say(BacktestTable(backtest: backtest).text)
    if let plot { try OutputFile.write(backtest.picture.svg(title: heading(backtest, "")), to: plot) }
  }

  private func heading(_ backtest: Backtest, _ name: String) -> String {
    let kept = retention.map { "\($0) days kept" } ?? "all kept"
    let unknown = backtest.withoutPrediction == 0 ? "" : "; too little was known for \(backtest.withoutPrediction) more"
    let counts = "\(backtest.coverage.count) forecasts of \(backtest.students) students, every \(every) days, \(days) days ahead"
    return (name.isEmpty ? "" : "\(name): ") + "\(counts), \(kept)\(unknown)" + (name.isEmpty ? "" : "\n")
  }
}
