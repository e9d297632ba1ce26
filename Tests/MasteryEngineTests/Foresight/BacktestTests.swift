import Foundation
import MasteryCore
import MasteryService
import Testing

@testable import Commands

@Suite("The backtest")
struct BacktestTests {
  private static let slice = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "MasteryCoreTests/Samples/oulad-2013-slice.events.jsonl")

  private static func course(cohorts: String? = nil) throws -> Course {
    try Course(EventFile(path: slice.path, readsTwice: false), cohorts: cohorts)
  }

  private static func backtest(_ days: Int, retention: Int?) throws -> Backtest {
    var backtest = Backtest(days: days)
    for student in try course().students { backtest.add(student, CourseWalk(every: 7, retention: retention)) }
    return backtest
  }

  /// Figures of the last value, calculated by another program from the same file.
  @Test(
    "The backtest of the slice has the forecasts, and the last value the errors, of an independent program",
    arguments: [(7, 438, 27, "0.0421", "0.0109", "0.977", "0.969", "0.992"), (30, 377, 26, "0.1105", "0.0580", "0.883", "0.756", "0.950")])
  func lastValue(
    days: Int, count: Int, students: Int, square: String, mean: String, near: String, precision: String, recall: String
  ) throws {
    let backtest = try Self.backtest(days, retention: nil)
    let accuracy = try #require(backtest.accuracies[.lastValue])
    #expect(accuracy.count == count && backtest.students == students && backtest.withoutPrediction == 0)
    #expect(DecimalText.decimals(4, accuracy.rootMeanSquare) == square && DecimalText.decimals(4, accuracy.mean) == mean)
    #expect(DecimalText.decimals(3, accuracy.withinTenth) == near)
    let alarm = try #require(backtest.alarms[.lastValue])
    #expect(DecimalText.decimals(3, alarm.precision) == precision && DecimalText.decimals(3, alarm.recall) == recall)
  }

  @Test("The engine beats the other methods on the slice, with and without retention", arguments: [7, 30], [nil, 90])
  func engine(days: Int, retention: Int?) throws {
    let backtest = try Self.backtest(days, retention: retention)
    let engine = try #require(backtest.accuracies[.engine])
    for method in ForecastMethod.allCases where method != .engine {
      #expect(engine.rootMeanSquare < (backtest.accuracies[method]?.rootMeanSquare ?? 0))
    }
    // Forecasts of so few students are correlated; over 5,938 students the interval held in 88.1 % after 7 days and 83.5 % after 30.
    #expect((0.65...0.92).contains(backtest.coverage.share))
    #expect(backtest.calibration.bins.reduce(0) { $0 + $1.count } == backtest.coverage.count)
    let table = BacktestTable(backtest: backtest).text
    #expect(table.contains("this engine") && table.contains("last value carried forward") && table.contains("calibration error"))
  }

  @Test("The backtest's retention is that of the stored document, so dropped evidence is not known")
  func retention() throws {
    for student in try Self.course().students.prefix(8) {
      CourseWalk(every: 7, retention: 20).run(student) { stop in
        #expect(stop.evidence.topics.allSatisfy { $0.days.allSatisfy { $0.day <= stop.today } })
        #expect(stop.evidence.cutoff <= stop.first && stop.first == stop.today.advanced(by: -20))
      }
      CourseWalk(every: 7, retention: nil).run(student) {
        #expect($0.evidence.topics.allSatisfy(\.baseline.isEmpty) && $0.evidence.topics.reduce(0) { $0 + $1.days.count } >= 3)
      }
    }
  }

  @Test("The backtest takes only cohorts with the wanted ending")
  func cohorts() throws {
    let (all, some, none) = (try Self.course(), try Self.course(cohorts: "2013B"), try Self.course(cohorts: "2099X"))
    #expect(none.students.isEmpty && some.students.count < all.students.count && all.students.count == 29)
    #expect(some.students.allSatisfy { $0.key.student.text.hasSuffix("2013B") })
  }

  @Test("A fit to the slice is the same each time, and is written like the shipped one")
  func fit() throws {
    func text() throws -> String {
      var fit = ForecastFit()
      for student in try Self.course().students { CourseWalk(every: 7, retention: nil).run(student) { fit.add($0) } }
      let model = try #require(fit.model())
      #expect(model.growth.count == 4 && model.risk.count == 10 && model.errors.map(\.days) == model.errors.map(\.days).sorted())
      #expect(
        model.errors.allSatisfy {
          $0.size > 0 && $0.reaches.count == IntervalGroup.count && $0.reaches.allSatisfy { $0.down >= 0 && $0.up >= 0 }
        })
      return CoefficientText(model: model, source: "a slice", file: "folder/slice.jsonl", cohorts: "2013B").swift
    }
    let first = try text()
    let second = try text()
    #expect(first == second)
    #expect(first.hasPrefix("// Written by `mastery-engine fit slice.jsonl --cohorts 2013B`; not by hand.\n// Fitted to: a slice\n"))
    #expect(ForecastFit().model() == nil)
  }

  @Test("The shipped coefficients are written as the command writes them")
  func shipped() throws {
    let path = Self.slice.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Engine/Core/Prediction/Coefficients.swift")
    let file = try String(contentsOf: path, encoding: .utf8)
    let source = "Open University Learning Analytics Dataset (Kuzilek et al., Scientific Data 4:170171, 2017), CC BY 4.0"
    #expect(
      CoefficientText(model: .fitted, source: source, file: "oulad-2013.events.jsonl.gz", cohorts: "2013B").swift + "\n" == file)
  }

  @Test("The backtest's drawing is well-formed and shows both pictures")
  func drawing() throws {
    let svg = try Self.backtest(7, retention: nil).picture.svg(title: "a < b & c")
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n") && svg.contains("a &lt; b &amp; c"))
    #expect(svg.components(separatedBy: "<polyline").count == 7)
    #expect(svg.components(separatedBy: "<").count - 1 == svg.components(separatedBy: ">").count - 1)
  }

  @Test("Wrong calls of the backtest are refused")
  func wrongCalls() throws {
    for words in [["--days", "31"], ["--retention", "some"], ["--method", "magic"], ["--every", "0"]] {
      #expect(throws: CommandFailure.self) { try BacktestCommand(CallArguments(["file"] + words, BacktestCommand.usage)) }
    }
    _ = try BacktestCommand(CallArguments(["file", "--retention", "none", "--method", "last-value"], BacktestCommand.usage))
  }
}
