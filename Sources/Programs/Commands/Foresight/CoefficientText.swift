internal import MasteryCore

/// The text of a Swift file with a fit.
struct CoefficientText {
  let model: ForecastModel
  let source: String?
  let file: String
  let cohorts: String?

  var swift: String {
    var lines = ["// Written by `\(command)`; not by hand."]
    if let source { lines.append("// Fitted to: \(source)") }
    lines += [
      "", "extension ForecastModel {", "  /// The shipped fit.", "  public static let fitted = ForecastModel(",
      "    growth: [\(Self.list(model.growth))],", "    meanReversion: \(model.meanReversion),", "    errors: [",
    ]
    for knot in model.errors { lines += Self.lines(knot) }
    lines += ["    ],", "    risk: [\(Self.list(model.risk))])", "}"]
    return lines.joined(separator: "\n")
  }

  private var command: String {
    // The file's folder is irrelevant.
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return (["mastery-engine fit", name] + (cohorts.map { ["--cohorts \($0)"] } ?? [])).joined(separator: " ")
  }

  /// A horizon with its reaches, three per line.
  private static func lines(_ knot: ForecastModel.ErrorKnot) -> [String] {
    let reaches = knot.reaches.map { "Reach(down: \($0.down), up: \($0.up))" }
    let rows = stride(from: 0, to: reaches.count, by: 3).map { start in
      "          \(reaches[start..<min(start + 3, reaches.count)].joined(separator: ", ")),"
    }
    return ["      ErrorKnot(", "        days: \(knot.days), size: \(knot.size),", "        reaches: ["] + rows + ["        ]),"]
  }

  private static func list(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: ", ") }
}
