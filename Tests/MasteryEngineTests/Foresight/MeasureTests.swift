import Foundation
import Testing

@testable import Commands

@Suite("Measures of forecasts")
struct MeasureTests {
  @Test("The errors of forecasts have the values worked out by hand")
  func accuracy() {
    var accuracy = Accuracy()
    accuracy.add(0.5, truth: 0.8)
    accuracy.add(0.5, truth: 0.45)
    #expect(abs(accuracy.rootMeanSquare - ((0.09 + 0.0025) / 2).squareRoot()) < 1e-12)
    #expect(abs(accuracy.mean - 0.175) < 1e-12 && accuracy.withinTenth == 0.5)
    #expect(Accuracy().rootMeanSquare == 0)
  }

  @Test("Alarms with two right, one wrong and one missed have the values worked out by hand")
  func alarm() {
    var alarm = Alarm()
    for (isRaised, cameTrue) in [(true, true), (true, true), (true, false), (false, true), (false, false)] {
      alarm.add(isRaised, cameTrue: cameTrue)
    }
    #expect(alarm.precision == 2.0 / 3 && alarm.recall == 2.0 / 3 && alarm.balance == 2.0 / 3)
  }

  @Test("Coverage includes the edges, and calibration weighs its tenths by their number of forecasts")
  func coverage() {
    var coverage = Coverage()
    coverage.add(low: 0.2, high: 0.4, truth: 0.4)
    coverage.add(low: 0.2, high: 0.3, truth: 0.31)
    #expect(coverage.share == 0.5 && abs(coverage.width - 0.15) < 1e-12)
    var calibration = Calibration()
    for cameTrue in [true, false] { calibration.add(0.95, cameTrue: cameTrue) }
    calibration.add(1, cameTrue: true)
    calibration.add(0.05, cameTrue: false)
    #expect(calibration.bins[9].count == 3 && calibration.bins[0].count == 1)
    // Three at a mean of 2.9 / 3, two of which came true; one at 0.05 that did not.
    #expect(abs(calibration.error - (3 * (2.9 / 3 - 2.0 / 3) + 0.05) / 4) < 1e-12)
  }

  @Test("Least squares find the line that the points lie on")
  func leastSquares() {
    var equations = NormalEquations(unknowns: 2)
    for x in 0..<5 { equations.add([1, Double(x)], value: 3 - 2 * Double(x), weight: Double(x + 1)) }
    let solution = equations.solution(ridge: 1e-12)
    #expect(abs(solution[0] - 3) < 1e-6 && abs(solution[1] + 2) < 1e-6)
    var unknown = NormalEquations(unknowns: 2)
    unknown.add([1, 0], value: 2, weight: 1)
    #expect(unknown.solution(ridge: 1e-9).allSatisfy { $0.isFinite })
  }

  @Test("The fitted log odds match the shares that came true")
  func logistic() {
    // One of four came true without the mark, three of four with it: ln(1/3) and 2 ln 3.
    let cases = (0..<8).map { number in
      LogisticFit.Case(terms: [1, number < 4 ? 0 : 1], cameTrue: number == 0 || number > 4, weight: 2)
    }
    let found = LogisticFit.coefficients(cases, ridge: 1e-9)
    #expect(abs(found[0] + log(3)) < 1e-5 && abs(found[1] - 2 * log(3)) < 1e-5)
  }

  @Test("Numbers and tables are written plainly")
  func text() {
    #expect(DecimalText.decimals(3, 0.0625) == "0.063" && DecimalText.decimals(0, 2.6) == "3")
    #expect(DecimalText.decimals(2, -0.5) == "-0.50" && DecimalText.decimals(1, -0.01) == "0.0")
    #expect(TextTable(["what", "n"], [["a", "1"], ["bcdef", "200"]]).lines == ["what     n", "----------", "a        1", "bcdef  200"])
  }
}
