internal import JSON
internal import MasteryCore
internal import MasteryService

/// A dead letter in one line.
struct DeadLetterLine {
  private let letter: KeptDeadLetter

  init(_ letter: KeptDeadLetter) {
    self.letter = letter
  }

  /// When it failed, its event, student and cause, and why; tabs in between.
  var text: String {
    let owner = letter.owner.map { owner in (owner.school.map { "\($0.text)/" } ?? "") + owner.student.text } ?? "-"
    let replayed = letter.replayed.map { "replayed by \($0.by) at \($0.at.iso8601)" }
    return ([letter.failedAt.iso8601, letter.id, owner, letter.cause.id, letter.message] + (replayed.map { [$0] } ?? []))
      .joined(separator: "\t")
  }

  /// The same and more as a JSON object.
  var json: String {
    String(
      decoding: JSONWriter.object { json in
        json.letter(letter)
        json.member("error_message", letter.message)
        if let replayed = letter.replayed {
          json.member("replayed_at", replayed.at.iso8601)
          json.member("replayed_by", replayed.by)
        }
      }, as: UTF8.self)
  }
}

extension JSONWriter {
  /// Writes the members that name a letter, its event and its cause.
  mutating func letter(_ letter: KeptDeadLetter) {
    member("event_id", letter.id)
    if let owner = letter.owner {
      member("student_id", owner.student.text)
      if let school = owner.school { member("school_id", school.text) }
    }
    if let type = letter.cause.eventType { member("original_event_type", type) }
    member("original_topic", letter.cause.topic)
    if let happenedAt = letter.happenedAt { member("original_time", happenedAt.iso8601) }
    member("original_length", letter.length)
    member("is_whole", letter.isWhole)
    member("failed_at", letter.failedAt.iso8601)
    member("retry_count", letter.retries)
    member("error_type", letter.cause.errorType)
    member("cause", letter.cause.id)
  }
}

extension DeadLetterGroup {
  /// The group for a terminal: its numbers, what is wrong, and with which events.
  var lines: [String] {
    let replayed = replayed > 0 ? ", \(replayed) of them replayed" : ""
    let span = first == last ? first.iso8601 : "\(first.iso8601) to \(last.iso8601)"
    return [
      "\(cause.id)  \(count) \(count == 1 ? "letter" : "letters")\(replayed), \(span)",
      "              \(cause.errorType): \(cause.rule)", "              \(cause.eventType ?? "no readable type") on \(cause.topic)",
    ]
  }

  /// The group as a JSON object.
  var json: String {
    String(
      decoding: JSONWriter.object { json in
        json.member("cause", cause.id)
        json.member("error_type", cause.errorType)
        json.member("rule", cause.rule)
        if let type = cause.eventType { json.member("original_event_type", type) }
        json.member("original_topic", cause.topic)
        json.member("letters", count)
        json.member("replayed", replayed)
        json.member("first_failed_at", first.iso8601)
        json.member("last_failed_at", last.iso8601)
      }, as: UTF8.self)
  }
}
