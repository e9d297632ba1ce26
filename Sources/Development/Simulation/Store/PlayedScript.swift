/// A script of one closure, in which nothing takes time except what the closure itself waits for.
struct PlayedScript: CallScript {
  let play: @Sendable (SidecarCall) async -> Fate

  func fate(of call: SidecarCall) async -> Fate { await play(call) }
  func answering(_ call: SidecarCall) async {}
  func later(_ effect: @escaping @Sendable () -> Void) { effect() }
}
