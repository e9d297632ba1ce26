internal import HTTPClient
internal import JSON

extension DaprClient {
  /// Writes a small value and reads it back, to see whether the store's component encrypts what it saves.
  ///
  /// A component that encrypts hands out the text that a JSON string held; any other hands out the string.
  ///
  /// - Parameters:
  ///   - key: Where the value goes; what stands there is lost. It lives for an hour.
  ///   - context: Deadline (of each request) and trace.
  /// - Returns: Whether the value was encrypted.
  /// - Throws: `SidecarFailure` when the store does not answer, or answers something else.
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
