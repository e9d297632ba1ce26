internal import HTTPServer
internal import JSON

/// A replica's answer to a delivery, as a sidecar reads it.
struct Statuses: Sendable {
  /// The status of an entry.
  enum Word: String, Sendable {
    case success = "SUCCESS"
    case retry = "RETRY"
    case drop = "DROP"
  }

  /// The status of each entry, by index.
  private(set) var words: [Word]
  /// Whether the answer has exactly one status for each entry.
  private(set) var isWhole = true

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - response: The answer.
  ///   - count: How many events were delivered.
  ///   - isBulk: Whether there is a status for each entry.
  init(_ response: HTTPResponse, count: Int, isBulk: Bool) {
    words = Array(repeating: .retry, count: count)
    guard (200..<300).contains(response.status) else {
      // 404 drops; other error statuses retry.
      if response.status == 404 { words = words.map { _ in .drop } }
      isWhole = false
      return
    }
    var told: [Int: Word] = [:]
    var isWhole = true
    try? JSONDocument.parse(response.body) { (root) throws(Never) in
      guard isBulk else {
        told[0] = root["status"]?.string.flatMap(Word.init)
        return
      }
      for entry in root["statuses"]?.elements ?? root.elements {
        guard let index = entry["entryId"]?.string.flatMap({ Int($0) }), words.indices.contains(index),
          let word = entry["status"]?.string.flatMap(Word.init)
        else {
          isWhole = false
          continue
        }
        if told[index] != nil { isWhole = false }
        told[index] = word
      }
    }
    // An empty answer is success; an entry missing from any other answer is retried.
    for index in words.indices { words[index] = told[index] ?? (response.body.isEmpty ? .success : .retry) }
    self.isWhole = isWhole && told.count == count
  }
}
