import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Predictions and histories")
struct ForesightTests {
  /// Exercises on 1, 4, 9 and 14 March, and an old one on 1 January.
  private func stand() async -> Stand {
    let stand = Stand()
    for (completed, date) in [(2, "2026-01-01"), (4, "2026-03-01"), (5, "2026-03-04"), (5, "2026-03-09"), (7, "2026-03-14")] {
      _ = await stand.deliver([Wrapped.exercise("e-\(date)", completed: completed, at: "\(date)T08:00:00Z")])
    }
    return stand
  }

  @Test("A prediction is the core's forecast from the stored evidence, by default a week ahead", arguments: [nil, 1, 30] as [Int?])
  func prediction(_ days: Int?) async throws {
    let stand = await stand()
    let body = #"{"student_id":"s-1"\#(days.map { ",\"timeframe_days\":\($0)" } ?? "")}"#
    let data = try ReadJSON.data(await stand.ask("POST", "/predictions/next-week", body).body)
    let evidence = try stand.document(of: "s-1").evidence
    let today = try #require(Day(iso8601: "2026-03-15"))
    let forecast = Forecast(of: evidence, days: days ?? 7, asOf: today, from: today.advanced(by: -90))
    let expected = try #require(forecast.expectation)
    #expect(data["predicted_score"] as? Double == expected.shown && data["current_score"] as? Double == forecast.current.shown)
    #expect(data["predicted_level"] as? String == expected.level.rawValue && data["timeframe_days"] as? Int == days ?? 7)
    #expect(data["intervention_needed"] as? Bool == expected.interventionNeeded)
    #expect(data["risk"] as? Double == Rounding.decimals(3, of: expected.risk))
    let interval = try #require(data["interval"] as? [String: Double])
    #expect(interval["low"] == Rounding.decimals(3, of: expected.low) && interval["high"] == Rounding.decimals(3, of: expected.high))
    #expect(interval["level"] == 0.8)
    // Five days of evidence, the last of them a day ago: 0.5 × 0.5^(1/30) = 0.4886.
    #expect(data["confidence"] as? Double == 0.489)
  }

