internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// Writes `results`, `failures` and, over all entries, `summary` of a batch.
  ///
  /// - Parameters:
  ///   - shown: The entries whose results and failures are written.
  ///   - entries: All entries of the batch, in order.
  mutating func batch(_ shown: ArraySlice<BatchEntry>, of entries: [BatchEntry]) {
    array("results", of: shown) { json, entry in
      guard case .mastery(let mastery) = entry.outcome, let student = entry.student else { return }
      json.object { json in
        json.identity(student, nil, nil)
        json.members(of: mastery)
      }
    }
    array("failures", of: shown) { json, entry in
      guard case .failure(let code, let message) = entry.outcome else { return }
      json.object { json in
        json.member("student_id", entry.student?.text)
        json.member("code", code)
        json.member("message", message)
      }
    }
    summary(of: entries)
  }

  private mutating func summary(of entries: [BatchEntry]) {
    var sum = CohortStandings()
    var failed = 0
    for entry in entries {
      switch entry.outcome {
      case .mastery(let mastery): sum.add(mastery, nil)
      case .failure: failed += 1
      case nil: continue
      }
    }
    object("summary") { json in
      json.member("total", entries.count)
      json.member("success", sum.total)
      json.member("failed", failed)
      for (name, value) in [
        ("average", sum.mastery.average), ("highest", sum.mastery.quantile(1)), ("lowest", sum.mastery.quantile(0)),
      ] {
        json.member(named: name, shown: value)
      }
      json.member("levels") { $0.levels(sum) }
    }
  }
}
