internal import DaprClient

extension Sidecar {
  /// Whether the store answers for a key that nobody writes, and saves: then what fails is the matter of single keys.
  func storeWorks(context: CallContext) async -> Bool {
    guard let probe = try? await get(Readiness.probeKey, context: context, decode: { _ in true }) else { return false }
    if case .failed = probe { return false }
    return await savesProbe(context: context)
  }

  /// Whether the state store saves anything: a small value that is nobody's is written over what stands there.
  ///
  /// Asked only where the store has not saved what it was given, to tell an outage from the trouble of one key.
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
