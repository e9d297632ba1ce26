internal import MasteryCore

/// `fit`: fits the model coefficients, and writes them as a Swift file.
struct FitCommand: Command {
  static let usage = Usage(
    command: "fit",
    operands: ["FILE"],
    purpose: "Fits the forecast's coefficients to the events of courses and writes them as Swift.",
    options: [
      .init("cohorts", "ENDING", "takes only cohorts whose id ends so"),
      .init("source", "TEXT", "where the events come from, and their licence"),
    ])

  private let path: String
  private let cohorts: String?
  private let source: String?

  init(_ arguments: CallArguments) throws(CommandFailure) {
    path = arguments.operands.first ?? "-"
    cohorts = arguments.options["cohorts"]
    source = arguments.options["source"]
  }

  func run() async throws(CommandFailure) {
    let file = try EventFile(path: path, readsTwice: false)
    let course = try Course(file, cohorts: cohorts)
    let walk = CourseWalk(every: 7, retention: nil)
    var fit = ForecastFit()
    for student in course.students { walk.run(student) { fit.add($0) } }
    guard let model = fit.model() else { throw .incomplete("\(file.name): no course in it goes on for 30 days after a forecast") }
    let text = CoefficientText(model: model, source: source, file: file.name, cohorts: cohorts)
    Terminal.say(text.swift)
  }
}
