internal import JSON
internal import MasteryCore

extension JSONWriter {
  /// Writes `results`, `failures` and, over all entries, `summary` of a batch.
  ///
  /// - Parameters:
  ///   - shown: The entries whose results and failures are written.
  ///   - entries: All entries of the batch, in order.
  mutating func batch(_ shown: ArraySlice<BatchEntry>, of entries: [BatchEntry]) {
    key("results")
    beginArray()
    for entry in shown {
      guard case .mastery(let mastery) = entry.outcome, let student = entry.student else { continue }
      beginObject()
      identity(student, nil, nil)
      members(of: mastery)
      endObject()
    }
    endArray()
    key("failures")
    beginArray()
    for entry in shown {
      guard case .failure(let code, let message) = entry.outcome else { continue }
      beginObject()
      key("student_id")
      string(entry.student?.text)
      key("code")
      string(code)
      key("message")
      string(message)
      endObject()
    }
    endArray()
    key("summary")
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
    beginObject()
    key("total")
    integer(entries.count)
    key("success")
    integer(sum.total)
    key("failed")
    integer(failed)
    for (name, value) in [
      ("average", sum.mastery.average), ("highest", sum.mastery.quantile(1)), ("lowest", sum.mastery.quantile(0)),
    ] {
      key(named: name)
      shown(value)
    }
    key("levels")
    levels(sum)
    endObject()
  }
}
