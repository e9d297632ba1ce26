internal import DaprClient

/// What is read to see whether the store answers.
enum StoreProbe {
  /// A key that is read but never written.
  static let key = "ready:probe"
}

extension Sidecar {
  /// Whether the store reads a key that is never written, and saves: then a failure is specific to single keys.
  func storeWorks(context: CallContext) async -> Bool {
    guard let probe = try? await get(StoreProbe.key, context: context, decode: { _ in true }) else { return false }
    if case .failed = probe { return false }
    return await savesProbe(context: context)
  }

  /// Whether the state store saves at all: a small probe value is overwritten.
  ///
  /// Called only after the store has failed to save, to distinguish an outage from trouble with one key.
  func savesProbe(context: CallContext) async -> Bool {
    let probe = SaveItem(key: "probe:save", value: Array(#"{"probe":"save"}"#.utf8), condition: .always, secondsToLive: 60)
    do {
      try await save([probe], context: context)
      return true
    } catch {
      return false
    }
  }
}
