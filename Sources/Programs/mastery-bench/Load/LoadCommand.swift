import Commands
import Glibc
import LoadTesting
import MasteryCore
import MasteryService

/// `mastery-bench load`: offers a load at a fixed rate, whether or not answers are late, and holds what comes out against bounds.
struct LoadCommand: Command {
  static let usage = Usage(
    program: "mastery-bench load",
    purpose: "Offers events and calls at a fixed rate, late answers or not, beside the timed sidecar; fails if a bound is missed.\n\n"
      + LoadScenario.allCases.map { "  \($0.rawValue): \($0.meaning)" }.joined(separator: "\n"),
    options: LoadSettings.options)

  private let settings: LoadSettings

  init(_ arguments: CallArguments) throws(CommandFailure) {
    settings = try LoadSettings(arguments)
  }

  func run() async throws(CommandFailure) {
    // Found out before the load, not after hours.
    let file = try settings.report.map { (path) throws(CommandFailure) in try ReportFile(path) }
    let report: LoadReport
    do throws(BenchFailure) {
      report = try await LoadRun(settings, program: EngineProgram.path).report()
    } catch {
      throw .unavailable(error.message)
    }
    for line in report.table { Terminal.say(line) }
    for remark in report.remarks { Terminal.note(remark) }
    try file?.save(report.json)
    let missed = report.missed.map(\.name)
    if !missed.isEmpty { throw .incomplete("\(settings.scenario.rawValue): missed \(missed.joined(separator: "; "))") }
  }
}
