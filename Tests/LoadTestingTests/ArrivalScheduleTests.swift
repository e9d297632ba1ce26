import LoadTesting
import Testing

@Suite("Schedule of arrivals")
struct ArrivalScheduleTests {
  @Test("Four arrivals a second come every 250 ms, and three at thirds of a second, rounded down, without drift")
  func even() throws {
    let four = try #require(ArrivalSchedule(rate: 4, seconds: 2, spacing: .even))
    #expect(Array(four.times) == [0, 250_000, 500_000, 750_000, 1_000_000, 1_250_000, 1_500_000, 1_750_000])
    let three = try #require(ArrivalSchedule(rate: 3, seconds: 2, spacing: .even))
    #expect(Array(three.times) == [0, 333_333, 666_666, 1_000_000, 1_333_333, 1_666_666])
  }

  @Test("Ten a second, five together, come at 0, 500 ms and so on")
  func together() throws {
    let schedule = try #require(ArrivalSchedule(rate: 10, seconds: 1, spacing: .together(5)))
    #expect(Array(schedule.times) == [0, 0, 0, 0, 0, 500_000, 500_000, 500_000, 500_000, 500_000])
  }

  @Test("The number of even arrivals until a time is that of the times up to it", arguments: [1, 3, 7, 200, 4_999])
  func until(rate: Int) throws {
    let schedule = try #require(ArrivalSchedule(rate: rate, seconds: 3, spacing: .even))
    let times = Array(schedule.times)
    var random = Words(seed: UInt64(rate))
    let moments = (0..<300).map { _ in Int(random.next() % 3_100_000) } + times.prefix(50) + times.suffix(50) + [-1, 0, 3_000_000]
    for moment in moments { #expect(schedule.evenArrivals(until: moment) == times.count { $0 <= moment }, "\(moment)") }
    for index in [0, times.count / 2, times.count - 1] { #expect(schedule.evenTime(of: index) == times[index]) }
  }

  @Test("Poisson arrivals never go back, follow from the seed, and have gaps as an exponential distribution has them")
  func poisson() throws {
    let schedule = try #require(ArrivalSchedule(rate: 1_000, seconds: 100, spacing: .poisson(seed: 11)))
    let times = Array(schedule.times)
    #expect(times.count == 100_000 && times == Array(schedule.times) && times == times.sorted())
    let other = try #require(ArrivalSchedule(rate: 1_000, seconds: 100, spacing: .poisson(seed: 12)))
    #expect(times != Array(other.times))
    let gaps = zip(times.dropFirst(), times).map { Double($0 - $1) }
    // Mean and standard deviation are both 1,000 µs; a share of e^-1 is above the mean. Each within five standard errors.
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    #expect(abs(mean - 1_000) < 16)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(variance.squareRoot() - 1_000) < 25)
    #expect(abs(Double(gaps.count { $0 > 1_000 }) / Double(gaps.count) - 0.3679) < 0.008)
  }

  @Test("There is no schedule without a rate, without time, over the limits, or of groups of nobody")
  func wrong() {
    for (rate, seconds) in [(0, 1), (1, 0), (-1, 1), (1, -1), (1_000_001, 1), (1, 604_801), (.max, .max)] {
      #expect(ArrivalSchedule(rate: rate, seconds: seconds, spacing: .even) == nil)
    }
    #expect(ArrivalSchedule(rate: 1, seconds: 1, spacing: .together(0)) == nil)
  }
}
