internal import HTTPClient
internal import JSON

extension DaprClient {
  /// Writes a small value and reads it back to find out whether the store's component encrypts what it saves.
  ///
  /// A component that encrypts returns the text inside a JSON string; any other returns the string itself.
  ///
  /// - Parameters:
  ///   - key: The key to write; its present value is lost. The new one lives for an hour.
  ///   - context: Deadline (of each request) and trace.
  /// - Returns: Whether the value was encrypted.
  /// - Throws: `SidecarFailure` if the store does not answer, or answers something else.
  public func encryptsState(probe key: String, context: CallContext) async throws(SidecarFailure) -> Bool {
    let item = SaveItem(key: key, value: Array(#"{"probe":"encryption"}"#.utf8), condition: .always, secondsToLive: 3_600)
    try await save([item], context: context)
    let answer = try await channel.tell("GET", statePath + "/" + PercentEncoding.pathPart(key), context)
    return try answer.json { value in
      if value["probe"]?.string == "encryption" { return true }
      guard let text = value.string, text == #"{"probe":"encryption"}"# else { return nil }
      return false
    }
  }
}
