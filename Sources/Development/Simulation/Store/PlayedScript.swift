/// A script that consists of one closure; calls take only as long as the closure waits.
struct PlayedScript: CallScript {
  let play: @Sendable (SidecarCall) async -> Fate

  func fate(of call: SidecarCall) async -> Fate { await play(call) }
  func answering(_ call: SidecarCall) async {}
  func later(_ effect: @escaping @Sendable () -> Void) { effect() }
}
