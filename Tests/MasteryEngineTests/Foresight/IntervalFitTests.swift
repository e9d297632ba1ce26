import MasteryCore
import Testing

@testable import Commands

@Suite("The reach of an interval")
struct IntervalFitTests {
  private func reach(_ changes: [Double], spread: Double = 0.5, rise: Double = 0.1) -> ForecastModel.Reach {
    var fit = IntervalFit()
    for change in changes { fit.add(change, spread: spread, rise: rise, room: 1) }
    return fit.reach
  }

  @Test("An interval has no reach if 8 of 10 students do nothing")
  func still() {
    let still = [Double](repeating: 0, count: 80)
    #expect(reach(still + [Double](repeating: 0.3, count: 12) + [Double](repeating: -0.2, count: 8)) == .init(down: 0, up: 0))
  }

  @Test("An interval's reach is the shortest that holds the present score and 8 of 10 truths, in units of spread and rise")
  func shortest() {
    // 60 do nothing, 30 rise by 0.01 to 0.30, 10 fall far: twenty of those who rise must be inside.
    let rising = (1...30).map { Double($0) / 100 }
    let found = reach([Double](repeating: 0, count: 60) + rising + [Double](repeating: -0.5, count: 10))
    #expect(found == .init(down: 0, up: 2))
    // 70 do nothing, 12 fall a little, 18 rise far: including ten of those who fall is the shorter way.
    let falling = (1...12).map { -Double($0) / 1_000 }
    let other = reach([Double](repeating: 0, count: 70) + falling + [Double](repeating: 0.6, count: 18))
    #expect(other == .init(down: 0.02, up: 0))
  }

  @Test("An interval has no reach if too few students are known")
  func few() {
    #expect(reach([Double](repeating: 0.3, count: 49)) == .init(down: 0, up: 0))
    #expect(reach([Double](repeating: 0.3, count: 50)) == .init(down: 0, up: 3))
  }
}
