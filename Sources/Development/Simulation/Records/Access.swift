extension Chronicle.Access {
  /// Reads a log line that records an access; nil for any other line.
  init?(line: Substring, replica: Int, at moment: Int64) {
    guard line.contains("event=\"mastery.data.access\"") else { return nil }
    var fields: [Substring: String] = [:]
    for word in line.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = String(parts[1].filter { $0 != "\"" }) }
    }
    guard let student = fields["student_id"], let action = fields["action"], let correlation = fields["correlation_id"] else { return nil }
    let content = EventContent(school: fields["school_id"], student: student)
    self.init(
      documentKey: content.documentKey, action: action, correlationID: correlation, replica: replica, at: moment)
  }
}