  @Test("A prediction is cached until the student's document has news, the day changes or an hour passes")
  func remembered() async throws {
    let sidecar = SimulatedSidecar()
    let (stand, other) = (Stand(sidecar: sidecar), Stand(sidecar: sidecar))
    for (completed, date) in [(2, "2026-03-01"), (4, "2026-03-04"), (5, "2026-03-09")] {
      _ = await stand.deliver([Wrapped.exercise("e-\(date)", completed: completed, at: "\(date)T08:00:00Z")])
    }
    func ask(_ rest: String = "") async throws -> (isCached: Bool?, at: String?, current: Double?) {
      let data = try ReadJSON.data(await stand.ask("POST", "/predictions/next-week", #"{"student_id":"s-1"\#(rest)}"#).body)
      return (data["cached"] as? Bool, data["calculated_at"] as? String, data["current_score"] as? Double)
    }
    let first = try await ask()
    stand.clock.step(60_000)
    let again = try await ask()
    #expect(first.isCached == false && again.isCached == true && again.at == first.at && again.current == first.current)
    #expect(try await ask(#","timeframe_days":3"#).isCached == false)
    let fresh = try await ask(#","fresh":true"#)
    #expect(fresh.isCached == false && fresh.at == "2026-03-15T12:01:00Z")
    #expect(try await ask().at == fresh.at)
    // Another replica folds an event.
    _ = await other.deliver([Wrapped.exercise("e-new", completed: 10, at: "2026-03-14T08:00:00Z")])
    let newer = try await ask()
    #expect(newer.isCached == false && newer.current != first.current)
    stand.clock.step(3_600_000)
    #expect(try await ask().isCached == false)
    stand.clock.step(12 * 3_600_000)
    #expect(try await ask().isCached == false)
    // An erased student's next life begins with other epochs.
    let token = Bearer.header(
      try #require(TokenMint(stand.service.configuration)?.token(.init(subject: "a", role: "admin"), now: stand.clock.now)))
    #expect(await stand.ask("DELETE", "/student/s-1", "", [token]).status == 200)
    #expect(await stand.ask("POST", "/predictions/next-week", #"{"student_id":"s-1"}"#).status == 404)
  }

  @Test("The cache of predictions is bounded and keeps the latest")
  func bounded() throws {
    let forecasts = RecentForecasts(limit: 10)
    func isRemembered(_ number: Int) throws -> Bool {
      let student = try Stand.key("s-\(number)").student
      let document = StudentDocument(student: student, school: nil, cutoff: Day(Stand.noonTime), epoch: 1)
      let today = Day(Stand.noonTime)
      return forecasts.forecast(of: document, days: 7, on: today, from: today, now: Stand.noonTime, isFresh: false).isRemembered
    }
    for number in 0..<100 { #expect(try !isRemembered(number)) }
    for number in 90..<100 { #expect(try isRemembered(number)) }
    #expect(try !isRemembered(0))
  }

  @Test("The cache of predictions holds none that is over an hour old once another one is asked for")
  func expired() throws {
    let forecasts = RecentForecasts()
    for (minute, held) in [(0, 1), (20, 2), (31, 3), (59, 4), (60, 3), (95, 2), (300, 1), (240, 1)] {
      let student = try Stand.key("s-\(minute)").student
      let document = StudentDocument(student: student, school: nil, cutoff: Day(Stand.noonTime), epoch: 1)
      let now = Stand.noonTime.adding(milliseconds: Int64(minute) * 60_000)
      _ = forecasts.forecast(of: document, days: 7, on: Day(now), from: Day(now), now: now, isFresh: false)
      #expect(forecasts.count == held, "after \(minute) minutes")
    }
  }

  @Test("The average and trend of a query see nothing older than the retention")
  func queryRetention() async throws {
    let stand = Stand { $0.retentionDays = 7 }
    for (completed, date) in [(2, "2026-03-08"), (8, "2026-03-11")] {
      _ = await stand.deliver([Wrapped.exercise("e-\(date)", completed: completed, at: "\(date)T08:00:00Z")])
    }
    stand.clock.step(3 * 86_400_000)
    let data = try ReadJSON.data(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#).body)
    // It is 18 March, and the retention goes back to the 11th: since then 0.4 × 0.8 + 0.1 × 0.9² = 0.401 each day.
    #expect(data["historical_average"] as? Double == 0.401)
  }

  @Test("A trajectory ends with today, and its forecast begins tomorrow")
  func trajectory() async throws {
    let stand = await stand()
    let data = try ReadJSON.data(
      await stand.ask("POST", "/predictions/trajectory", #"{"student_id":"s-1","days":14,"horizon_days":3}"#).body)
    let points = try #require(data["points"] as? [[String: Any]])
    #expect(points.count == 14 && points.first?["date"] as? String == "2026-03-02" && points.last?["date"] as? String == "2026-03-15")
    let forecast = try #require(data["forecast"] as? [[String: Any]])
    #expect(forecast.map { $0["date"] as? String } == ["2026-03-16", "2026-03-17", "2026-03-18"])
    let prediction = try ReadJSON.data(
      await stand.ask("POST", "/predictions/next-week", #"{"student_id":"s-1","timeframe_days":3}"#).body)
    #expect(forecast.last?["score"] as? Double == prediction["predicted_score"] as? Double)
    // Six weeks begin on 2 February, and the first active day in them is 1 March, two weeks ago.
    let pattern = try #require(data["pattern"] as? [String: Any])
    #expect(pattern["longest_gap_days"] as? Int == 27)
  }

  @Test("A history marks the days without evidence and carries the last value forward")
  func history() async throws {
    let body = #"{"student_id":"s-1","start_date":"2026-03-08","end_date":"2026-03-14"}"#
    let data = try ReadJSON.data(await stand().ask("POST", "/analytics/mastery-history", body).body)
    let days = try #require(data["history"] as? [[String: Any]])
    #expect(days.compactMap { $0["evidence"] as? Bool } == [false, true, false, false, false, false, true])
    #expect(days.compactMap { ($0["components"] as? [String: Double])?["completion"] } == [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.7])
    let summary = try #require(data["summary"] as? [String: Any])
    #expect(summary["days"] as? Int == 7 && summary["highest"] as? Double == days.last?["score"] as? Double)
  }

  @Test("A history as CSV has a line for each period, and quotes nothing")
  func csv() async throws {
    let body = #"{"student_id":"s-1","days":90,"aggregation":"monthly","format":"csv"}"#
    let data = try ReadJSON.data(await stand().ask("POST", "/analytics/mastery-history", body).body)
    let lines = try #require(data["history"] as? String).split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.first == "date,score,level,completion,quiz,quality,consistency,evidence")
    // 0.4 × 0.2 + 0.1 in January and February; the last line ends too.
    #expect(lines.dropFirst().prefix(2) == ["2026-01-01,0.18,beginner,0.2,,,1,true", "2026-02-01,0.18,beginner,0.2,,,1,false"])
    #expect(lines.count == 5 && lines[3].hasPrefix("2026-03-01,") && lines[4].isEmpty)
  }

  @Test("A history shows nothing older than the retention, but starts from what was in force then")
  func retention() async throws {
    let stand = await stand()
    stand.clock.step(60 * 86_400_000)
    let body = #"{"student_id":"s-1","start_date":"2026-02-01","end_date":"2026-03-03"}"#
    let data = try ReadJSON.data(await stand.ask("POST", "/analytics/mastery-history", body).body)
    // It is 14 May; 90 days before is 13 February.
    let days = try #require(data["history"] as? [[String: Any]])
    #expect(days.first?["date"] as? String == "2026-02-13" && days.first?["score"] as? Double == 0.18)
  }

  @Test("A window that ends before anything was known has an empty history, and its summary says so")
  func nothing() async throws {
    let body = #"{"student_id":"s-1","start_date":"2025-12-20","end_date":"2025-12-30"}"#
    let data = try ReadJSON.data(await stand().ask("POST", "/analytics/mastery-history", body).body)
    #expect((data["history"] as? [Any])?.isEmpty == true)
    #expect(
      try ReadJSON.canonical(try #require(data["summary"]))
        == #"{"average":null,"days":0,"highest":null,"improvement":null,"lowest":null,"trend":"stable"}"#)
  }

  @Test("analytics_query does what its payload's type says")
  func analytics() async throws {
    let stand = await stand()
    for (type, path, rest) in [
      ("history", "/analytics/mastery-history", #""days":7"#), ("trajectory", "/predictions/trajectory", #""days":7"#),
    ] {
      let body = #"{"intent":"analytics_query","payload":{"type":"\#(type)","student_id":"s-1",\#(rest)}}"#
      let byName = try ReadJSON.data(await stand.ask("POST", "/process", body).body)
      let byPath = try ReadJSON.data(await stand.ask("POST", path, #"{"student_id":"s-1",\#(rest)}"#).body)
      #expect(try ReadJSON.canonical(byName) == ReadJSON.canonical(byPath))
    }
  }

  @Test("A weekly forecast is counted once with its error, when the document that drops it is saved")
  func judged() async throws {
    let stand = await stand()
    let forecast = try #require(try stand.document(of: "s-1").ledger.forecast)
    #expect(forecast.due.iso8601 == "2026-03-22")
    stand.clock.step(8 * 86_400_000)
    let next = Wrapped.cloudEvent(Wrapped.exercise("e-late", completed: 9, at: "2026-03-21T08:00:00Z"), time: "2026-03-23T11:00:00Z")
    // The first save conflicts; the repeated calculation does not count again.
    stand.sidecar.once(.failed(.conflict(code: "", message: "")), where: \.isSave)
    #expect(await stand.deliver(Array(next.utf8)) == ["": "SUCCESS"])
    #expect(await stand.deliver(Array(next.utf8)) == ["": "SUCCESS"])
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    let error = try stand.document(of: "s-1").evidence.mastery(asOf: forecast.due).value - forecast.score
    #expect(samples["mastery_forecasts_judged_total"] == 1)
    #expect(abs((samples["mastery_forecast_squared_error_total"] ?? 0) - error * error) < 1e-12)
    #expect(samples["mastery_forecasts_within_interval_total"] == (forecast.interval.contains(forecast.score + error) ? 1 : 0))
    #expect(try stand.document(of: "s-1").ledger.forecast?.due.iso8601 == "2026-03-30")
  }
}
