/// A backtest as text and figures.
struct BacktestTable {
  let backtest: Backtest

  var text: String { (accuracy + [""] + coverage + [""] + alarms + [""] + calibration).joined(separator: "\n") }

  private var accuracy: [String] {
    let rows = backtest.methods.map { method -> [String] in
      let accuracy = backtest.accuracies[method] ?? Accuracy()
      return [
        method.title, DecimalText.decimals(4, accuracy.rootMeanSquare), DecimalText.decimals(4, accuracy.mean),
        percent(accuracy.withinTenth),
      ]
    }
    return TextTable(["\(backtest.days) days ahead", "RMSE", "MAE", "within 0.10"], rows).lines
  }

  private var coverage: [String] {
    var rows = [("all", backtest.coverage)]
    for group in Backtest.Group.allCases { rows.append((group.rawValue, backtest.groups[group] ?? Coverage())) }
    rows += backtest.cohorts.sorted { $0.key < $1.key }.map { ("cohort \($0.key)", $0.value) }
    return TextTable(
      ["interval of 80 %", "forecasts", "covers", "mean width"],
      rows.map { [$0, "\($1.count)", percent($1.share), DecimalText.decimals(4, $1.width)] }
    ).lines + ["mastery did not change at all in \(percent(Double(backtest.unchanged) / Double(max(backtest.coverage.count, 1))))"]
  }

  private var alarms: [String] {
    let rows = backtest.methods.map { method -> [String] in
      let alarm = backtest.alarms[method] ?? Alarm()
      return [
        method.title, DecimalText.decimals(3, alarm.precision), DecimalText.decimals(3, alarm.recall),
        DecimalText.decimals(3, alarm.balance),
      ]
    }
    return TextTable(["will be under 0.5", "precision", "recall", "F1"], rows).lines
  }

  private var calibration: [String] {
    let rows = backtest.calibration.bins.enumerated().map { index, bin in
      [
        "\(DecimalText.decimals(1, Double(index) / 10)) to \(DecimalText.decimals(1, Double(index + 1) / 10))", "\(bin.count)",
        bin.count == 0 ? "" : DecimalText.decimals(3, bin.meanStated), bin.count == 0 ? "" : DecimalText.decimals(3, bin.share),
      ]
    }
    let table = TextTable(["risk", "forecasts", "stated", "came true"], rows).lines
    return table + ["calibration error \(DecimalText.decimals(4, backtest.calibration.error))"]
  }

  private func percent(_ share: Double) -> String { "\(DecimalText.decimals(1, share * 100)) %" }
}
